"""Surveys: written, published, answered on their page; every answer becomes a moment on the customer's line."""
