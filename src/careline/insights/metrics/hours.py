"""Open hours by the calendars that were in force at each instant, as pieces of time that follow each other."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from careline.accounts import open_hours
from careline.accounts import queries as accounts
from careline.accounts.queries import Hours
from careline.insights.warehouse.metering import Shift

BEGIN, END = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


def between(low: datetime, high: datetime) -> list[Shift]:
    """Of the house as it was and is."""
    return shifts(accounts.hours(), low, high)


def shifts(eras: Sequence[Hours], low: datetime, high: datetime) -> list[Shift]:
    """Each era ends with the next one's beginning; the first is taken to have begun long before."""
    bounds = [BEGIN, *(one.since or BEGIN for one in eras[1:]), END]
    found: list[tuple[datetime, datetime]] = []
    for era, (begins, ends) in zip(eras, pairwise(bounds), strict=True):
        begins, ends = max(begins, low), min(ends, high)
        if begins < ends:
            found += open_hours.open_between(era, begins, ends)
    pieces, before = [], 0
    for begins, ends in found:
        pieces.append(Shift(begins, ends, before))
        before += (ends - begins) // _MICROSECOND
    return pieces
