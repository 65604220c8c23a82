"""The columnar copy of the line and the questions asked of it; the only place that knows the columnar engine."""
