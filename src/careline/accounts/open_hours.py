"""Open hours: when a place works by its calendars, how much of that time has passed, and when so much will have.

Pure: eras come from `queries.hours`, and each instant goes by the calendar that was in force then. Where a place keeps
several calendars it is open while any of them is. A time without calendars is open throughout.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec

from careline.accounts import queries
from careline.accounts.calendars import DAYS, Calendar
from careline.accounts.queries import Hours

Piece = tuple[datetime, datetime]
# A place that is not open for so long is taken to be open throughout from then on.
FARTHEST = timedelta(days=60)
_DAY, _MINUTE = timedelta(days=1), timedelta(minutes=1)
_EVER, _NEVER = datetime(1970, 1, 1, tzinfo=UTC), datetime(9990, 1, 1, tzinfo=UTC)


class Clock(msgspec.Struct, frozen=True):
    """Counts the open time of one place, each instant by the calendar that was in force then."""

    eras: tuple[Hours, ...]
    inbox_id: int | None = None
    team_id: int | None = None

    def of(self, inbox_id: int | None, team_id: int | None = None) -> Clock:
        """Of another place of the same house."""
        return Clock(self.eras, inbox_id, team_id)

    def pieces(self, low: datetime, high: datetime) -> Iterator[Piece]:
        """Open time as pieces that follow each other and do not touch."""
        bounds = [_EVER, *(era.since or _EVER for era in self.eras[1:]), _NEVER]
        return _joined(
            piece
            for era, (begins, ends) in zip(self.eras, pairwise(bounds), strict=True)
            if max(begins, low) < min(ends, high)
            for piece in open_between(
                era, max(begins, low), min(ends, high), inbox_id=self.inbox_id, team_id=self.team_id
            )
        )

    def between(self, low: datetime, high: datetime) -> timedelta:
        """How much open time lies between; nothing where they are turned round."""
        return sum((ends - begins for begins, ends in self.pieces(low, high)), timedelta())

    def after(self, begin: datetime, span: timedelta) -> datetime:
        """When so much open time has passed since then, by the calendars known now; at once where there is none."""
        if span <= timedelta():
            return begin
        left, reached = span, begin
        while left:
            found = False
            until = reached + FARTHEST
            for opens, closes in self.pieces(reached, until):
                found = True
                if closes - opens >= left:
                    return opens + left
                left -= closes - opens
            if not found:
                return reached + left
            reached = until
        return reached

    def is_open(self, at: datetime) -> bool:
        return next(self.pieces(at, at + _MINUTE), (None, None))[0] == at

    def opens_after(self, at: datetime) -> datetime | None:
        """When it is open next, now being later than any time; None where that is not within sight."""
        found = next(self.pieces(at, at + FARTHEST), None)
        return found[0] if found else None


# The clock on the wall, which never stands still.
WALL = Clock((Hours(None, "UTC", {}),))


def of(inbox_id: int | None = None, team_id: int | None = None) -> Clock:
    """The clock of a place."""
    return Clock(tuple(queries.hours()), inbox_id, team_id)


def after(begin: datetime, span: timedelta) -> datetime:
    """When the house will have been open for so long since then."""
    return of().after(begin, span)


def is_open(at: datetime, inbox_id: int | None = None, team_id: int | None = None) -> bool:
    """Whether a place works at this instant; without a place, the house."""
    return of(inbox_id, team_id).is_open(at)


def open_between(
    era: Hours, low: datetime, high: datetime, *, inbox_id: int | None = None, team_id: int | None = None
) -> Iterator[Piece]:
    """Of one era; without a place, of the house."""
    calendars = era.of(inbox_id, team_id)
    if not calendars:
        yield low, high
        return
    streams = [_of(one, ZoneInfo(one.get("zone") or era.zone), low, high) for one in calendars]
    yield from _joined(heapq.merge(*streams))


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    current: Piece | None = None
    for begins, ends in pieces:
        if current is not None and begins <= current[1]:
            current = current[0], max(current[1], ends)
            continue
        if current is not None:
            yield current
        current = begins, ends
    if current is not None:
        yield current


def _of(calendar: Calendar, zone: ZoneInfo, low: datetime, high: datetime) -> Iterator[Piece]:
    day, last = low.astimezone(zone).date() - _DAY, high.astimezone(zone).date()
    holidays, days = frozenset(calendar.get("holidays", ())), calendar.get("days", {})
    while days and day <= last:
        hours = days.get(DAYS[day.weekday()], ())
        if hours and day.isoformat() not in holidays:
            for begins, ends in hours:
                opens, closes = max(_at(day, begins, zone), low), min(_at(day, ends, zone), high)
                if opens < closes:
                    yield opens, closes
        day += _DAY


def _at(day: date, time: str, zone: ZoneInfo) -> datetime:
    """When a clock on the wall first shows it; of an hour that is skipped, when the clock jumps over it."""
    hour, minute = map(int, time.split(":"))
    if hour == 24:
        day, hour = day + _DAY, 0
    shown = datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone)
    found = shown.astimezone(UTC)
    if found.astimezone(zone).replace(tzinfo=None) == shown.replace(tzinfo=None):
        return found
    # What is skipped lies between two readings of it; the clock jumps at a whole minute between them.
    low, high = shown.replace(fold=1).astimezone(UTC), found
    before = low.astimezone(zone).utcoffset()
    while high - low > _MINUTE:
        middle = low + (high - low) // 2 // _MINUTE * _MINUTE
        low, high = (middle, high) if middle.astimezone(zone).utcoffset() == before else (low, middle)
    return high
