"""Whether a customer may be written to unasked, as their page shows it: holds, what was and would be decided, why."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.http import QueryDict

from careline.accounts.actor import Actor
from careline.contact import queries, reach, scopes
from careline.web import asking_contact

# Of the log the page shows so many; programs get all of it.
SHOWN = 12


class Decided(msgspec.Struct, frozen=True):
    at: datetime
    purpose: str
    channel: str
    allowed: bool
    why: str
    # When what speaks against it ends by itself.
    retry_at: datetime | None


def standing(actor: Actor, person_id: int, named: Mapping[str, str], asked: QueryDict) -> dict[str, Any]:
    """`named` says what kinds of message are called; `asked` for what and by which channel they might be written to."""
    offered = asking_contact.choices(actor)
    words = {**named, **dict(offered["purpose_words"])}
    log = queries.why(actor, person_id, limit=SHOWN)
    purpose, channel = asked.get("purpose", ""), asked.get("channel", "")
    return {
        **offered,
        "purpose": purpose or scopes.SURVEYS,
        "channel": channel or "email",
        "outlook": asking_contact.outlook(actor, person_id, purpose, channel) if purpose and channel else None,
        "holds": list(queries.holds(actor, person_id)),
        "decided": [
            Decided(
                one.at,
                words.get(one.purpose, one.purpose),
                reach.word(one.channel),
                one.allowed,
                one.words,
                one.retry_at,
            )
            for one in log
        ],
    }
