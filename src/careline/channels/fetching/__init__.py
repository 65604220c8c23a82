"""Fetching from where nobody delivers: a thread for each mailbox, one worker at a time, every look on record."""

from careline.channels.fetching.worker import run

__all__ = ["run"]
