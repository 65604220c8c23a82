"""Mail: what a raw message says, what of it is new, whether a machine wrote it, and what came back undelivered."""
