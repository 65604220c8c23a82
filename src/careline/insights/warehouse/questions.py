"""The questions, asked of an open copy or an event log; their SQL stands in `dialects`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from careline.insights.warehouse.answers import Activity, Cell, Edge, Reached, Session, Sessions, Variant, Variants
from careline.insights.warehouse.dialects import duckdb as sql
from careline.insights.warehouse.engine import Connection, quoted
from careline.insights.warehouse.sight import WHOLE, Sight, plain

MICROSECOND = timedelta(microseconds=1)
PAUSE = timedelta(minutes=30)
UNITS = ("day", "week", "month")
# A span of days after the entry: [low, high), without end when high is None.
Span = tuple[int, int | None]


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


def variants(conn: Connection, sight: Sight = WHOLE, *, limit: int = 20) -> Variants:
    """Whole lines, step by step."""
    return _variants(_rows(conn, sql.VARIANTS.format(rows=sight.rows()), sight, limit=limit))


def paths(conn: Connection, sight: Sight = WHOLE, *, steps: int = 5, limit: int = 20) -> Variants:
    """How lines begin: the first steps, what repeats itself taken once."""
    return _variants(_rows(conn, sql.PATHS.format(walk=sight.walk()), sight, steps=steps, limit=limit))


def funnel(conn: Connection, steps: Sequence[str], sight: Sight = WHOLE, *, window: timedelta) -> list[Reached]:
    """How many took the steps in this order within the window, which begins at their first entry."""
    given: dict[str, Any] = {f"step{n}": step for n, step in enumerate(steps, 1)}
    if len(steps) > 1:
        given["window"] = window // MICROSECOND
    rows = _rows(conn, sql.funnel(sight.rows(), len(steps)), sight, **given)
    return [Reached(steps[n - 1], count, median) for n, count, median in rows]


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
    text = sql.retention(
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
    items = [Variant(tuple(steps), n) for steps, n, _variants, _customers in rows]
    return Variants(items, *rows[0][2:]) if rows else Variants(items)


def _rows(conn: Connection, text: str, sight: Sight, **given: Any) -> list[tuple[Any, ...]]:
    return conn.execute(text, {**sight.given(), **given}).fetchall()
