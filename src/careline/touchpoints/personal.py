"""What the line gives out of a person, and what of it goes when the person goes."""

from __future__ import annotations

from django.db import connection, transaction

from careline.kit import personal
from careline.touchpoints import kinds
from careline.touchpoints.models import Touchpoint


def _export(person_id: int) -> list[personal.Row]:
    return [
        {
            "id": str(one.id),
            "kind": one.kind,
            "occurred_at": one.occurred_at.isoformat(),
            "recorded_at": one.recorded_at.isoformat(),
            "source": one.source,
            "facts": one.facts,
        }
        for one in Touchpoint.objects.filter(person_id=person_id).order_by("occurred_at", "id").iterator()
    ]


@transaction.atomic
def _erase(person_id: int) -> int:
    """Previews, addresses, texts go; that something happened, when and to which number, stays and is counted."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL careline.erasing = 'on'")
        cursor.execute(
            "UPDATE touchpoints_touchpoint SET facts = facts - %s::text[] WHERE person_id = %s AND facts ?| %s::text[]",
            [kinds.personal_facts(), person_id, kinds.personal_facts()],
        )
        scrubbed: int = cursor.rowcount
        cursor.execute("SET LOCAL careline.erasing = 'off'")
    return scrubbed


def _erase_errors(person_id: int) -> int:
    """The message of an error may quote the customer; where it happened stays."""
    with connection.cursor() as cursor:
        cursor.execute(
            """UPDATE touchpoints_parked p SET error = split_part(p.error, ': ', 1) FROM touchpoints_touchpoint t
            WHERE t.person_id = %s AND p.occurred_at = t.occurred_at AND p.touchpoint_id = t.id AND p.error <> ''""",
            [person_id],
        )
        changed: int = cursor.rowcount
    return changed


def register() -> None:
    personal.register("touchpoints.Touchpoint", export=_export, erase=_erase)
    personal.register("touchpoints.Parked", export=lambda person_id: [], erase=_erase_errors)
    personal.exempt("touchpoints.Cursor", "How far a subscriber has come; its error is kept without the message.")
    personal.exempt("touchpoints.Seen", "Keys by which other systems number what happened.")
