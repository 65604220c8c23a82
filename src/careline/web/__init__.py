"""Every HTML door."""
