"""Limits on figures of the board: what can be limited, and which are passed on somebody's board. Pure."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from careline.insights.live import figures
from careline.insights.live.figures import Board, Line
from careline.insights.live.looks import Limit


class Limited(NamedTuple):
    """`way`: a limit from above or from below. `behind` is the number of the board it opens (queries.WHAT)."""

    way: str
    unit: str
    behind: str
    of_board: Callable[[Board], float | None]
    of_queue: Callable[[Line, Board], float | None] | None = None


class Beyond(msgspec.Struct, frozen=True):
    """A limit that is passed, by which value. `queue` is the name of one that is meant alone."""

    limit: Limit
    queue: str
    value: float


def _longest(one: Line, found: Board) -> float | None:
    return (found.at - one.oldest[0]).total_seconds() / 60 if one.oldest else None


def _expected(one: Line, _found: Board) -> float | None:
    return None if one.expected_s is None else one.expected_s / 60


def _most(of_queue: Callable[[Line, Board], float | None]) -> Callable[[Board], float | None]:
    def most(found: Board) -> float | None:
        return max((value for one in found.lines if (value := of_queue(one, found)) is not None), default=None)

    return most


def _all(found: Board) -> figures.Service:
    return figures.added(one.service for one in found.lines)


FIGURES = {
    "waiting": Limited("most", "count", "waiting", lambda b: b.waiting, lambda one, _b: one.waiting),
    "longest": Limited("most", "minutes", "waiting", _most(_longest), _longest),
    "expected": Limited("most", "minutes", "waiting", _most(_expected), _expected),
    "service_level": Limited(
        "least", "percent", "late", lambda b: _all(b).level(figures.USUAL).value,
        lambda one, _b: one.service.level(figures.USUAL).value,
    ),
    "abandonment": Limited(
        "most", "percent", "given_up", lambda b: _all(b).abandonment().value,
        lambda one, _b: one.service.abandonment().value,
    ),
    "soon": Limited("most", "count", "soon", lambda b: b.soon),
    "overdue": Limited("most", "count", "overdue", lambda b: b.late),
    "low": Limited("most", "count", "low", lambda b: b.low),
    "ready": Limited("least", "count", "", lambda b: b.ready),
}  # fmt: skip


def beyond(found: Board) -> tuple[Beyond, ...]:
    """Those passed; a figure that is not known passes none."""
    lines = {one.queue: one for one in found.lines}
    passed = []
    for limit in found.limits:
        line = lines.get(limit.queue) if limit.queue else None
        value = _value(found, limit, line)
        if value is None:
            continue
        over = limit.at_most is not None and value > limit.at_most
        under = limit.at_least is not None and value < limit.at_least
        if over or under:
            passed.append(Beyond(limit, line.name if line else "", value))
    return tuple(passed)


def _value(found: Board, limit: Limit, line: Line | None) -> float | None:
    figure = FIGURES.get(limit.figure)
    if figure is None:
        return None
    if not limit.queue:
        return figure.of_board(found)
    # A queue that is switched off has no figures.
    return figure.of_queue(line, found) if line and figure.of_queue else None
