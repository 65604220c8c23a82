"""A day of the board as it was kept: by the hour, an hour of it by the minute, and who waited or came then."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.formats import date_format
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from careline.insights.live import figures, history
from careline.insights.live.history import Day, Stretch
from careline.kit.refusals import NotVisible, Refused
from careline.service.routing import explaining
from careline.web import marks
from careline.web.board import doors, drawn
from careline.web.doors import AgentRequest, signed_in

WIDE, HIGH = 960, 96


@require_safe
@signed_in
def earlier(request: AgentRequest) -> HttpResponse:
    actor, given = request.actor, request.GET
    actor.must("board.view")
    wanted = _day(given.get("day", ""))
    queue, hour = doors.number_of(given, "queue"), doors.number_of(given, "hour", most=24)
    found, place = history.day(actor, wanted, queue=queue, hour=hour), history.zone()
    return render(request, "board/history.html", {
        "found": found, "hour": hour, "queue": str(queue or ""), "chart": chart(found),
        "queues": [(str(pk), name) for pk, name in history.queues(actor)],
        "rows": [_row(one, found, place, queue, hour) for one in found.stretches],
        "waits": [_ended(one) for one in found.queues], "title": _title(wanted),
        "peak": max((one.waiting for one in found.stretches), default=0),
        "before": _way(wanted - timedelta(days=1), queue), "whole": _way(wanted, queue),
        "after": _way(wanted + timedelta(days=1), queue) if wanted <= history.yesterday() else "",
        "formula": drawn.formulas()[figures.USUAL], "from": _clock(found.since, place),
        "to": _clock(found.until, place), "words": wanted.isoformat(),
    })  # fmt: skip


@require_safe
@signed_in
def then(request: AgentRequest, what: str) -> HttpResponse:
    """Who waited, or came, from one moment to another."""
    given = request.GET
    since, until = _moment(given.get("from", "")), _moment(given.get("to", ""))
    ids = history.behind(request.actor, what, since, until, queue=doors.number_of(given, "queue"))
    place = history.zone()
    here = since.astimezone(place)
    span = {"day": _title(here.date()), "from": f"{here:%H:%M}", "to": _clock(until, place)}
    said = _("Waited on %(day)s, %(from)s to %(to)s") if what == "waiting" else _("Came on %(day)s, %(from)s to %(to)s")
    return doors.listed(request, said % span, ids, back=f"/board/history?day={here.date()}")


def _way(day: date, queue: int | None, **more: int) -> str:
    narrowed = {"queue": queue} if queue else {}
    return f"/board/history?{urlencode({'day': day} | narrowed | more)}"


def _title(one: date) -> str:
    return date_format(one, "j F Y")


def _day(said: str) -> date:
    if not said:
        return history.yesterday()
    try:
        return date.fromisoformat(said)
    except ValueError:
        raise Refused(_("Choose a day."), field="day") from None


def _moment(said: str) -> datetime:
    try:
        found = datetime.fromisoformat(said)
    except ValueError:
        raise NotVisible(_("There is no such number on the board.")) from None
    if found.tzinfo is None:
        raise NotVisible(_("There is no such number on the board."))
    return found


def _clock(at: datetime, place: ZoneInfo) -> str:
    return f"{at.astimezone(place):%H:%M}"


def _row(one: Stretch, found: Day, place: ZoneInfo, queue: int | None, hour: int | None) -> dict[str, Any]:
    until = one.at + (history.HOUR if hour is None else history.MINUTE)
    narrowed = {"queue": queue} if queue else {}
    span = {"from": one.at.isoformat(), "to": until.isoformat()} | narrowed
    nth = round((one.at - found.since) / history.HOUR)
    ready = "" if one.ready_low is None else str(one.ready_low)
    if one.ready_high != one.ready_low:
        ready = f"{one.ready_low}–{one.ready_high}"
    return {
        "at": _clock(one.at, place), "closer": "" if hour is not None else _way(found.day, queue, hour=nth),
        "waiting": one.waiting, "longest": explaining.span(one.longest_s) if one.longest_s else "", "came": one.came,
        "ready": ready, "waited_at": f"/board/history/waiting?{urlencode(span)}",
        "came_at": f"/board/history/arrived?{urlencode(span)}", "known": one.kept > 0,
    }  # fmt: skip


def _ended(one: history.Queued) -> dict[str, Any]:
    service = one.service
    return {
        "name": one.name, "taken": service.taken, "given_up": service.given_up,
        "level": drawn.share(service.level(figures.USUAL)), "strict": drawn.share(service.level("strict")),
        "abandonment": drawn.share(service.abandonment()),
    }  # fmt: skip


def chart(found: Day) -> Markup:
    """How many waited at most, stretch by stretch; what is not known is left out."""
    whole = (found.until - found.since).total_seconds()
    step = history.HOUR if found.until - found.since > history.HOUR else history.MINUTE
    peak = max((one.waiting for one in found.stretches), default=0) or 1
    rtl = get_language_bidi()

    def x(at: datetime) -> str:
        along = min(1.0, max(0.0, (at - found.since).total_seconds() / whole)) * WIDE
        return f"{WIDE - along if rtl else along:.1f}"

    parts = [f'<path class="axis" d="M0 {HIGH}H{WIDE}"/>']
    for run in _runs(found.stretches, step):
        points = "".join(f"V{HIGH - one.waiting / peak * (HIGH - 8):.1f}H{x(one.at + step)}" for one in run)
        parts.append(f'<path class="held" d="M{x(run[0].at)} {HIGH}{points}V{HIGH}Z"/>')
    whole_chart = f'<svg class="day-waits" viewBox="0 0 {WIDE} {HIGH}" preserveAspectRatio="none" aria-hidden="true">'
    return marks.trusted(f"{whole_chart}{''.join(parts)}</svg>")


def _runs(stretches: Sequence[Stretch], step: timedelta) -> list[list[Stretch]]:
    """Those that follow one another without a gap."""
    runs: list[list[Stretch]] = []
    for one in stretches:
        if not one.kept:
            continue
        if runs and runs[-1][-1].at + step == one.at:
            runs[-1].append(one)
        else:
            runs.append([one])
    return runs
