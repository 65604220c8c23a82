"""What the line gives out of a person, and what of it goes when the person goes."""

from __future__ import annotations

import json

from django.db import connection, transaction

from careline.kit import personal
from careline.touchpoints import remaining
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


# One journey stays one journey, under a name nobody can lead back: the salt is kept nowhere.
_EMPTY = """UPDATE touchpoints_touchpoint t SET person_id = %(stand_in)s, source = %(erased)s,
  actor_id = CASE WHEN t.actor_kind = 'customer' THEN %(stand_in)s ELSE t.actor_id END,
  journey = CASE WHEN t.journey IS NOT NULL THEN
    CASE WHEN position(':' in t.journey) > 0 THEN split_part(t.journey, ':', 1) ELSE '' END || ':'
      || left(encode(sha256(convert_to(t.journey || %(salt)s, 'UTF8')), 'hex'), 32) END,
  facts = (SELECT coalesce(jsonb_object_agg(fact.key, fact.value), '{}') FROM jsonb_each(t.facts) AS fact
    WHERE (%(stays)s::jsonb -> t.kind) ? fact.key)
WHERE t.person_id = %(person)s"""


@transaction.atomic
def _erase(person_id: int) -> int:
    """That something happened, when, where and to which amount, stays and is counted; what it says, and of whom, goes.

    The moments of everybody who is erased together get one new number, drawn at random and written down nowhere else.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL careline.erasing = 'on'")
        cursor.execute(
            _EMPTY,
            {
                "person": person_id, "stand_in": personal.stand_in(), "salt": f"\n{personal.salt()}",
                "erased": remaining.ERASED, "stays": json.dumps(remaining.facts()),
            },
        )  # fmt: skip
        emptied: int = cursor.rowcount
        cursor.execute("SET LOCAL careline.erasing = 'off'")
    return emptied


def _forget_parked(person_id: int) -> int:
    """What was not delivered is not delivered any more, and the message of an error may quote the customer."""
    with connection.cursor() as cursor:
        cursor.execute(
            """DELETE FROM touchpoints_parked p USING touchpoints_touchpoint t
            WHERE t.person_id = %s AND p.occurred_at = t.occurred_at AND p.touchpoint_id = t.id""",
            [person_id],
        )
        forgotten: int = cursor.rowcount
    return forgotten


def register() -> None:
    personal.register("touchpoints.Touchpoint", export=_export, erase=_erase)
    personal.register("touchpoints.Parked", export=lambda person_id: [], erase=_forget_parked)
    personal.exempt("touchpoints.Cursor", "How far a subscriber has come; its error is kept without the message.")
    personal.exempt("touchpoints.Seen", "A digest of what another system numbers an event by, and no word of it.")
