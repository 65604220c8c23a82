"""The careline program."""
