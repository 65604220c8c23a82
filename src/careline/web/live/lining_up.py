"""Visitors who wait are told where they stand in line: all of a process by one look."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Collection, Mapping
from typing import Any, Protocol

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from careline.kit import clock, pool
from careline.service.routing import queries

EVERY_S = 5.0
_log = logging.getLogger(__name__)
# Their number in line, and the minutes to be expected, rounded up; None while nothing is known of the pace.
Place = tuple[int, int | None]


class Visitor(Protocol):
    conversation_id: int | None
    place: Place | None

    def stand(self, place: Place | None) -> None: ...


async def tell(visitors: Mapping[int, Collection[Visitor]]) -> None:
    """Only what has changed, and nothing is asked while nobody is here."""
    while True:
        await asyncio.sleep(EVERY_S)
        here = [one for of_person in list(visitors.values()) for one in of_person if one.conversation_id is not None]
        if not here:
            continue
        try:
            await look(here)
        except Exception as error:
            _log.warning("The places in line cannot be told at the moment: %s", type(error).__name__)


async def look(here: Collection[Visitor]) -> None:
    now = clock.now()
    ids = sorted({one.conversation_id for one in here if one.conversation_id is not None})
    async with pool.connection() as conn:
        rows = await queries.STANDING.aall(conn, ids=ids, since=now - queries.WINDOW)
    found = {row.conversation: queries.told(row, now) for row in rows}
    for one in here:
        stands = found.get(one.conversation_id or 0)
        place = None if stands is None else (stands.position, _minutes(stands.wait_s))
        if place != one.place:
            one.stand(place)


def _minutes(seconds: int | None) -> int | None:
    return None if seconds is None else max(1, -(-seconds // 60))


def frame(place: Place | None) -> dict[str, Any]:
    """With a sentence in the visitor's language; empty once somebody has them."""
    if place is None:
        return {"position": None, "minutes": None, "words": ""}
    number, minutes = place
    words = _("You are next in line.") if number == 1 else _("You are number %(number)s in line.") % {"number": number}
    if minutes is not None:
        about = ngettext("About %(minutes)s minute.", "About %(minutes)s minutes.", minutes) % {"minutes": minutes}
        words = f"{words} {about}"
    return {"position": number, "minutes": minutes, "words": words}
