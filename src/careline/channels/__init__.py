"""Inboxes, who works in them, what came in raw and what goes out."""
