"""Tools of the people who build Careline; nothing here is installed."""
