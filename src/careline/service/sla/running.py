"""One promise while it runs; pure, and the only place that counts. Times come from outside."""

from __future__ import annotations

from datetime import datetime

import msgspec

from careline.accounts.open_hours import WALL, Clock
from careline.service.sla.models import Promise
from careline.service.sla.terms import Terms, What


class Passed(msgspec.Struct, frozen=True):
    """Something a promise came past, and when: "warn", "due", the name of a step; or its end: "met"."""

    promise: Promise
    name: str
    at: datetime


def begun(what: What, terms: Terms, *, at: datetime, now: datetime, clock: Clock) -> Promise | None:
    """A promise from `at` on that is first thought of now; None where nothing is promised."""
    total = terms.total(what)
    if total is None:
        return None
    made = Promise(what=what, begun_at=at, total=total, since=at, passed=[])
    counted(made, at=now, clock=clock)
    return made


def counted(promise: Promise, *, at: datetime, clock: Clock) -> None:
    """Take into account what has gone until now; never backwards."""
    if promise.since is not None and at > promise.since:
        promise.spent += clock.between(promise.since, at)
        promise.since = at


def run(promise: Promise, terms: Terms, *, until: datetime, clock: Clock) -> list[Passed]:
    """Count on to a time, and tell what lies before it; the very instant of a deadline is still in time."""
    if promise.since is None:
        return []
    since, spent, found = promise.since, promise.spent, []
    for mark, name in terms.marks(promise.total):
        if name not in promise.passed and (at := clock.after(since, mark - spent)) < until:
            found.append(Passed(promise, name, at))
            promise.passed.append(name)
            if name == "due":
                promise.broken_at = at
    counted(promise, at=until, clock=clock)
    return sorted(found, key=lambda one: one.at)


def paused(promise: Promise, stands: bool, *, at: datetime) -> None:
    """Stand still or go on; what has gone until then was counted before."""
    if stands:
        promise.since = None
    elif promise.since is None:
        promise.since = at


def ended(promise: Promise, outcome: str, *, at: datetime) -> None:
    """What was late once stays broken, however it ends."""
    promise.outcome = Promise.Outcome.BROKEN if promise.broken_at is not None else outcome
    promise.ended_at, promise.since, promise.next_at = at, None, None


def planned(promise: Promise, terms: Terms, clock: Clock) -> None:
    """When it is due as things stand, and when to look again."""
    since, spent = promise.since, promise.spent
    promise.due_at = promise.broken_at or (None if since is None else clock.after(since, promise.total - spent))
    left = [mark for mark, name in terms.marks(promise.total) if name not in promise.passed]
    promise.next_at = clock.after(since, left[0] - spent) if since is not None and left else None


def clock_of(terms: Terms, place: Clock) -> Clock:
    return WALL if terms.clock == "wall" else place
