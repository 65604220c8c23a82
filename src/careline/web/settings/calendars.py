"""Business calendars as a form: one line a day, several intervals on it, and the holidays."""

from __future__ import annotations

import re
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_INTERVAL = re.compile(r"(\d{1,2}:\d{2})\s*(?:-|–|to)\s*(\d{1,2}:\d{2})")


def days() -> list[tuple[str, str]]:
    words = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return list(zip(DAYS, words, strict=True))


def drawn(calendars: dict[str, Any]) -> list[dict[str, Any]]:
    """Each calendar with its lines, and an empty one to fill in."""
    shown = [
        {
            "name": name,
            "lines": {
                day: ", ".join(f"{begin}-{end}" for begin, end in calendar.get("days", {}).get(day, [])) for day in DAYS
            },
            "holidays": "\n".join(calendar.get("holidays", [])),
            "zone": calendar.get("zone", ""),
            "was": name,
        }
        for name, calendar in calendars.items()
    ]
    usual = {day: "09:00-17:00" if day not in ("sat", "sun") and not shown else "" for day in DAYS}
    return [*shown, {"name": "", "lines": usual, "holidays": "", "zone": "", "was": ""}]


def written(post: QueryDict) -> list[dict[str, Any]]:
    """Each calendar as it stands in a form that was refused."""
    return [
        {
            "name": name,
            "lines": {day: post.get(f"{n}.{day}", "") for day in DAYS},
            "holidays": post.get(f"{n}.holidays", ""),
            "zone": post.get(f"{n}.zone", ""),
            "was": post.get(f"{n}.was", ""),
        }
        for n, name in enumerate(post.getlist("calendar"))
    ]


def read(post: QueryDict) -> dict[str, Any]:
    """What the form holds; a calendar whose name was taken out is gone."""
    read: dict[str, Any] = {}
    for n, name in enumerate(post.getlist("calendar")):
        if not name.strip():
            continue
        lines = {day: _intervals(post.get(f"{n}.{day}", "")) for day in DAYS}
        holidays = [line.strip() for line in post.get(f"{n}.holidays", "").splitlines() if line.strip()]
        zone = post.get(f"{n}.zone", "")
        read[name.strip()] = {
            "days": {day: line for day, line in lines.items() if line}, "holidays": holidays,
            **({"zone": zone} if zone else {}),
        }  # fmt: skip
    return read


def renamed(post: QueryDict) -> dict[str, str]:
    """What calendars that had a name before are called now."""
    return {was: name.strip() for n, name in enumerate(post.getlist("calendar")) if (was := post.get(f"{n}.was", ""))}


def _intervals(line: str) -> list[list[str]]:
    parts = [part.strip() for part in re.split(r"[,;]", line) if part.strip()]
    found = [_INTERVAL.fullmatch(part) for part in parts]
    if not all(found):
        raise Refused(_("Write hours like 09:00-12:00, 13:00-17:00."), field="calendars")
    return [[one[1].zfill(5), one[2].zfill(5)] for one in found if one]
