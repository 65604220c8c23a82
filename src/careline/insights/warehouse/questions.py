"""The questions, asked of an open copy or an event log; their SQL stands in `dialects`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from careline.insights.warehouse.answers import (
    Activity,
    Cell,
    Edge,
    FunnelPart,
    Reached,
    Session,
    Sessions,
    Variant,
    Variants,
)
from careline.insights.warehouse.dialects.duckdb import funnels, returns
from careline.insights.warehouse.dialects.duckdb import lines as sql
from careline.insights.warehouse.engine import Connection, quoted
from careline.insights.warehouse.parting import Parting
from careline.insights.warehouse.sight import WHOLE, Sight, plain

MICROSECOND = timedelta(microseconds=1)
PAUSE = timedelta(minutes=30)
UNITS = ("day", "week", "month")
# A span of days after the entry: [low, high), without end when high is None.
Span = tuple[int, int | None]
NOTHING: Mapping[int, Sequence[str]] = {}


def journey_map(conn: Connection, sight: Sight = WHOLE) -> list[Edge]:
    """What directly follows what, the most frequent first."""
    lies = sight.is_whole and sight.as_it_lies
    text = sql.MAP_AS_IT_LIES if lies else sql.MAP.format(edges=sight.edges())
    return [Edge(*row) for row in _rows(conn, text, sight)]


def map_of(conn: Connection, edges: str) -> list[Edge]:
    """The map of steps (kind, next_kind, gap) that come from elsewhere."""
    return [Edge(*row) for row in conn.execute(sql.MAP.format(edges=edges)).fetchall()]


def activities(conn: Connection, sight: Sight = WHOLE) -> list[Activity]:
    return [Activity(*row) for row in _rows(conn, sql.ACTIVITIES.format(walk=sight.walk()), sight)]


def last(conn: Connection) -> datetime | None:
    """When the newest moment there is occurred."""
    [(at,)] = conn.execute(sql.LAST).fetchall()
    return None if at is None else at.replace(tzinfo=UTC)


def variants(conn: Connection, sight: Sight = WHOLE, *, limit: int = 20) -> Variants:
    """Whole lines, step by step."""
    return _variants(_rows(conn, sql.VARIANTS.format(rows=sight.rows()), sight, limit=limit))


def paths(conn: Connection, sight: Sight = WHOLE, *, steps: int = 5, limit: int = 20) -> Variants:
    """How lines begin: the first steps, what repeats itself taken once."""
    return _variants(_rows(conn, sql.PATHS.format(walk=sight.walk()), sight, steps=steps, limit=limit))


def funnel(
    conn: Connection,
    steps: Sequence[str],
    sight: Sight = WHOLE,
    *,
    window: timedelta,
    strict: bool = False,
    never: Mapping[int, Sequence[str]] = NOTHING,
) -> list[Reached]:
    """How many took the steps in this order within the window, which begins at their first entry.

    `strict`: each directly after the one before. `never`: what must not happen on the way to the step of a number.
    """
    text = funnels.funnel(sight.rows(), len(steps), walk=sight.walk() if strict else None, never=list(never))
    rows = _rows(conn, text, sight, **_funnel_given(steps, window, never))
    return [Reached(steps[n - 1], count, median, excluded) for n, count, median, excluded in rows]


def funnel_parts(
    conn: Connection,
    steps: Sequence[str],
    parting: Parting,
    sight: Sight = WHOLE,
    *,
    window: timedelta,
    strict: bool = False,
    never: Mapping[int, Sequence[str]] = NOTHING,
) -> list[FunnelPart]:
    """The same by the part their entry is of, the largest first."""
    conn.execute(funnels.ENTRIES.format(rows=sight.rows()), {**sight.given(), "step1": steps[0]})
    text = funnels.funnel(
        sight.rows(), len(steps), walk=sight.walk() if strict else None, never=list(never),
        parted=parting.prepare(conn),
    )  # fmt: skip
    found: dict[tuple[str | None, bool], list[Reached]] = {}
    for n, name, others, count, median, excluded in _rows(conn, text, sight, **_funnel_given(steps, window, never)):
        found.setdefault((name, others), []).append(Reached(steps[n - 1], count, median, excluded))
    parts = [FunnelPart(name, others, reached) for (name, others), reached in found.items()]
    return sorted(parts, key=lambda part: in_order(part.name, part.others, part.steps[0].n))


def in_order(name: str | None, others: bool, n: int) -> tuple[bool, bool, int, bytes]:
    """Parts by their size; the others, and those of none, at the end."""
    return name is None, name is None and not others, -n, (name or "").encode()


def _funnel_given(steps: Sequence[str], window: timedelta, never: Mapping[int, Sequence[str]]) -> dict[str, Any]:
    return funnels.given(steps, never) | ({"window": window // MICROSECOND} if len(steps) > 1 else {})


def retention(
    conn: Connection,
    spans: Sequence[Span],
    sight: Sight = WHOLE,
    *,
    until: datetime,
    unit: str = "week",
    zone: str = "UTC",
    entry: str | None = None,
    back: str | None = None,
) -> list[Cell]:
    """Per cohort and span, numbered by its first day. `entry` and `back` are kinds; without them any moment counts."""
    text = returns.retention(
        None if sight.is_whole else sight.rows(), spans,
        unit=quoted(unit), zone=quoted(zone), entry=entry is not None, back=back is not None,
    )  # fmt: skip
    kinds = {name: kind for name, kind in (("entry", entry), ("back", back)) if kind is not None}
    return [
        Cell(cohort, low, size, mature, returned)
        for cohort, size, *counts in _rows(conn, text, sight, until=plain(until), **kinds)
        for (low, _high), mature, returned in zip(spans, counts[::2], counts[1::2], strict=True)
    ]


def n_day(days: Sequence[int]) -> list[Span]:
    """Came back on that very day."""
    return [(day, day + 1) for day in days]


def unbounded(days: Sequence[int]) -> list[Span]:
    """Came back on that day or later."""
    return [(day, None) for day in days]


def brackets(days: Sequence[int], width: int = 7) -> list[Span]:
    """Came back within so many days from that day on."""
    return [(day, day + width) for day in days]


def sessions(conn: Connection, sight: Sight = WHOLE, *, pause: timedelta = PAUSE) -> Sessions:
    """Moments of one customer belong together until a longer pause."""
    [row] = _rows(conn, sql.SESSIONS.format(walk=sight.walk()), sight, pause=pause // MICROSECOND)
    return Sessions(*row)


def session_list(
    conn: Connection, sight: Sight = WHOLE, *, pause: timedelta = PAUSE, limit: int = 1000
) -> list[Session]:
    found = _rows(conn, sql.SESSION_LIST.format(walk=sight.walk()), sight, pause=pause // MICROSECOND, limit=limit)
    return [Session(*row) for row in found]


def _variants(rows: list[tuple[Any, ...]]) -> Variants:
    items = [Variant(tuple(steps), n, median) for steps, n, _variants, _customers, median, _p90 in rows]
    return Variants(items, *rows[0][2:4]) if rows else Variants(items)


def _rows(conn: Connection, text: str, sight: Sight, **given: Any) -> list[tuple[Any, ...]]:
    return conn.execute(text, {**sight.given(), **given}).fetchall()
