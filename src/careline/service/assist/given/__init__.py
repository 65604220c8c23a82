"""What customers have told us already, so that nobody asks them for it again."""
