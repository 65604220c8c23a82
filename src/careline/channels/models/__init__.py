"""Inboxes and their members, what came in raw and how it was fetched, what goes out and what became of it."""

from careline.channels.models.fetching import Bookmark, Trial, Visit
from careline.channels.models.flow import Illegible, Inbound, Inbox, Membership, Outbox, ParkedStatus

__all__ = ["Bookmark", "Illegible", "Inbound", "Inbox", "Membership", "Outbox", "ParkedStatus", "Trial", "Visit"]
