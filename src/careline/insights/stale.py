"""Whose moments the columnar copy has to read again: noted in the transaction that changed them."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from careline.kit import bus
from careline.kit.statement import Statement

# What the keeper of the copy listens to beside the line itself.
TOPIC = "columnar"
# By then every copy has long followed.
KEPT = "30 days"
# Nobody has this number: moments of so many changed that the copy is made anew.
EVERYBODY = 0


class Person(msgspec.Struct, frozen=True):
    person_id: int


_NOTE = Statement(
    """INSERT INTO insights_stale (person_id, at)
SELECT %(person)s::bigint, statement_timestamp()
WHERE EXISTS (SELECT FROM touchpoints_touchpoint WHERE person_id = %(person)s::bigint) RETURNING person_id""",
    Person,
)
_NOTE_ALL = Statement(
    """INSERT INTO insights_stale (person_id, at)
SELECT p.id, statement_timestamp() FROM unnest(%(people)s::bigint[]) AS p(id) RETURNING person_id""",
    Person,
)
_SINCE = Statement(
    "SELECT DISTINCT person_id FROM insights_stale WHERE xid >= %(xid)s::text::xid8 ORDER BY person_id", Person
)
_CLEAN = Statement(
    f"DELETE FROM insights_stale WHERE at < statement_timestamp() - interval '{KEPT}' RETURNING person_id",  # noqa: S608
    Person,
)


def note(person_id: int) -> None:
    """In the transaction of the change; the copy follows as soon as it is committed."""
    if _NOTE.one(person=person_id) is not None:
        bus.after_commit(TOPIC, {})


def note_all(people: Sequence[int]) -> None:
    """The same of many: each of them, or EVERYBODY alone."""
    if people:
        _NOTE_ALL.all(people=list(people))
        bus.after_commit(TOPIC, {})


def since(xid: str) -> list[int]:
    """Whatever is visible, also what a copy has followed already: following twice changes nothing."""
    return [row.person_id for row in _SINCE.all(xid=xid)]


def clean() -> int:
    return len(_CLEAN.all())
