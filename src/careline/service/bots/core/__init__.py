"""The flow as a typed graph and its one pure step: no database, no clock, no network."""
