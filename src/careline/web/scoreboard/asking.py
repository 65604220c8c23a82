"""What the address of a scoreboard says: the period, by whom and where it is narrowed, and for whom it is."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from django.http import QueryDict
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.channels import queries as channels
from careline.customers import queries as customers
from careline.insights.metrics import choosing, words
from careline.insights.metrics.choosing import Chosen
from careline.insights.metrics.definitions import Definition
from careline.kit import clock
from careline.kit.refusals import Refused
from careline.service.routing import queries as routing

DAYS = ("7", "28", "90", "365")
USUAL = "28"


class Asked(msgspec.Struct, frozen=True):
    """`said` is what the address said, as far as it is kept on the way; dates are those of the form."""

    wanted: Chosen
    said: dict[str, str]
    view: str
    days: str
    first: str
    last: str
    wall: bool
    part: str = ""
    after: tuple[datetime, UUID] | None = None

    def address(self, path: str = "/scoreboard", **changed: str) -> str:
        """The same with something changed; an empty word takes it away."""
        said = {name: value for name, value in (self.said | changed).items() if value}
        return f"{path}?{urlencode(said)}" if said else path


def read(given: QueryDict, narrowed: Sequence[str] = choosing.PARTS) -> Asked:
    place = ZoneInfo(accounts.organization().zone)
    named = ("view", "days", "from", "to", *choosing.PARTS)
    said = {name: value for name in named if (value := str(given.get(name, "")).strip())}
    days = said.get("days", USUAL) if said.get("days", USUAL) in DAYS else USUAL
    last = _day(said["to"], "to") if "to" in said else clock.now().astimezone(place).date()
    first = _day(said["from"], "from") if "from" in said else last - timedelta(days=int(days) - 1)
    only = {name: value for name, value in said.items() if name in narrowed and name in choosing.PARTS}
    wanted = choosing.chosen(
        since=choosing.midnight(first, place), before=choosing.midnight(last + timedelta(days=1), place), only=only
    )
    return Asked(
        wanted=wanted, said=said, view=said.get("view", ""), days="" if "from" in said else days,
        first=first.isoformat(), last=last.isoformat(), wall=bool(given.get("wall")),
        part=given.get("by", "") if given.get("by", "") in narrowed else "", after=_after(given.get("after", "")),
    )  # fmt: skip


def _day(said: str, field: str) -> date:
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Refused(_("Write a day like 2026-01-31."), field=field) from None


def _after(said: str) -> tuple[datetime, UUID] | None:
    if not said:
        return None
    at, _space, id = said.partition(" ")
    try:
        moment = datetime.fromisoformat(at)
        return (moment, UUID(id)) if moment.tzinfo else None
    except ValueError:
        return None


def moment(said: str, field: str, zone: str) -> datetime:
    """A time as a form sends it, where the viewer is."""
    try:
        at = datetime.fromisoformat(said)
    except ValueError:
        raise Refused(_("Say when it was."), field=field) from None
    return at if at.tzinfo else at.replace(tzinfo=ZoneInfo(zone or "UTC"))


def choices(actor: Actor, asked: Asked, definition: Definition | None = None) -> list[dict[str, Any]]:
    """By what it may be narrowed: for each the word, the name, and what there is to choose."""
    # Of all measures few go by a survey or a queue.
    narrowed = definition.narrowed if definition else choosing.PARTS[:-2]
    there: dict[str, list[tuple[str, str]]] = {}
    inboxes = list(channels.visible_to(actor))
    there["channel"] = sorted({(one.kind, one.kind) for one in inboxes})
    there["inbox"] = [(str(one.pk), one.name) for one in inboxes]
    if actor.may("reports.view"):
        there["team"] = [(str(one.pk), one.name) for one in accounts.teams(actor)]
        there["queue"] = [(str(key), name) for key, name in routing.named(actor)]
        there["agent"] = [(str(one.pk), one.name) for one in accounts.agents(actor)]
    if actor.may("customers.view"):
        there["segment"] = [(str(one.pk), one.name) for one in customers.segments(actor)]
    named = words.parts()
    return [
        {
            "name": name,
            "word": named[name],
            "options": [("", _("All")), *there[name]],
            "value": asked.said.get(name, ""),
        }
        for name in choosing.PARTS
        if name in narrowed and there.get(name)
    ]
