"""Business calendars: the hours an organization works, several intervals a day, and the days it does not.

`{"Support": {"days": {"mon": [["09:00", "12:00"], ["13:00", "17:30"]]}, "holidays": ["2026-12-25"], "zone": "UTC"}}`
Times are of the calendar's zone, or of the organization's where it names none; a day that is not named is closed;
"24:00" ends a day. Who keeps which is written `{"house": "Support", "inbox:3": "Night", "team:2": "Berlin"}`.
"""

import re
from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from careline.kit import text
from careline.kit.refusals import Refused

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_CALENDARS = 50
MOST_HOLIDAYS = 1000
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_PLACE = re.compile(r"house|(?:inbox|team):[1-9][0-9]{0,17}")

Interval = list[str]
Calendar = dict[str, Any]


def checked(calendars: Any) -> dict[str, Calendar]:
    """The same calendars with intervals and holidays in order, or the first thing that is wrong with them."""
    if not isinstance(calendars, Mapping):
        raise _refused(_("Calendars are given by name."))
    if len(calendars) > MOST_CALENDARS:
        raise _refused(_("At most %(most)s calendars can be kept.") % {"most": MOST_CALENDARS})
    return {_name(name): _calendar(name, calendar) for name, calendar in calendars.items()}


def _name(name: Any) -> str:
    if not isinstance(name, str):
        raise _refused(_("Calendars are given by name."))
    return text.clean(name, field="calendars", limit=60, required=True)


def _calendar(name: str, calendar: Any) -> Calendar:
    if not isinstance(calendar, Mapping) or not set(calendar) <= {"days", "holidays", "zone"}:
        raise _refused(
            _("The calendar %(name)s may have days, holidays and a zone, and nothing else.") % {"name": name}
        )
    days = calendar.get("days", {})
    if not isinstance(days, Mapping):
        raise _refused(_("The days of the calendar %(name)s are given by name.") % {"name": name})
    for day in days:
        if day not in DAYS:
            raise _refused(
                _("%(day)s is not a day; the days are %(days)s.")
                % {"day": text.excerpt(str(day), 20), "days": ", ".join(DAYS)}
            )
    hours = {day: _intervals(name, day, days[day]) for day in DAYS if day in days}
    open_days = {day: found for day, found in hours.items() if found}
    zone = {"zone": _zone(calendar["zone"])} if calendar.get("zone") else {}
    return {"days": open_days, "holidays": _holidays(name, calendar), **zone}


def assigned(places: Any, calendars: Mapping[str, Calendar]) -> dict[str, str]:
    """Which place keeps which calendar; a place without one keeps the house's."""
    if not isinstance(places, Mapping):
        raise _refused(_("Hours are given by place."))
    for place, name in places.items():
        if not isinstance(place, str) or not _PLACE.fullmatch(place):
            raise _refused(_("A place is the house, an inbox or a team: house, inbox:3, team:2."))
        if name and (not isinstance(name, str) or name not in calendars):
            raise _refused(_("There is no calendar %(name)s.") % {"name": text.excerpt(str(name), 60)})
    return {place: name for place, name in sorted(places.items()) if name}


def _zone(value: Any) -> str:
    try:
        return ZoneInfo(value).key
    except (KeyError, ValueError, OSError, TypeError, AttributeError):
        raise _refused(
            _("%(value)s is not a time zone; write one like Europe/Berlin.") % {"value": text.excerpt(str(value), 60)}
        ) from None


def _intervals(name: str, day: str, given: Any) -> list[Interval]:
    if not isinstance(given, list | tuple):
        raise _refused(_("The hours of %(day)s in %(name)s are a list.") % {"day": day, "name": name})
    intervals = sorted(_interval(name, day, interval) for interval in given)
    for before, after in pairwise(intervals):
        if after[0] < before[1]:
            raise _refused(
                _("In %(name)s, the hours of %(day)s overlap: %(first)s and %(second)s.")
                % {"name": name, "day": day, "first": "–".join(before), "second": "–".join(after)}
            )
    return intervals


def _interval(name: str, day: str, given: Any) -> Interval:
    if not isinstance(given, list | tuple) or len(given) != 2 or not all(_is_time(time) for time in given):
        raise _refused(
            _('In %(name)s, each interval of %(day)s is written like ["09:00", "17:00"].') % {"name": name, "day": day}
        )
    begins, ends = given
    if begins >= ends:
        raise _refused(
            _("In %(name)s, an interval of %(day)s ends before it begins: %(interval)s.")
            % {"name": name, "day": day, "interval": f"{begins}–{ends}"}
        )
    return [begins, ends]


def _is_time(value: Any) -> bool:
    return isinstance(value, str) and _TIME.fullmatch(value) is not None


def _holidays(name: str, calendar: Mapping[str, Any]) -> list[str]:
    given = calendar.get("holidays", [])
    if not isinstance(given, list | tuple) or len(given) > MOST_HOLIDAYS:
        raise _refused(
            _("The holidays of %(name)s are a list of at most %(most)s dates.") % {"name": name, "most": MOST_HOLIDAYS}
        )
    for day in given:
        if not _is_date(day):
            raise _refused(
                _("%(day)s in %(name)s is not a date; write one like 2026-12-25.")
                % {"day": text.excerpt(str(day), 20), "name": name}
            )
    return sorted(set(given))


def _is_date(value: Any) -> bool:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        return False
    try:
        date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _refused(sentence: str) -> Refused:
    return Refused(sentence, field="calendars")
