"""What is worked out of each customer, as it is stored: written by whoever works it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import connection

from careline.customers.models import ComputedTrait


def every() -> list[ComputedTrait]:
    """In the order in which they are held."""
    return list(ComputedTrait.objects.order_by("pk"))


def held(trait_id: int) -> list[ComputedTrait]:
    """The trait, or none when it is gone, locked: it is worked out by one at a time."""
    return list(ComputedTrait.objects.select_for_update(no_key=True).filter(pk=trait_id))


def settle(trait_id: int, found: str, given: Mapping[str, Any], *, people: Sequence[int] | None) -> list[int]:
    """`found` selects id, value and number of moments, of `people` when these alone were looked at.

    Returns of whom it became another value, a first one or none.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""WITH found(id, value, moments) AS MATERIALIZED ({found}),
            gone AS (
              DELETE FROM customers_computedvalue v WHERE v.trait_id = %(trait)s
                AND (%(people)s::bigint[] IS NULL OR v.person_id = ANY(%(people)s::bigint[]))
                AND NOT EXISTS (SELECT FROM found f WHERE f.id = v.person_id) RETURNING v.person_id),
            before AS (
              SELECT v.person_id, v.value FROM customers_computedvalue v JOIN found f ON f.id = v.person_id
              WHERE v.trait_id = %(trait)s),
            kept AS (
              INSERT INTO customers_computedvalue AS v (trait_id, person_id, value, moments, at)
              SELECT %(trait)s, f.id, f.value, f.moments, %(now)s::timestamptz FROM found f ORDER BY f.id
              ON CONFLICT (trait_id, person_id) DO UPDATE
              SET value = excluded.value, moments = excluded.moments,
                at = CASE WHEN v.value = excluded.value THEN v.at ELSE excluded.at END
              WHERE v.value <> excluded.value OR v.moments <> excluded.moments
              RETURNING v.person_id, v.value)
            SELECT person_id FROM gone UNION
            SELECT k.person_id FROM kept k LEFT JOIN before b ON b.person_id = k.person_id
            WHERE b.value IS DISTINCT FROM k.value ORDER BY 1""",  # noqa: S608
            {**given, "trait": trait_id, "people": None if people is None else list(people)},
        )
        return [row[0] for row in cursor.fetchall()]


def counted(trait_id: int, at: datetime) -> None:
    ComputedTrait.objects.filter(pk=trait_id).update(counted_at=at)
