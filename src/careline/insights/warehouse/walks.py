"""More questions: the time between two steps, what is done again, and what comes before and after a step."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from careline.insights.warehouse.answers import (
    Between,
    Bin,
    Flow,
    Link,
    Loop,
    Node,
    Repeated,
    Rework,
    Waited,
    WaitedPart,
    WaitedSince,
)
from careline.insights.warehouse.dialects.duckdb import flows, loops, waits
from careline.insights.warehouse.engine import Connection, quoted
from careline.insights.warehouse.parting import Parting
from careline.insights.warehouse.questions import MICROSECOND, in_order
from careline.insights.warehouse.sight import WHOLE, Sight, plain

_SECOND, _MINUTE, _HOUR, _DAY = 1, 60, 3600, 86400
# From seconds to seasons, each about twice or thrice the one before, at values people speak of.
BOUNDS = tuple(
    bound * 1_000_000
    for bound in (
        0, 10 * _SECOND, _MINUTE, 5 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE, _HOUR, 2 * _HOUR, 4 * _HOUR, 8 * _HOUR, _DAY,
        2 * _DAY, 4 * _DAY, 7 * _DAY, 14 * _DAY, 30 * _DAY, 90 * _DAY,
    )
)  # fmt: skip


def between(
    conn: Connection,
    start: str,
    finish: str,
    sight: Sight = WHOLE,
    *,
    window: timedelta,
    until: datetime,
    unit: str = "week",
    zone: str = "UTC",
    parting: Parting | None = None,
) -> Between:
    """How long it takes from one kind to the other: altogether, by when it began, and by its parts."""
    conn.execute(
        waits.WAITS.format(rows=sight.rows()),
        {**sight.given(), "start": start, "finish": finish, "window": window // MICROSECOND, "until": plain(until)},
    )
    [row] = conn.execute(waits.ALL).fetchall()
    counts = dict(conn.execute(waits.BINS, {"bounds": list(BOUNDS)}).fetchall())
    bins = [Bin(low, high, counts.get(low, 0)) for low, high in zip(BOUNDS, (*BOUNDS[1:], None), strict=True)]
    trend = conn.execute(waits.TREND.format(unit=quoted(unit), zone=quoted(zone))).fetchall()
    parts: list[WaitedPart] = []
    if parting is not None:
        rows = conn.execute(waits.BY_PART.format(parts=parting.prepare(conn))).fetchall()
        parts = [WaitedPart(name, others, Waited(*times)) for name, others, *times in rows]
        parts.sort(key=lambda one: in_order(one.name, one.others, one.times.n))
    return Between(Waited(*row[1:]), bins, [WaitedSince(day, Waited(*times)) for day, *times in trend], parts)


def rework(conn: Connection, sight: Sight = WHOLE, *, limit: int = 20) -> Rework:
    """Which kinds are done again within a case, directly or after others, and how much longer such cases take."""
    walk = sight.walk()
    [total] = conn.execute(loops.TOTAL.format(walk=walk), sight.given()).fetchall()
    given = {**sight.given(), "limit": limit}
    steps = [Repeated(*row) for row in conn.execute(loops.AGAIN.format(walk=walk), given).fetchall()]
    found = conn.execute(loops.LOOPS.format(walk=walk), given).fetchall()
    cases, again, repeats, longer, once = total
    ways = [Loop(kind, tuple(over), *rest) for kind, over, *rest in found]
    return Rework(cases, again, repeats, longer, once, steps, ways)


def flow(
    conn: Connection, chosen: str, sight: Sight = WHOLE, *, back: bool = False, length: int = 4, most: int = 8
) -> Flow:
    """From the first of a kind on, or back from it: the next steps, of each the most frequent kinds and the others."""
    text = flows.flow(sight.walk(), back=back)
    rows = conn.execute(text, {**sight.given(), "chosen": chosen, "length": length, "most": most}).fetchall()
    return _flow(rows, back)


def _flow(rows: list[tuple[Any, ...]], back: bool) -> Flow:
    nodes: Counter[tuple[int, str | None]] = Counter()
    stops: Counter[tuple[int, str | None]] = Counter()
    links: Counter[tuple[int, str | None, str | None]] = Counter()
    for away, kind, onward, goes_on, stopped, n in rows:
        step = -away if back else away
        nodes[step, kind] += n
        stops[step, kind] += n if stopped else 0
        if goes_on:
            links[(step - 1, onward, kind) if back else (step, kind, onward)] += n
    drawn = [Node(*key, n, stops[key]) for key, n in nodes.items()]
    ways = [Link(*key, n) for key, n in links.items()]
    return Flow(
        sorted(drawn, key=lambda one: _rank(one.step, one.n, one.kind)),
        sorted(ways, key=lambda one: _rank(one.step, one.n, one.start, one.to)),
    )


def _rank(step: int, n: int, *kinds: str | None) -> tuple[object, ...]:
    """The most frequent first; the others after those of a name."""
    return step, -n, *((kind is None, (kind or "").encode()) for kind in kinds)
