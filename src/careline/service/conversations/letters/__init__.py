"""Messages with an envelope: how a letter finds its conversation, what is kept of it, and whom an answer goes to."""
