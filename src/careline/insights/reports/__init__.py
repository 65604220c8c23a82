"""The scoreboard by mail: drawn for each recipient with what they may see, on paper (PDF) and as a table."""
