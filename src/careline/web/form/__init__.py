"""The public contact form of an inbox."""
