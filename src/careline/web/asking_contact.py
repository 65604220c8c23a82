"""What would be decided about writing to a customer now: asked on their page and under the contact rules alike."""

from __future__ import annotations

from typing import Any

from careline.accounts.actor import Actor
from careline.contact import outlook as looks
from careline.contact import queries, reach, scopes
from careline.customers import queries as customers


def choices(actor: Actor) -> dict[str, Any]:
    """What for, and by which channel: the scopes, with what customers are offered to refuse."""
    named = {one.name: customers.in_words(one.label) for one in customers.purposes()}
    named |= {one.name: scopes.called(one.name, one.label) for one in queries.rules(actor)}
    return {"purpose_words": list(named.items()), "channel_words": [(one, reach.word(one)) for one in reach.channels()]}


def outlook(actor: Actor, person_id: int, purpose: str, channel: str) -> looks.Outlook:
    return looks.outlook(actor, person_id, purpose, channel)
