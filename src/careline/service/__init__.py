"""Help in the moment."""
