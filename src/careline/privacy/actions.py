"""Erasing somebody to the last byte, and saying how long what is kept."""

from __future__ import annotations

import msgspec
from django.db import transaction

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.customers import actions as customers
from careline.kit import clock
from careline.privacy import jobs, queries
from careline.privacy.models import Cleansing, Period


class Erased(msgspec.Struct, frozen=True):
    """How many rows each model lost, and what is still to be cleaned from the disk."""

    counts: dict[str, int]
    cleansing: Cleansing


@transaction.atomic
def erase(person_id: int, *, actor: Actor, urgent: bool = False) -> Erased:
    """All rooms or none, at once; the bytes on the disk follow in the night, or right away when that is urgent."""
    counts = customers.erase(person_id, actor=actor)
    # The room's own part of the erasure wrote it down.
    noted = Cleansing.objects.promised().latest("pk")
    if urgent:
        Cleansing.objects.promised().update(urgent=True)
        noted.urgent = True
        jobs.cleanse_now.soon()
    return Erased({label: n for label, n in counts.items() if n}, noted)


@transaction.atomic
def set_period(kind: str, days: int | None, *, actor: Actor) -> None:
    """From the next night on; None keeps it without end."""
    actor.must("organization.manage")
    sort = queries.sort_of(kind, days)
    before = queries.days_of(sort)
    Period.objects.update_or_create(kind=kind, defaults={"days": days, "changed_at": clock.now()})
    audit.record("retention.changed", f"retention:{kind}", actor=actor, before=before, after=days)
