"""Scores and marks other rooms work out about people: the one way back down from insight to service."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit import clock, text
from careline.kit.refusals import Refused

Value = str | int | float | bool | list[Any] | dict[str, Any] | None
NAME_LIMIT = 100


class Score(msgspec.Struct, frozen=True):
    person_id: int
    name: str
    value: Value
    # When it was so, if not when it is written.
    at: datetime | None = None


def set(person_id: int, name: str, value: Value, *, actor: Actor, source: str = "", at: datetime | None = None) -> None:
    set_many([Score(person_id, name, value)], actor=actor, source=source, at=at)


def set_many(scores: Iterable[Score], *, actor: Actor, source: str = "", at: datetime | None = None) -> int:
    """One statement for all. A score that was worked out earlier than the one there is does not replace it."""
    actor.must("customers.edit")
    usual = at or clock.now()
    # The latest of a name counts: a statement takes each row once. In order, so that nobody waits in a circle.
    latest: dict[tuple[int, str], Score] = {}
    for one in scores:
        before = latest.get((one.person_id, one.name))
        if before is None or (before.at or usual) <= (one.at or usual):
            latest[one.person_id, one.name] = one
    rows = sorted(latest)
    for _person, name in rows:
        text.clean(name, field="name", limit=NAME_LIMIT, required=True)
    values = [msgspec.json.encode(latest[row].value).decode() for row in rows]
    if any("\\u0000" in value for value in values):
        raise Refused(_("A trait must not contain the character NUL."))
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO customers_trait (person_id, name, value, at, source)
            SELECT g.person, g.name, g.value::jsonb, g.at, %(source)s
            FROM unnest(%(people)s::bigint[], %(names)s::text[], %(values)s::text[], %(ats)s::timestamptz[])
              AS g(person, name, value, at)
            JOIN customers_person p ON p.id = g.person AND p.erased_at IS NULL
            ON CONFLICT (person_id, name) DO UPDATE
            SET value = excluded.value, at = excluded.at, source = excluded.source
            WHERE customers_trait.at <= excluded.at""",
            {
                "people": [person for person, _name in rows], "names": [name for _person, name in rows],
                "values": values, "ats": [latest[row].at or usual for row in rows], "source": source,
            },
        )  # fmt: skip
        written: int = cursor.rowcount
    return written
