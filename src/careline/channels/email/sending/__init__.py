"""Bringing mail to its server: over a verified connection, at the mailbox's pace, every failure in words."""

from __future__ import annotations

from careline.channels.email.sending.pace import Pace
from careline.channels.email.sending.post import Post, Sent
from careline.channels.email.sending.server import Server

__all__ = ["Pace", "Post", "Sent", "Server"]
