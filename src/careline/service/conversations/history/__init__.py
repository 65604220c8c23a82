"""Messages of earlier years: written down where they belong, and nobody is told."""
