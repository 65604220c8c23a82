"""What this room holds of a person: what was decided about contacting them, holds, and addresses that lead nowhere."""

from __future__ import annotations

from django.db.models import QuerySet

from careline.contact import queries
from careline.contact.models import Decision, Hold, Suppression
from careline.customers.models import Identity
from careline.kit import personal


def _export_decisions(person_id: int) -> list[personal.Row]:
    return [
        {
            "at": one.at.isoformat(),
            "purpose": one.purpose,
            "channel": one.channel,
            "allowed": one.allowed,
            "reason": one.reason,
            "terms": one.terms,
            "retry_at": one.retry_at and one.retry_at.isoformat(),
        }
        for one in Decision.objects.filter(person_id=person_id).order_by("at", "id")
    ]


def _erase_decisions(person_id: int) -> int:
    return Decision.objects.filter(person_id=person_id).delete()[0]


def _export_holds(person_id: int) -> list[personal.Row]:
    return [
        {
            "reason": one.reason,
            "created_at": one.created_at.isoformat(),
            "until": one.until and one.until.isoformat(),
            "released_at": one.released_at and one.released_at.isoformat(),
        }
        for one in Hold.objects.filter(person_id=person_id).order_by("created_at", "id")
    ]


def _erase_holds(person_id: int) -> int:
    # An erased person is refused anyway, so nothing opens up by this.
    return Hold.objects.filter(person_id=person_id).delete()[0]


def _suppressions(person_id: int) -> QuerySet[Suppression]:
    addresses = Identity.objects.filter(person=person_id, kind="email").values_list("value", flat=True)
    return Suppression.objects.filter(key__in=[queries.key_of(address) for address in addresses])


def _export_suppressions(person_id: int) -> list[personal.Row]:
    return [
        {
            "address": one.address,
            "reason": one.reason,
            "code": one.code,
            "words": one.words,
            "message": one.message_id and str(one.message_id),
            "at": one.at.isoformat(),
        }
        for one in _suppressions(person_id).order_by("at", "id")
    ]


def _erase_suppressions(person_id: int) -> int:
    """The address and what quotes it go; that nothing is sent there stays, for a no outlives whoever said it."""
    return _suppressions(person_id).exclude(address="").update(address="", words="", message_id=None)


def register() -> None:
    personal.register("contact.Decision", export=_export_decisions, erase=_erase_decisions)
    personal.register("contact.Hold", export=_export_holds, erase=_erase_holds)
    personal.register("contact.Suppression", export=_export_suppressions, erase=_erase_suppressions)
    personal.exempt("contact.Scope", "The house's rules; they name nobody.")
    personal.exempt("contact.Breaker", "It counts what an inbox said by itself, and names nobody.")
