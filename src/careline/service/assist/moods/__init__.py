"""How a conversation feels now, which way it turned, and what helps."""
