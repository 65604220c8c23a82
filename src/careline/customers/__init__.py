"""People, the many names they go by, and what is known of them."""
