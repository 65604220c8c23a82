"""Settings, urls and the composition of the process."""
