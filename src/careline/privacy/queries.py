"""How far the disk is clean, what an erasure takes, and what would go if a period were set."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec
from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careline.accounts.actor import Actor
from careline.customers import queries as customers
from careline.kit import clock, personal, retention
from careline.kit.refusals import NotVisible, Refused
from careline.kit.retention import Going, Sort
from careline.privacy.models import Cleansing, Period

# A look at what would go must not hold up the page; the nightly work has time.
LOOK = "15s"
LONGEST = 36500


class Cleaning(msgspec.Struct, frozen=True):
    """How far the disk is clean of what went; `person_id` is the number that is left of who was erased."""

    person_id: int | None
    at: datetime
    clean_by: datetime
    clean_at: datetime | None
    urgent: bool
    step: int
    steps: int
    left: list[str]

    @property
    def late(self) -> bool:
        return self.clean_at is None and clock.now() > self.clean_by


def cleansing_of(actor: Actor, person_id: int) -> Cleaning | None:
    """The newest, of a customer the actor sees."""
    found = customers.customer(actor, person_id)
    newest = Cleansing.objects.filter(person_id__in=found.ids).order_by("-pk").first()
    return None if newest is None else _cleaning(newest)


def cleansings(actor: Actor, limit: int = 30) -> list[Cleaning]:
    actor.must("organization.manage")
    erasures = Cleansing.objects.filter(cause=Cleansing.Cause.ERASURE)
    return [_cleaning(one) for one in erasures.order_by("-pk")[:limit]]


def _cleaning(one: Cleansing) -> Cleaning:
    return Cleaning(
        one.person_id, one.at, one.clean_by, one.clean_at, one.urgent, one.step, one.steps, list(one.left)
    )  # fmt: skip


def going_with(actor: Actor, person_id: int) -> dict[str, int]:
    """How many rows of each model an erasure would empty or remove; files by their number."""
    actor.must("customers.erase")
    found = customers.customer(actor, person_id)
    counts: dict[str, int] = {}
    for one in found.ids:
        for label, rows in personal.export(one).items():
            counts[label] = counts.get(label, 0) + len(rows)
    return counts


class Kept(msgspec.Struct, frozen=True):
    kind: str
    days: int | None
    least: int
    usual: int | None
    changed_at: datetime | None


def periods(actor: Actor) -> list[Kept]:
    actor.must("organization.manage")
    set_ = {one.kind: one for one in Period.objects.all()}
    return [
        Kept(
            sort.key, set_[sort.key].days if sort.key in set_ else sort.usual, sort.least, sort.usual,
            set_[sort.key].changed_at if sort.key in set_ else None,
        )
        for sort in retention.sorts()
    ]  # fmt: skip


def period(actor: Actor, kind: str) -> Kept:
    found = next((one for one in periods(actor) if one.kind == kind), None)
    if found is None:
        raise NotVisible(_("There is nothing of that name to be kept."))
    return found


def days_of(sort: Sort) -> int | None:
    found = Period.objects.filter(kind=sort.key).first()
    return sort.usual if found is None else found.days


def sort_of(kind: str, days: int | None) -> Sort:
    """What the room that keeps it registered; Refused when it cannot be kept so long or so short."""
    sort = retention.named(kind)
    if sort is None:
        raise NotVisible(_("There is nothing of that name to be kept."))
    if days is not None and not sort.least <= days <= LONGEST:
        wrong = ngettext(
            "Give at least %(num)s day and at most a hundred years, or nothing to keep it without end.",
            "Give at least %(num)s days and at most a hundred years, or nothing to keep it without end.",
            sort.least,
        )
        raise Refused(wrong % {"num": sort.least}, field="days")
    return sort


def preview(actor: Actor, kind: str, days: int) -> Going | None:
    """What would go tonight; None when there is so much that counting it takes too long."""
    actor.must("organization.manage")
    sort = sort_of(kind, days)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, true)", [LOOK])
            going = sort.going(clock.now() - timedelta(days=days))
            cursor.execute("SET LOCAL statement_timeout = DEFAULT")
    except OperationalError:
        return None
    return going
