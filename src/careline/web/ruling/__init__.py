"""Rules of the house in the settings: their list, one being written and tried, and where it ran."""
