"""Customers as files that other programs read and write: CSV and vCard, out and in."""
