"""What of the line grows old: moments by what they tell of, and the keys a repetition is known by.

A month in which nothing is to stay goes as a whole; the rest goes row by row. With a moment goes its count: unlike an
erasure, which leaves what can be counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from django.db import connection

from careline.kit import retention
from careline.kit.retention import Going, Gone
from careline.touchpoints import partitions
from careline.touchpoints.kinds import KINDS, personal_facts
from careline.touchpoints.partitions import PARENT
from careline.touchpoints.schema import SHOPPING

# A messageId lands once for so long at least.
SEEN_FOR = 90
PAGES = ("page.viewed", "screen.viewed")
EVENTS = ("event.tracked", *SHOPPING, "customer.described", "customer.aliased", "group.joined", "group.left")
ORDERS = ("order.placed", "order.delivered", "visit.checked-in")
GROUPS: dict[str, tuple[str, ...]] = {
    "pages": PAGES,
    "events": EVENTS,
    "orders": ORDERS,
    "moments": tuple(name for name in KINDS if name not in {*PAGES, *EVENTS, *ORDERS}),
}
_GOING = """SELECT count(*), count(DISTINCT person_id), min(occurred_at), coalesce(sum(pg_column_size(t.*)), 0)
FROM touchpoints_touchpoint t WHERE occurred_at < %s AND kind = ANY(%s)"""
# By number of the transaction and not by the clock: what a subscriber has not had yet stays until it has.
_REMOVE = """WITH old AS (
  SELECT t.tableoid, t.ctid FROM touchpoints_touchpoint t WHERE t.occurred_at < %(before)s AND t.kind = ANY(%(kinds)s)
    AND t.xid < (SELECT coalesce(min(c.xid), '9223372036854775807'::xid8) FROM touchpoints_cursor c)
  LIMIT %(limit)s)
DELETE FROM touchpoints_touchpoint t USING old
WHERE t.tableoid = old.tableoid AND t.ctid = old.ctid AND t.occurred_at < %(before)s
RETURNING t.person_id, t.tableoid::regclass::text"""


def _moments_going(kinds: tuple[str, ...], before: datetime) -> Going:
    return retention.look(_GOING, [before, list(kinds)])


def _remove_moments(kinds: tuple[str, ...], before: datetime, limit: int) -> Gone:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL careline.erasing = 'on'")
        cursor.execute(_REMOVE, {"before": before, "kinds": list(kinds), "limit": limit})
        gone = cursor.fetchall()
        cursor.execute("SET LOCAL careline.erasing = 'off'")
    people = sorted({person for person, _table in gone if person is not None})
    return Gone(len(gone), tuple(people), tables=tuple(sorted({table for _person, table in gone})))


def drop_months(ends: Mapping[str, datetime]) -> Gone:
    """Whole months, where nothing in them is to stay; `ends` says before which day each group goes."""
    by_kind = {kind: ends[key] for key, kinds in GROUPS.items() if key in ends for kind in kinds}
    rows = partitions.drop_oldest(by_kind) if by_kind else 0
    return Gone(rows, everybody=rows > 0)


def forget_words(journeys: Sequence[str]) -> list[str]:
    """What the line quoted of them, in the caller's transaction; returns the tables it lay in."""
    words = personal_facts()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL careline.erasing = 'on'")
        cursor.execute(
            """UPDATE touchpoints_touchpoint SET facts = facts - %s::text[]
            WHERE journey = ANY(%s) AND facts ?| %s::text[] RETURNING tableoid::regclass::text""",
            [words, list(journeys), words],
        )
        tables = sorted({table for (table,) in cursor.fetchall()})
        cursor.execute("SET LOCAL careline.erasing = 'off'")
    return tables


def tables_of(person_id: int) -> list[str]:
    """The months that hold moments of the person; the open ends lend their rows to months, and are there always."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tableoid::regclass::text FROM touchpoints_touchpoint WHERE person_id = %s", [person_id]
        )
        return sorted({f"{PARENT}_earlier", f"{PARENT}_later", *(table for (table,) in cursor.fetchall())})


def _seen_going(before: datetime) -> Going:
    asked = """SELECT count(*), 0, min(recorded_at), coalesce(sum(pg_column_size(s.*)), 0)
    FROM touchpoints_seen s WHERE recorded_at < %s"""
    return retention.look(asked, [before])


def _remove_seen(before: datetime, limit: int) -> Gone:
    asked = """DELETE FROM touchpoints_seen WHERE ctid = ANY(ARRAY(
      SELECT ctid FROM touchpoints_seen WHERE recorded_at < %s LIMIT %s))"""
    return retention.removed(asked, [before, limit])


def register() -> None:
    for key, kinds in GROUPS.items():
        retention.register(
            retention.Sort(key, partial(_moments_going, kinds), partial(_remove_moments, kinds), least=30)
        )
    retention.register(retention.Sort("keys", _seen_going, _remove_seen, least=SEEN_FOR, usual=180))
