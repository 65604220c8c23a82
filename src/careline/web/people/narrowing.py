"""A part of a customer's line: some kinds of moments, one channel, nothing after a day."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused
from careline.touchpoints.kinds import KINDS
from careline.touchpoints.queries import Position
from careline.web import line

# By the first word of a kind.
PARTS = {
    "talks": ("conversation", "message", "reply", "effort", "autoreply", "copies"),
    "orders": ("order",),
    "shop": ("product", "products", "promotion", "coupon", "cart", "checkout", "payment"),
    "pages": ("page", "screen", "event"),
    "answers": ("survey",),
    "visits": ("visit", "moment"),
}


class Narrowed(msgspec.Struct, frozen=True):
    """What of the line is asked for; `page` is the place a page of it begins at, `day` the last day it shows."""

    part: str = ""
    channel: str = ""
    day: str = ""
    page: Position | None = None
    # The other way: what follows this place.
    after: Position | None = None
    # One talk or order: "conversation:12".
    about: str = ""
    zone: str = "UTC"

    @property
    def kinds(self) -> list[str]:
        return [name for name in KINDS if name.partition(".")[0] in PARTS[self.part]] if self.part else []

    @property
    def before(self) -> Position | None:
        """Nothing of the next day, where the viewer is."""
        if self.page or not self.day:
            return self.page
        over = datetime.fromisoformat(self.day) + timedelta(days=1)
        return over.replace(tzinfo=ZoneInfo(self.zone)), uuid.UUID(int=0)

    @property
    def is_whole(self) -> bool:
        return not (self.part or self.channel or self.day or self.about)

    @property
    def is_newest(self) -> bool:
        """Whether what happens next belongs on this page."""
        return not (self.page or self.after or self.day)

    def address(self, person_id: int, **other: str) -> str:
        """Of the same part, but for what is named."""
        wanted = {"part": self.part, "channel": self.channel, "day": self.day, "about": self.about} | other
        query = urlencode({name: value for name, value in wanted.items() if value})
        return f"/customers/{person_id}{'?' if query else ''}{query}"


def narrowed(given: Mapping[str, str], *, zone: str) -> Narrowed:
    part, day = given.get("part", ""), given.get("day", "")
    if part and part not in PARTS:
        raise Refused(_("This part of the line cannot be found; load the page again."))
    try:
        known = date.fromisoformat(day) if day else None
    except ValueError:
        known = date.min
    if known is not None and not 1900 < known.year < 9000:
        raise Refused(_("Choose a day."), field="day")
    return Narrowed(
        part=part,
        channel=given.get("channel", "")[:40].replace("\0", ""),
        day=known.isoformat() if known else "",
        page=place(given.get("before", "")),
        after=place(given.get("after", "")),
        about=given.get("about", "")[:300].replace("\0", ""),
        zone=zone or "UTC",
    )


def mark(place: Position) -> str:
    return f"{place[0].isoformat()}_{place[1]}"


def place(mark: str) -> Position | None:
    if not mark:
        return None
    at, _dot, number = mark.rpartition("_")
    try:
        moment = datetime.fromisoformat(at)
        if moment.tzinfo is None:
            raise ValueError
        return moment, uuid.UUID(number)
    except ValueError as error:
        raise Refused(_("This part of the line cannot be found; load the page again.")) from error


def choices(wanted: Narrowed, person_id: int, channels: Collection[str]) -> dict[str, list[dict[str, object]]]:
    """The parts there are, and the channels where there is more than one, each with its address."""
    parts = {
        "": _("All"),
        "talks": _("Talks"),
        "orders": _("Orders"),
        "shop": _("Shop"),
        "pages": _("Pages and events"),
        "answers": _("Answers"),
        "visits": _("Visits"),
    }
    ways = {"": _("Any channel"), **{one: line.channel_word(one) for one in sorted(channels)}}
    if wanted.channel:
        ways.setdefault(wanted.channel, line.channel_word(wanted.channel))
    return {
        "parts": [
            {"word": word, "url": wanted.address(person_id, part=name), "current": name == wanted.part}
            for name, word in parts.items()
        ],
        "channels": [
            {"word": word, "url": wanted.address(person_id, channel=name), "current": name == wanted.channel}
            for name, word in ways.items()
        ]
        if len(ways) > 2
        else [],
    }
