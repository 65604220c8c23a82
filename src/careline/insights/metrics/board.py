"""The scoreboard: of each metric the figure of a period beside the one before, its weeks, and whether it moved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.insights.metrics import choosing, figures, noting, queries, weights
from careline.insights.metrics.catalog import DEFINITIONS
from careline.insights.metrics.choosing import Chosen
from careline.insights.metrics.definitions import Definition
from careline.insights.metrics.figures import Change, Figure
from careline.insights.metrics.queries import Place, Point, Room
from careline.service.routing import queries as routing
from careline.service.sla import queries as promises

_ALL = (
    "first_response_time", "first_response_time_business", "resolution_time", "resolution_rate", "fcr", "reopen_rate",
    "promises_kept", "service_level", "service_level_strict", "abandonment", "delivery_on_time", "csat", "ces", "nps",
    "repeat_purchase_rate", "retention", "effort",
    "contact_rate", "re_ask_rate", "negative_sentiment",
)  # fmt: skip
# Who looks at what; an agent at their own work.
VIEWS: Mapping[str, Sequence[str]] = {
    "all": _ALL,
    "agent": ("first_response_time", "resolution_time", "fcr", "reopen_rate", "csat", "ces", "effort",
              "re_ask_rate", "negative_sentiment"),
    "lead": ("first_response_time", "first_response_time_business", "resolution_time", "resolution_rate", "fcr",
             "reopen_rate", "promises_kept", "service_level", "abandonment", "csat", "ces", "effort", "re_ask_rate",
             "negative_sentiment"),
    "cx": ("delivery_on_time", "fcr", "contact_rate", "csat", "ces", "nps", "retention", "effort", "re_ask_rate",
           "negative_sentiment",
           "sentiment_shift"),
    "executive": ("first_response_time", "fcr", "delivery_on_time", "contact_rate", "csat", "nps",
                  "repeat_purchase_rate", "retention"),
}  # fmt: skip
TREND = 12
# Longer periods are told by months.
WEEKS = timedelta(days=92)


class Tile(msgspec.Struct, frozen=True):
    """`shifted`: earlier than the period, as late as can be told. Without `now` it does not go by what is chosen."""

    definition: Definition
    since: datetime
    before: datetime
    now: Point | None
    past: Figure | None
    change: Change | None
    trend: list[Point]
    shifted: bool

    @property
    def is_better(self) -> bool | None:
        """None of no real change, and where neither side is wished for."""
        if self.change is None or not self.change.real or not self.definition.better:
            return None
        return (self.change.value > 0) == (self.definition.better == "high")


class Board(msgspec.Struct, frozen=True):
    wanted: Chosen
    view: str
    tiles: list[Tile]
    annotations: list[noting.Note]
    as_of: datetime | None


def board(actor: Actor, wanted: Chosen, view: str = "") -> Board:
    """Of what `view` shows; who may not read reports sees an agent's, of their own work."""
    view = view if view in VIEWS and actor.may("reports.view") else ("all" if actor.may("reports.view") else "agent")
    only = choosing.filters(actor, wanted.only)
    with queries.looking(actor) as room:
        queries.prepare(room, only, wanted)
        tiles = counted(room, _shown(view), wanted, only)
        as_of = room.as_of
    first = min([wanted.since, *(one.trend[0].begins for one in tiles if one.trend)])
    return Board(wanted, view, tiles, noting.noted(actor, first, wanted.before), as_of)


def _shown(view: str) -> list[Definition]:
    """In working hours only where the house keeps calendars, or ever kept any; promises and waits where it has them."""
    shown = [weights.today(DEFINITIONS[name]) for name in VIEWS[view]]
    keeps_hours = any(era.calendars for era in accounts.hours())
    left_out = {"promise": not promises.are_on(), "wait": not routing.is_set_up()}
    return [one for one in shown if (keeps_hours or not one.business) and not left_out.get(one.about)]


def trend_unit(wanted: Chosen) -> str:
    return "week" if wanted.before - wanted.since <= WEEKS else "month"


def trend_bounds(wanted: Chosen, unit: str = "") -> list[datetime]:
    """Whole weeks or months up to the end of the period, the last one cut there."""
    unit, place = unit or trend_unit(wanted), ZoneInfo(wanted.zone)
    day = choosing.begins(unit, (wanted.before - timedelta(microseconds=1)).astimezone(place).date())
    found = [wanted.before]
    for _n in range(TREND):
        found.append(choosing.midnight(day, place))
        day = choosing.begins(unit, day - timedelta(days=1))
    return found[::-1]


def counted(room: Room, shown: Sequence[Definition], wanted: Chosen, only: dict[str, Any]) -> list[Tile]:
    """Of each metric the period, the one before, and the trend, counted at once."""
    asking = [one for one in shown if queries.asks(one)]
    earlier = earlier_by(wanted.since, _days(wanted), wanted.zone)
    shares = queries.heard(room, asking, [[earlier, wanted.since, wanted.before]], only) if asking else {}
    return [_tile(room, one, wanted, only, shares.get(one.name)) for one in shown]


def _tile(
    room: Room, definition: Definition, wanted: Chosen, only: dict[str, Any], shares: Mapping[Place, float] | None
) -> Tile:  # fmt: skip
    since, before = period(definition, wanted, room.until)
    if not set(only) <= set(definition.narrowed):
        return Tile(definition, since, before, None, None, None, [], False)
    weeks = trend_bounds(wanted)
    earlier = earlier_by(since, _days(wanted), wanted.zone)
    bounds = [earlier, since, before]
    cells = queries.counted(room, definition, [bounds, weeks], only, shares=shares)

    def point(set: int, span: int, bounds: Sequence[datetime]) -> Point:
        cell, ends = cells[set, span, None], bounds[span + 1]
        mature = queries.is_mature(definition, ends, room.until)
        return Point(bounds[span], ends, None, "", cell.figure, cell.coverage, mature)

    past, now = cells[0, 0, None].figure, point(0, 1, bounds)
    return Tile(
        definition, since, before, now, past, figures.change(now.figure, past),
        [point(1, n, weeks) for n in range(len(weeks) - 1)], since != wanted.since,
    )  # fmt: skip


def period(definition: Definition, wanted: Chosen, until: datetime) -> tuple[datetime, datetime]:
    """As chosen; when nothing of it can be told yet, the latest one of its length that can."""
    if definition.maturity is None or wanted.since + definition.maturity < until:
        return wanted.since, wanted.before
    days = -((until - definition.maturity - wanted.before) // timedelta(days=1))
    return earlier_by(wanted.since, days, wanted.zone), earlier_by(wanted.before, days, wanted.zone)


def earlier_by(at: datetime, days: int, zone: str) -> datetime:
    """The same time of day so many days before, whatever the clocks did between."""
    local = at.astimezone(ZoneInfo(zone))
    return (local.replace(tzinfo=None) - timedelta(days=days)).replace(tzinfo=ZoneInfo(zone)).astimezone(at.tzinfo)


def _days(wanted: Chosen) -> int:
    return max(1, round((wanted.before - wanted.since) / timedelta(days=1)))
