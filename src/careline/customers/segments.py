"""Who belongs to a segment, as it is stored: written by whoever works it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection

from careline.customers.models import Segment


class Changes(msgspec.Struct, frozen=True):
    """Customers who came to belong, and who belong no longer."""

    entered: list[int]
    left: list[int]


def every() -> list[Segment]:
    """In the order in which they are held."""
    return list(Segment.objects.order_by("pk"))


def held(segment_id: int) -> list[Segment]:
    """The segment, or none when it is gone, locked: who belongs is worked out by one at a time."""
    return list(Segment.objects.select_for_update().filter(pk=segment_id))


def settle(segment_id: int, found: str, given: Mapping[str, Any], *, people: Sequence[int] | None) -> Changes:
    """`found` selects the ids that belong now, among `people` when these alone were looked at."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH found(id) AS MATERIALIZED ({found}),
            gone AS (
              DELETE FROM customers_segmentmember m WHERE m.segment_id = %(segment)s
                AND (%(people)s::bigint[] IS NULL OR m.person_id = ANY(%(people)s::bigint[]))
                AND NOT EXISTS (SELECT FROM found f WHERE f.id = m.person_id) RETURNING m.person_id),
            come AS (
              INSERT INTO customers_segmentmember (segment_id, person_id, entered_at)
              SELECT %(segment)s, f.id, %(now)s::timestamptz FROM found f
              ON CONFLICT (segment_id, person_id) DO NOTHING RETURNING person_id)
            SELECT person_id, true FROM come UNION ALL SELECT person_id, false FROM gone""",  # noqa: S608
            {**given, "segment": segment_id, "people": None if people is None else list(people)},
        )
        rows = cursor.fetchall()
    return Changes(sorted(one for one, come in rows if come), sorted(one for one, come in rows if not come))


def regroup(joined: Sequence[int], parted: Sequence[tuple[int, int]]) -> None:
    """Two became one: what one of them belonged to, both do. One became two: what they belonged to, each of them does.

    So nobody enters or leaves by it who was a part of it before; whether it still holds is worked out next.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO customers_segmentmember (segment_id, person_id, entered_at)
            SELECT m.segment_id, p.canonical_id, min(m.entered_at)
            FROM customers_segmentmember m JOIN customers_person p ON p.id = m.person_id
            WHERE p.id = ANY(%s::bigint[]) AND p.canonical_id IS NOT NULL GROUP BY 1, 2
            ON CONFLICT (segment_id, person_id) DO NOTHING""",
            [list(joined)],
        )
        cursor.execute(
            """DELETE FROM customers_segmentmember m USING customers_person p
            WHERE p.id = m.person_id AND p.id = ANY(%s::bigint[]) AND p.canonical_id IS NOT NULL""",
            [list(joined)],
        )
        cursor.execute(
            """INSERT INTO customers_segmentmember (segment_id, person_id, entered_at)
            SELECT m.segment_id, p.id, m.entered_at FROM unnest(%s::bigint[], %s::bigint[]) AS g(kept, other)
            JOIN customers_person p ON p.id = g.other AND p.canonical_id IS NULL AND p.erased_at IS NULL
            JOIN customers_segmentmember m ON m.person_id = g.kept
            ON CONFLICT (segment_id, person_id) DO NOTHING""",
            [[kept for kept, _other in parted], [other for _kept, other in parted]],
        )


def counted(segment_id: int, at: datetime) -> None:
    Segment.objects.filter(pk=segment_id).update(counted_at=at)
