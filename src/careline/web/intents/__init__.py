"""Screens of intents: what customers want, how they say it, and what was learned from it."""
