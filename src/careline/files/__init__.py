"""Stored bytes: limits, safe serving, a key per person, erasure."""
