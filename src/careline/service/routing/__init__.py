"""Who gets a conversation: queues, skills, presence, and one matcher that runs whenever something changes."""
