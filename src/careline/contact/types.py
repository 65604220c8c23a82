"""The authorities by which a word may leave for a customer; the outbox takes nothing else."""

from __future__ import annotations

from uuid import UUID

import msgspec

from careline.contact.models import Decision

__all__ = ["Decision", "Forward", "Reply"]


class Reply(msgspec.Struct, frozen=True):
    """An answer in a conversation the customer takes part in; made by conversations alone, for a message of theirs."""

    conversation_id: int
    message_id: UUID


class Forward(msgspec.Struct, frozen=True):
    """A message passed on to somebody an agent named; made by conversations alone, and shown in the thread."""

    conversation_id: int
    message_id: UUID
