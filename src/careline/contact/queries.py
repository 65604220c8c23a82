"""Why a person was contacted or not, and what holds us back now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.contact import reasons
from careline.contact.models import Decision, Hold, Scope, Suppression
from careline.customers import queries as customers
from careline.kit import clock, contacts, signing
from careline.kit.refusals import NotVisible, Refused

LONGEST = 200
# The moment and the number of the row before: what follows is older.
Place = tuple[datetime, int]


class Why(msgspec.Struct, frozen=True):
    """One line of the log, in words; the reason is empty where nothing spoke against it."""

    pk: int
    at: datetime
    allowed: bool
    purpose: str
    channel: str
    reason: str
    words: str
    # When what speaks against it ends by itself.
    retry_at: datetime | None = None


def why(actor: Actor, person_id: int, *, before: Place | None = None, limit: int = 50) -> list[Why]:
    """What was decided about contacting this person, the newest first."""
    rows = Decision.objects.filter(person__in=_ids(actor, person_id)).order_by("-at", "-id")
    if before is not None:
        rows = rows.filter(Q(at__lt=before[0]) | Q(at=before[0], pk__lt=before[1]))
    return [
        Why(
            one.pk, one.at, one.allowed, one.purpose, one.channel, one.reason,
            reasons.words(one.reason, one.terms), one.retry_at,
        )
        for one in rows[: max(1, min(limit, LONGEST + 1))]
    ]  # fmt: skip


def every_hold(actor: Actor, person_id: int, *, before: Place | None = None, limit: int = 50) -> list[Hold]:
    """Those that are over too, the newest first."""
    rows = Hold.objects.filter(person__in=_ids(actor, person_id)).order_by("-created_at", "-id")
    if before is not None:
        rows = rows.filter(Q(created_at__lt=before[0]) | Q(created_at=before[0], pk__lt=before[1]))
    return list(rows[: max(1, min(limit, LONGEST + 1))])


def _ids(actor: Actor, person_id: int) -> list[int]:
    """Every id of a customer whom the actor sees."""
    actor.must("customers.view")
    return customers.ids_of(customers.person(actor, person_id).pk)


def holds(actor: Actor, person_id: int) -> QuerySet[Hold]:
    """The holds that keep us from this person now, the newest first."""
    running = Q(until=None) | Q(until__gt=clock.now())
    return Hold.objects.filter(running, person__in=_ids(actor, person_id), released_at=None).order_by(
        "-created_at", "-id"
    )


def rules(actor: Actor) -> QuerySet[Scope]:
    """By what is decided, by name; whoever sees customers may know why they are not written to."""
    actor.must("customers.view")
    return Scope.objects.order_by("name")


def rule(actor: Actor, name: str) -> Scope:
    found = rules(actor).filter(name=name).first() if "\0" not in name else None
    if found is None:
        raise NotVisible(_("There are no contact rules of this name."))
    return found


def suppressions(actor: Actor, *, address: str = "", before: Place | None = None, limit: int = 50) -> list[Suppression]:
    """Addresses nothing is sent to, the newest first; with an address that one alone."""
    actor.must("customers.view")
    rows = Suppression.objects.order_by("-at", "-id")
    if address:
        rows = rows.filter(key=key_of(address))
    if before is not None:
        rows = rows.filter(Q(at__lt=before[0]) | Q(at=before[0], pk__lt=before[1]))
    return list(rows[: max(1, min(limit, LONGEST + 1))])


def suppressed(addresses: Iterable[str]) -> dict[str, Suppression]:
    """Those among these that nothing is sent to, as they were given; not for a screen."""
    keys = {address: key_of(address) for address in addresses}
    found = {one.key: one for one in Suppression.objects.filter(key__in=set(keys.values()))}
    return {address: found[key] for address, key in keys.items() if key in found}


def key_of(address: str) -> str:
    """The same for every way of writing an address; it proves an address that is known and tells none."""
    try:
        plain = contacts.email_key(address)
    except Refused:
        plain = address.strip().casefold()
    return signing.mark("suppression", plain, 32)
