"""What would be decided for a customer now, and why: the same looks as a decision, and nothing is kept."""

from __future__ import annotations

from datetime import datetime

import msgspec

from careline.accounts.actor import Actor
from careline.contact import reasons, weighing
from careline.customers import queries as customers
from careline.kit import clock, text


class Look(msgspec.Struct, frozen=True):
    """One thing that was looked at, in words; `until` is when what speaks against it ends by itself."""

    about: weighing.About
    passes: bool
    words: str
    until: datetime | None


class Outlook(msgspec.Struct, frozen=True):
    """`words` say what speaks against it most, `retry_at` when that ends by itself; `scope` names the rules."""

    allowed: bool
    words: str
    retry_at: datetime | None
    scope: str
    looks: list[Look]


def outlook(actor: Actor, person_id: int, purpose: str, channel: str) -> Outlook:
    """Of a customer whom the actor sees."""
    actor.must("customers.view")
    root = customers.canonical(customers.person(actor, person_id).pk)
    purpose = text.clean(purpose, field="purpose", limit=200, required=True)
    channel = text.clean(channel, field="channel", limit=200, required=True)
    now = clock.now()
    found = weighing.weigh(weighing.read(root, purpose, channel, now), purpose, channel, now)
    against = found.objection
    return Outlook(
        allowed=against is None,
        words=reasons.words(against.reason, against.terms) if against else reasons.words(""),
        retry_at=against.until if against else None,
        scope=found.scope,
        looks=[
            Look(
                about=one.about, passes=not one.reason, until=one.until,
                words=reasons.words(one.reason, one.terms) if one.reason else reasons.passed(one.about, one.terms),
            )
            for one in found.checks
        ],
    )  # fmt: skip
