"""A believable company to look at."""
