"""The line: every moment of a customer, written once and never changed."""
