"""Which cases a figure is of: a period in a zone, cut into days, weeks or months, narrowed and parted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.channels import queries as channels
from careline.customers import queries as customers
from careline.insights.metrics.definitions import Definition
from careline.kit import clock
from careline.kit.refusals import NotAllowed, Refused
from careline.service.routing import queries as routing

UNITS = ("day", "week", "month")
PARTS = ("channel", "inbox", "team", "agent", "segment", "queue", "survey")
USUAL = timedelta(days=28)
MOST_SPANS = 400
MOST_SEGMENTS = 10
EARLIEST, LATEST = datetime(1971, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC)
NOTHING: Mapping[str, str] = {}


class Chosen(msgspec.Struct, frozen=True):
    """From `since` to before `before`; `unit` cuts it, `by` parts it (of segments those named), `only` narrows it."""

    since: datetime
    before: datetime
    zone: str
    unit: str | None = None
    by: str | None = None
    segments: tuple[int, ...] = ()
    only: Mapping[str, str] = NOTHING


def chosen(
    *, since: datetime | None = None, before: datetime | None = None, by: str = "", zone: str = "",
    only: Mapping[str, str] = NOTHING,
) -> Chosen:  # fmt: skip
    """What was left out is as usual: the last 28 days up to tonight, in the zone of the house."""
    zone = zone or accounts.organization().zone
    try:
        place = ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(_("There is no time zone of that name."), field="zone") from None
    before = before or midnight(clock.now().astimezone(place).date() + timedelta(days=1), place)
    since = since or midnight((before - USUAL).astimezone(place).date(), place)
    if not EARLIEST <= since < before <= LATEST:
        raise Refused(_("A period begins before it ends, between 1971 and 2199."), field="from")
    unit, part, segments = _read(by)
    return Chosen(since, before, zone, unit, part, segments, {name: said for name, said in only.items() if said})


def _read(by: str) -> tuple[str | None, str | None, tuple[int, ...]]:
    """`week`, `team`, `week,team` or `week,segment:3,5`."""
    first, comma, rest = by.partition(",")
    unit = first if first in UNITS else None
    part = rest if unit else by
    if not part and (by == "" or (unit and not comma)):
        return unit, None, ()
    name, colon, ids = part.partition(":")
    if name not in PARTS or bool(colon) != (name == "segment"):
        raise Refused(
            _("Figures go by day, week or month, and by channel, inbox, team, agent, queue, survey or segment:ID."),
            field="by",
        )
    return unit, name, _segments(ids) if name == "segment" else ()


def _segments(ids: str) -> tuple[int, ...]:
    found = tuple(dict.fromkeys(_number(one) for one in ids.split(",")))
    if len(found) > MOST_SEGMENTS:
        raise Refused(_("An answer is broken down by at most %(most)s segments.") % {"most": MOST_SEGMENTS}, field="by")
    return found


def _number(said: str) -> int:
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 19 else 0


def bounds(wanted: Chosen) -> list[datetime]:
    """Where its spans begin, and where the last one ends; the first and the last may be cut."""
    if wanted.unit is None:
        return [wanted.since, wanted.before]
    place = ZoneInfo(wanted.zone)
    found, day = [wanted.since], begins(wanted.unit, wanted.since.astimezone(place).date())
    while True:
        day = following(wanted.unit, day)
        at = midnight(day, place)
        if at >= wanted.before:
            return [*found, wanted.before]
        if at > found[-1]:
            found.append(at)
        if len(found) > MOST_SPANS:
            raise Refused(
                _("At most %(most)s spans are told at once; ask for less time.") % {"most": MOST_SPANS}, field="by"
            )


def begins(unit: str, day: date) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


def following(unit: str, day: date) -> date:
    if unit == "month":
        return (day.replace(day=28) + timedelta(days=4)).replace(day=1)
    return day + timedelta(days=7 if unit == "week" else 1)


def midnight(day: date, place: ZoneInfo) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=place).astimezone(UTC)


def must_fit(definition: Definition, wanted: Chosen) -> None:
    """Numerator and denominator are narrowed alike, so both must know what they are narrowed by."""
    for name in (*wanted.only, *([wanted.by] if wanted.by else [])):
        if name not in definition.narrowed:
            field = "by" if name == wanted.by and name not in wanted.only else name
            raise Refused(
                _("%(metric)s does not go by %(part)s; it goes by: %(parts)s.")
                % {"metric": definition.name, "part": name, "parts": ", ".join(definition.narrowed)},
                field=field,
            )


def filters(actor: Actor, only: Mapping[str, str]) -> dict[str, Any]:
    """As they are asked. Who may not read reports sees their own work alone."""
    found: dict[str, Any] = {}
    for name, said in only.items():
        if name not in PARTS or "\0" in said or len(said) > 200:
            raise Refused(_("Figures are narrowed by: %(parts)s.") % {"parts": ", ".join(PARTS)}, field=name)
        found[name] = said if name in ("channel", "survey") else _number(said)
    if not actor.may("reports.view"):
        if actor.agent_id is None or not actor.may("conversations.view"):
            actor.must("reports.view")
        if found.setdefault("agent", actor.agent_id) != actor.agent_id:
            raise NotAllowed(_("Without the permission to read reports you see the figures of your own work."))
    if "segment" in found:
        actor.must("customers.view")
        customers.segment(actor, found["segment"])
    return found


def names(actor: Actor, wanted: Chosen) -> dict[str, str]:
    """What the parts are called, by their keys."""
    match wanted.by:
        case "inbox":
            return {str(one.pk): one.name for one in channels.visible_to(actor)}
        case "team":
            return {str(one.pk): one.name for one in accounts.teams(actor)}
        case "agent":
            return {str(one.pk): one.name for one in accounts.agents(actor)}
        case "queue":
            return {str(key): name for key, name in routing.named(actor)}
    return {}


def members(actor: Actor, segment_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Of each segment those who belong to it, under its number."""
    actor.must("customers.view")
    found = []
    for one in segment_ids:
        found += [(person, str(one)) for person in customers.in_segment(actor, one).values_list("pk", flat=True)]
    return found
