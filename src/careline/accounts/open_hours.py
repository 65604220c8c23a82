"""Open hours: when the house works by its calendars, and when so much of that time has passed.

Where several calendars are kept, the house is open while any of them is. A time without calendars is open throughout.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from careline.accounts import queries
from careline.accounts.calendars import DAYS, Calendar
from careline.accounts.queries import Hours

# A house that is never open in so long is taken to be open throughout.
FARTHEST = timedelta(days=60)


def after(begin: datetime, span: timedelta) -> datetime:
    """When so much open time has passed since then, by the calendars as they are now."""
    left = span
    for opens, closes in open_between(queries.hours()[-1], begin, begin + FARTHEST + span):
        if closes - opens >= left:
            return opens + left
        left -= closes - opens
    return begin + span


def is_open(at: datetime) -> bool:
    """By the calendars as they are now."""
    return any(True for _piece in open_between(queries.hours()[-1], at, at + timedelta(microseconds=1)))


def open_between(era: Hours, low: datetime, high: datetime) -> Iterator[tuple[datetime, datetime]]:
    """Pieces of time that follow each other."""
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
