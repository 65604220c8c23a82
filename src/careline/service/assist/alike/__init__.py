"""Conversations that may be about the same trouble, and answering all of them at once."""
