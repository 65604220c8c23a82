"""What this room holds of a person: what was decided about contacting them, and holds with their reasons."""

from __future__ import annotations

from careline.contact.models import Decision, Hold
from careline.kit import personal


def _export_decisions(person_id: int) -> list[personal.Row]:
    return [
        {
            "at": one.at.isoformat(),
            "purpose": one.purpose,
            "channel": one.channel,
            "allowed": one.allowed,
            "reason": one.reason,
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


def register() -> None:
    personal.register("contact.Decision", export=_export_decisions, erase=_erase_decisions)
    personal.register("contact.Hold", export=_export_holds, erase=_erase_holds)
