"""Screens of tracking: sources and what came from them, and the rules that say what an event means."""
