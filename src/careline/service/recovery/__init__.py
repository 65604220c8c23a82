"""A bad answer, a broken promise, a matter that comes back: whoever lived it is won back, in one conversation."""
