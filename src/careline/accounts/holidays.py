"""Holidays of a calendar somebody publishes as iCalendar (.ics): its whole days, repeated ones included."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr
from django.utils.translation import gettext as _
from icalendar import Calendar

from careline.accounts.calendars import MOST_HOLIDAYS
from careline.kit.refusals import Refused, TooLarge

LARGEST = 1024 * 1024
# From the year before to so many years ahead: further, nobody has decided yet.
YEARS_BACK, YEARS_AHEAD = 1, 3
MOST_EVENTS, MOST_REPEATED = 2000, 200
# What repeats within a day is no holiday; without a bound it would be counted for hours.
_WHOLE = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
_DAY = timedelta(days=1)
# What reading a broken file may end in; the library says it in many ways.
_BROKEN = (ValueError, KeyError, TypeError, AttributeError, IndexError, OverflowError, RecursionError)


def read(raw: bytes, *, today: date) -> list[date]:
    """Whole days of the file in order, each once; what has hours of the day is no holiday and is left out."""
    if len(raw) > LARGEST:
        raise TooLarge(_("A calendar may have at most %(most)s MB.") % {"most": LARGEST // (1024 * 1024)})
    low, high = date(today.year - YEARS_BACK, 1, 1), date(today.year + YEARS_AHEAD, 12, 31)
    try:
        found = set(islice(_days(raw, low, high), MOST_HOLIDAYS * 20))
    except _BROKEN:
        raise Refused(_("This is not a calendar that can be read; choose an .ics file."), field="holidays") from None
    if len(found) > MOST_HOLIDAYS:
        raise Refused(_("At most %(most)s holidays can be kept.") % {"most": MOST_HOLIDAYS}, field="holidays")
    return sorted(found)


def _days(raw: bytes, low: date, high: date) -> Iterator[date]:
    events = [event for calendar in _calendars(raw) for event in islice(calendar.walk("VEVENT"), MOST_EVENTS)]
    if sum("RRULE" in event for event in events) > MOST_REPEATED:
        raise ValueError("too much repeats")
    moved = {(str(one.get("UID")), _whole(one, "RECURRENCE-ID")) for one in events if "RECURRENCE-ID" in one}
    for event in events:
        begins = _whole(event, "DTSTART")
        if begins is None or str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        length = max(1, min((_end(event, begins) - begins).days, 366))
        for first in _firsts(event, begins, low - length * _DAY, high):
            if "RECURRENCE-ID" not in event and (str(event.get("UID")), first) in moved:
                continue
            for n in range(length):
                if low <= first + n * _DAY <= high:
                    yield first + n * _DAY


def _calendars(raw: bytes) -> list[Any]:
    found = Calendar.from_ical(raw, multiple=True)
    if not any(one.name == "VCALENDAR" for one in found):
        raise ValueError("no calendar")
    return found


def _whole(event: Any, name: str) -> date | None:
    """A whole day; nothing where it has a time."""
    said = event.decoded(name, None)
    return said if isinstance(said, date) and not isinstance(said, datetime) else None


def _end(event: Any, begins: date) -> date:
    """The day after the last one."""
    ends = _whole(event, "DTEND")
    if ends is not None:
        return ends
    length = event.decoded("DURATION", None)
    return begins + length if isinstance(length, timedelta) and length >= _DAY else begins + _DAY


def _firsts(event: Any, begins: date, low: date, high: date) -> Iterator[date]:
    if "RECURRENCE-ID" in event or ("RRULE" not in event and "RDATE" not in event):
        yield begins
        return
    left_out = set(_listed(event, "EXDATE"))
    for one in _repeated(event, begins, low, high):
        if one not in left_out:
            yield one
    yield from (one for one in _listed(event, "RDATE") if one not in left_out)


def _repeated(event: Any, begins: date, low: date, high: date) -> Iterator[date]:
    rules = event.get("RRULE")
    if rules is None:
        yield begins
        return
    for rule in rules if isinstance(rules, list) else [rules]:
        if str(next(iter(rule.get("FREQ", [""])))).upper() not in _WHOLE:
            continue
        at = datetime(begins.year, begins.month, begins.day)  # noqa: DTZ001  # a day anywhere
        written = rule.to_ical().decode()
        # Of a whole day's rule the end is a day, too; some write it with a time and a zone.
        parts = [part[:14] if part.upper().startswith("UNTIL=") else part for part in written.split(";")]
        limits = datetime(low.year, low.month, low.day), datetime(high.year, high.month, high.day)  # noqa: DTZ001
        rule_of_days = rrulestr(";".join(parts), dtstart=at)
        for found in rule_of_days.xafter(limits[0], count=2 * MOST_HOLIDAYS, inc=True):
            if found > limits[1]:
                break
            yield found.date()


def _listed(event: Any, name: str) -> Iterator[date]:
    said = event.get(name, [])
    for group in said if isinstance(said, list) else [said]:
        for one in group.dts:
            if isinstance(one.dt, date) and not isinstance(one.dt, datetime):
                yield one.dt
