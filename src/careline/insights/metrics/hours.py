"""Open hours: the calendars that were in force at each instant, as pieces of time that follow each other.

Where several calendars are kept, the house is open while any of them is. A time without calendars is open throughout.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from careline.accounts import queries as accounts
from careline.accounts.calendars import DAYS, Calendar
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
            found += _open(era, begins, ends)
    pieces, before = [], 0
    for begins, ends in found:
        pieces.append(Shift(begins, ends, before))
        before += (ends - begins) // _MICROSECOND
    return pieces


def _open(era: Hours, low: datetime, high: datetime) -> Iterator[tuple[datetime, datetime]]:
    if not era.calendars:
        yield low, high
        return
    zone = ZoneInfo(era.zone)
    day = low.astimezone(zone).date() - timedelta(days=1)
    last = high.astimezone(zone).date() + timedelta(days=1)
    current: tuple[datetime, datetime] | None = None
    while day <= last:
        for begins, ends in sorted(
            piece for calendar in era.calendars.values() for piece in _hours(calendar, day, zone)
        ):
            begins, ends = max(begins, low), min(ends, high)
            if begins >= ends:
                continue
            if current is not None and begins <= current[1]:
                current = current[0], max(current[1], ends)
                continue
            if current is not None:
                yield current
            current = begins, ends
        day += timedelta(days=1)
    if current is not None:
        yield current


def _hours(calendar: Calendar, day: date, zone: ZoneInfo) -> Iterator[tuple[datetime, datetime]]:
    if day.isoformat() in calendar.get("holidays", ()):
        return
    for begins, ends in calendar.get("days", {}).get(DAYS[day.weekday()], ()):
        yield _at(day, begins, zone), _at(day, ends, zone)


def _at(day: date, time: str, zone: ZoneInfo) -> datetime:
    """When a clock on the wall shows it; an hour that is skipped in spring begins with the next one."""
    hour, minute = map(int, time.split(":"))
    midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
    if hour == 24:
        return (midnight + timedelta(days=1)).astimezone(UTC)
    return midnight.replace(hour=hour, minute=minute).astimezone(UTC)
