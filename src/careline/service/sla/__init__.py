"""What we promise a customer: an answer, the next answer, an end, each until a deadline; warned of, kept or broken."""
