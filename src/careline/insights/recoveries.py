"""What winning customers back achieved: those who were reached beside those who were not, with n and interval."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from careline.accounts.actor import Actor
from careline.insights.metrics import figures, intervals
from careline.insights.metrics.figures import FEWEST, Change, Figure
from careline.kit import clock
from careline.service.recovery import queries
from careline.service.recovery.queries import Sums


class Beside(msgspec.Struct, frozen=True):
    """One measure of both sides; `which` of the queries each figure opens, for reached and missed."""

    name: str
    reached: Figure
    missed: Figure
    change: Change | None


class Achieved(msgspec.Struct, frozen=True):
    """Shares are in percent; effort is the points of a customer's talks in sixty days."""

    running: int
    late: int
    closed: int
    withdrawn: int
    given_minor: int
    reached: Figure
    in_time: Figure
    resolved: Figure
    sides: list[Beside]


def achieved(actor: Actor, *, days: int | None = None) -> Achieved:
    """Of the recoveries that were opened in so many days, of all without; who may not read reports is refused."""
    actor.must("reports.view")
    since: datetime | None = None if days is None else clock.now() - timedelta(days=days)
    found = queries.counted(actor, since=since)
    both = found.reached, found.missed
    return Achieved(
        running=found.running, late=found.late, closed=found.closed, withdrawn=found.withdrawn,
        given_minor=found.given_minor, reached=_share(found.reached.n, found.closed),
        in_time=_share(found.in_time, found.closed), resolved=_share(found.resolved, found.closed),
        sides=[
            _beside("came_back", *(_share(one.came_back, one.measured, one.n) for one in both)),
            _beside("bought", *(_share(one.bought, one.measured, one.n) for one in both)),
            _beside("recommends", *(_share(one.recommends, one.said, one.n) for one in both)),
            _beside("effort", *(_effort(one) for one in both)),
        ],
    )  # fmt: skip


def _beside(name: str, reached: Figure, missed: Figure) -> Beside:
    return Beside(name, reached, missed, figures.change(reached, missed))


def _share(hits: int, n: int, whole: int | None = None) -> Figure:
    """`whole` with those of whom it is not known yet."""
    whole = n if whole is None else whole
    if n < FEWEST:
        return Figure(None, n, whole)
    found = intervals.share(hits, n)
    return Figure(found.value, n, whole, found.low, found.high)


def _effort(one: Sums) -> Figure:
    if one.measured < FEWEST:
        return Figure(None, one.measured, one.n)
    found = intervals.mean(one.measured, one.effort, one.effort_squares, 1.0)
    return Figure(found.value, one.measured, one.n, max(0.0, found.low), found.high)
