"""Customers come in by a link that was mailed to them, and see and continue their own conversations."""
