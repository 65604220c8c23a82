"""What stands below a letter of somebody's, shown before any leaves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.channels import adapter, queries
from careline.channels.adapter import Endpoint
from careline.channels.letters import Writer
from careline.channels.models import Inbox


class Below(msgspec.Struct, frozen=True):
    inbox: str
    words: str
    # Whether the writer's own signature is in it.
    own: bool


def of_mine(actor: Actor, draft: str | None = None) -> list[Below]:
    """In each mailbox the agent works in, with their own signature as it is, or as it might be."""
    own = accounts.signature(actor.agent_id) if draft is None else draft
    return [_below(row, Writer(actor.name, own)) for row in queries.mailboxes(actor)]


def of_inbox(actor: Actor, inbox_id: int, draft: Mapping[str, Any] | None = None) -> list[Below]:
    """Of a letter the actor writes there, by its settings and those that might be; none where there are no letters."""
    row = queries.by_id(actor, inbox_id)
    actor.must("inboxes.manage")
    if not adapter.of(row.kind).capabilities.letters:
        return []
    row.settings = {**row.settings, **(draft or {})}
    return [_below(row, Writer(actor.name, accounts.signature(actor.agent_id)))]


def _below(row: Inbox, writer: Writer) -> Below:
    # Nothing secret is needed for it.
    inbox = Endpoint(row.pk, row.key, row.name, secret="", settings=row.settings, language=row.language)
    words = adapter.of(row.kind).stationery(inbox, writer).signature
    own = writer.signature.strip()
    return Below(row.name, words, own=bool(own) and own in words)
