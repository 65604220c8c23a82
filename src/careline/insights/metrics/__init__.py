"""What is measured, each by one definition: how good the service was, how it felt, and how sure one can be of it."""
