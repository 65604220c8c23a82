"""Looking at reports and at what went of them; and a report as it would be now, for whoever looks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import queries as customers
from careline.insights import tables
from careline.insights.metrics import board as boards
from careline.insights.metrics import choosing, sheet, words
from careline.insights.metrics.board import Board
from careline.insights.metrics.choosing import Chosen
from careline.insights.models import Report, Sending
from careline.insights.reports import paper, telling, timing
from careline.insights.reports.telling import Told
from careline.kit import clock
from careline.kit.refusals import NotVisible

# For doors, which name no models.
KnownReport = Report
KnownSending = Sending
MOST = 100
PDF = "application/pdf"
FORMATS = {"pdf": PDF, "csv": "text/csv"}


def reports(actor: Actor) -> QuerySet[Report]:
    """By name; of the house, so that nobody sends the same twice."""
    actor.must("reports.view")
    return Report.objects.order_by("name", "pk")


def report(actor: Actor, report_id: int) -> Report:
    found = reports(actor).filter(pk=report_id).first()
    if found is None:
        raise NotVisible(_("There is no such report."))
    return found


def sendings(actor: Actor, report_id: int, *, before: int | None = None, limit: int = MOST) -> list[Sending]:
    """The last first."""
    rows = Sending.objects.filter(report=report(actor, report_id)).order_by("-pk")
    return list((rows.filter(pk__lt=before) if before is not None else rows)[:limit])


def states(actor: Actor) -> dict[int, Sending]:
    """What became of each report the last time."""
    actor.must("reports.view")
    return {one.report_id: one for one in Sending.objects.order_by("report_id", "-pk").distinct("report_id")}


class Made(msgspec.Struct, frozen=True):
    """A report as its reader sees it."""

    told: Told
    board: Board
    title: str

    def content(self, format: str) -> bytes:
        if format == "pdf":
            return paper.drawn(self.told)
        return b"".join(tables.pieces(sheet.table(self.board), "csv"))


def made(actor: Actor, report: Report, due: datetime | None = None) -> Made:
    """As `actor` may see it; without a time as if it went now."""
    since, before = timing.period(report, due or clock.now())
    only = {name: said for name, said in report.chosen.items() if name in choosing.PARTS}
    return of(actor, choosing.chosen(since=since, before=before, only=only), report.chosen.get("view", ""), report.name)


def of(actor: Actor, wanted: Chosen, view: str, title: str = "") -> Made:
    found = boards.board(actor, wanted, view)
    return Made(telling.told(found, title, _narrowed(actor, wanted)), found, title)


def address(report: Report, due: datetime) -> str:
    """What the scoreboard's address says of it."""
    since, before = timing.period(report, due)
    zone = choosing.chosen().zone
    days = {"from": _iso(since, zone), "to": _iso(before - timedelta(microseconds=1), zone)}
    said: Mapping[str, str] = {**report.chosen, **days}
    return "&".join(f"{name}={value}" for name, value in said.items() if value)


def _iso(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).date().isoformat()


def _narrowed(actor: Actor, wanted: Chosen) -> str:
    named = words.parts()
    found = []
    for name, said in wanted.only.items():
        if name == "segment":
            called = customers.segment(actor, int(said)).name
        else:
            called = choosing.names(actor, msgspec.structs.replace(wanted, by=name)).get(said, said)
        found.append(f"{named[name]}: {called}")
    return ", ".join(found)
