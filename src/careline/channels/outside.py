"""What somebody who writes outside the hours of an inbox is told: that it is closed, and when it opens."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
from babel import Locale, UnknownLocaleError
from babel.dates import format_datetime

from careline.accounts import open_hours
from careline.kit import clock

# Of the house's own words: where the next opening stands.
PLACE = "{opening}"


class Closed(msgspec.Struct, frozen=True):
    """An inbox that is not open now; `opens_at` is nothing where no opening is in sight."""

    opens_at: datetime | None
    zone: str

    def opening(self, language: str) -> str:
        """Day and hour where the inbox works, for whoever reads it anywhere; empty where none is in sight."""
        if self.opens_at is None:
            return ""
        at = self.opens_at.astimezone(ZoneInfo(self.zone))
        try:
            locale = Locale.parse(language, sep="-")
        except (UnknownLocaleError, ValueError):
            locale = Locale("en")
        return f"{format_datetime(at, 'EEEE, d MMMM, HH:mm', locale=locale)} ({self.zone.replace('_', ' ')})"

    def said(self, words: str, language: str) -> str:
        """The house's own words with the opening in its place."""
        return words.replace(PLACE, self.opening(language))


def closed(inbox_id: int, *, at: datetime | None = None) -> Closed | None:
    """Nothing while it is open; a house without calendars always is."""
    at = at or clock.now()
    counting = open_hours.of(inbox_id)
    if counting.is_open(at):
        return None
    now = counting.eras[-1]
    zones = [calendar.get("zone") or now.zone for calendar in now.of(inbox_id)]
    return Closed(counting.opens_after(at), zones[0] if zones else now.zone)
