"""The demo's mailbox: years of mail brought into it, what came this morning, and what became of two answers."""

from careline.demo.post.bringing import bring

__all__ = ["bring"]
