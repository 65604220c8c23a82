"""Beside the agent: what might be said, and what is known already."""
