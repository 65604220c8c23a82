"""Where what stands on a person's own row came from: written beside the value, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

import msgspec

from careline.accounts.actor import Actor
from careline.customers.models import Origin
from careline.kit.statement import Statement


class _Noted(msgspec.Struct, frozen=True):
    count: int


_NOTED = Statement(
    """WITH noted AS (
  INSERT INTO customers_origin (person_id, field, source, at)
  SELECT g.person, g.field, %(source)s::text, coalesce(%(at)s::timestamptz, statement_timestamp())
  FROM unnest(%(people)s::bigint[], %(fields)s::text[]) AS g(person, field)
  JOIN customers_person p ON p.id = g.person AND p.erased_at IS NULL
  ON CONFLICT (person_id, field) DO UPDATE SET source = excluded.source, at = excluded.at RETURNING 1)
SELECT count(*) FROM noted""",
    _Noted,
)


def source_of(actor: Actor) -> str:
    """As it is kept: agent:3, token:7, customer:12, system."""
    return f"{actor.kind}:{actor.id}" if actor.id is not None else actor.kind


def note(person_id: int, fields: Iterable[str], *, actor: Actor, at: datetime | None = None) -> None:
    note_many([(person_id, field) for field in fields], source=source_of(actor), at=at)


def note_many(rows: Iterable[tuple[int, str]], *, source: str, at: datetime | None = None) -> None:
    """In one order for everybody."""
    known = sorted(set(rows))
    if not known:
        return
    _NOTED.one(
        source=source, at=at, people=[person for person, _field in known], fields=[field for _person, field in known]
    )


def forget(person_ids: Iterable[int], fields: Iterable[str]) -> None:
    Origin.objects.filter(person__in=list(person_ids), field__in=list(fields)).delete()
