"""Customer service and customer experience on one line per customer."""
