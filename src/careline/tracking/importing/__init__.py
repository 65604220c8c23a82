"""Files of touchpoints: read row by row, each row named that is refused, and nothing taken twice."""
