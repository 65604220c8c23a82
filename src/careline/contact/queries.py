"""Why a person was contacted or not, and what holds us back now."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db.models import Q, QuerySet

from careline.accounts.actor import Actor
from careline.contact import reasons
from careline.contact.models import Decision, Hold
from careline.customers import queries as customers
from careline.kit import clock


class Why(msgspec.Struct, frozen=True):
    """One line of the log, in words."""

    at: datetime
    allowed: bool
    purpose: str
    channel: str
    words: str


def why(actor: Actor, person_id: int, *, limit: int = 50) -> list[Why]:
    """What was decided about contacting this person, the newest first."""
    actor.must("customers.view")
    decided = Decision.objects.filter(person__in=customers.ids_of(person_id)).order_by("-at", "-id")[:limit]
    return [
        Why(at=one.at, allowed=one.allowed, purpose=one.purpose, channel=one.channel, words=reasons.words(one.reason))
        for one in decided
    ]


def holds(actor: Actor, person_id: int) -> QuerySet[Hold]:
    """The holds that keep us from this person now, the newest first."""
    actor.must("customers.view")
    running = Q(until=None) | Q(until__gt=clock.now())
    ids = customers.ids_of(person_id)
    return Hold.objects.filter(running, person__in=ids, released_at=None).order_by("-created_at", "-id")
