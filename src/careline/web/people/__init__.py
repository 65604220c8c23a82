"""Customers: finding them, and one page for each with their whole line."""
