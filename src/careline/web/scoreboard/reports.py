"""Reports by mail: the list, one with what went of it, and how it would be now."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from careline.accounts import queries as accounts
from careline.insights.metrics import words
from careline.insights.reports import actions, queries
from careline.kit.refusals import Refused
from careline.web.doors import AgentRequest, signed_in
from careline.web.scoreboard import asking
from careline.web.settings.pages import number

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@signed_in
def reports(request: AgentRequest) -> HttpResponse:
    rows = list(queries.reports(request.actor))
    return render(request, "scoreboard/reports.html", {
        "rows": rows, "last": queries.states(request.actor), "named": _named(request), "when_words": _whens(),
        "states": _states(),
    })  # fmt: skip


@BOTH
@signed_in
def made(request: AgentRequest) -> HttpResponse:
    """A new one, of the scoreboard as it was looked at."""
    request.actor.must("reports.view")

    def keep() -> int:
        return actions.make(actor=request.actor, **_said(request.POST)).pk

    return _form(request, None, keep)


@BOTH
@signed_in
def report(request: AgentRequest, report_id: int) -> HttpResponse:
    found = queries.report(request.actor, report_id)

    def keep() -> int:
        match request.POST.get("what", ""):
            case "remove":
                actions.remove(report_id, actor=request.actor)
                return 0
            case "send":
                actions.send_now(report_id, actor=request.actor)
            case _:
                on = bool(request.POST.get("is_on"))
                actions.change(report_id, actor=request.actor, is_on=on, **_said(request.POST))
        return found.pk

    return _form(request, found, keep)


@require_safe
@signed_in
def file(request: AgentRequest, report_id: int, format: str) -> HttpResponse:
    """As it would go to who looks, now."""
    content = queries.made(request.actor, queries.report(request.actor, report_id)).content(format)
    return _enclosed(content, format, f"report-{report_id}")


@require_safe
@signed_in
def board_on_paper(request: AgentRequest) -> HttpResponse:
    """What stands on the scoreboard, as PDF."""
    asked = asking.read(request.GET)
    content = queries.of(request.actor, asked.wanted, asked.view).content("pdf")
    return _enclosed(content, "pdf", "scoreboard")


def _enclosed(content: bytes, format: str, name: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=queries.FORMATS[format])
    answer["Content-Disposition"] = f'attachment; filename="{name}.{format}"'
    return answer


def _form(request: AgentRequest, found: queries.KnownReport | None, keep: Any) -> HttpResponse:
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            kept = keep()
            return redirect(f"/scoreboard/reports/{kept}" if kept else "/scoreboard/reports")
        except Refused as refusal:
            if refusal.status not in (409, 422):
                raise
            errors, status = {refusal.field or "any": str(refusal)}, refusal.status
    given = _given(request, found)
    return render(request, "scoreboard/report.html", {
        "report": found, "errors": errors, "given": given, "named": _named(request), "choices": _chosen(request, given),
        "sendings": queries.sendings(request.actor, found.pk) if found else [], "states": _states(),
        "agents": [one for one in accounts.agents(request.actor) if one.is_active],
        "everys": [("day", _("Every day")), ("week", _("Every week")), ("month", _("Every month"))],
        "weekdays": _weekdays(), "spans": _spans(), "hours": [(str(n), f"{n:02}:00") for n in range(24)],
        "views": words.views(), "zone": accounts.organization().zone,
    }, status=status)  # fmt: skip


def _given(request: AgentRequest, found: queries.KnownReport | None) -> dict[str, Any]:
    """What the form shows: what was sent, what is kept, or what the scoreboard was looked at by."""
    if request.method == "POST":
        post = request.POST
        given = {name: post.get(name, "") for name in ("name", "every", "weekday", "monthday", "hour", "days")}
        return {**given, "formats": post.getlist("formats"), "recipients": post.getlist("recipients"),
                "chosen": {name: post.get(name, "") for name in actions.KEPT},
                "is_on": bool(post.get("is_on"))}  # fmt: skip
    if found is None:
        chosen = {name: request.GET.get(name, "") for name in actions.KEPT}
        return {"name": "", "every": "week", "weekday": "0", "monthday": "1", "hour": "7", "days": "0",
                "formats": ["pdf"], "recipients": [str(request.actor.agent_id)], "chosen": chosen,
                "is_on": True}  # fmt: skip
    return {
        "name": found.name, "every": found.every, "weekday": str(found.day if found.every == "week" else 0),
        "monthday": str(found.day if found.every == "month" else 1), "hour": str(found.hour), "days": str(found.days),
        "formats": found.formats, "recipients": [str(one) for one in found.recipients], "chosen": found.chosen,
        "is_on": found.is_on,
    }  # fmt: skip


def _said(post: QueryDict) -> dict[str, Any]:
    every = post.get("every", "")
    day = {"week": post.get("weekday", "0"), "month": post.get("monthday", "1")}.get(every, "0")
    return {
        "name": post.get("name", ""), "every": every, "day": number(day), "hour": number(post.get("hour", "7")),
        "days": number(post.get("days", "0")), "formats": post.getlist("formats"),
        "recipients": [number(one) for one in post.getlist("recipients")],
        "chosen": {name: post.get(name, "") for name in actions.KEPT if post.get(name)},
    }  # fmt: skip


def _chosen(request: AgentRequest, given: dict[str, Any]) -> list[dict[str, Any]]:
    asked = asking.read(QueryDict())
    found = asking.choices(request.actor, asked)
    return [one | {"value": given["chosen"].get(one["name"], "")} for one in found]


def _named(request: AgentRequest) -> dict[int, str]:
    return {one.pk: one.name for one in accounts.agents(request.actor)}


def _weekdays() -> list[tuple[str, str]]:
    names = (_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday"), _("Sunday"))
    return [(str(n), name) for n, name in enumerate(names)]


def _whens() -> dict[str, str]:
    return {"day": _("Every day"), "week": _("Every week"), "month": _("Every month")}


def _spans() -> list[tuple[str, str]]:
    return [("0", _("Since the one before")), *((str(n), _("The last %(days)s days") % {"days": n})
            for n in actions.DAYS if n)]  # fmt: skip


def _states() -> dict[str, tuple[str, str]]:
    """The word and its color."""
    return {"waiting": (_("on its way"), "line"), "sent": (_("sent"), ""), "refused": (_("not sent"), "rough"),
            "failed": (_("did not go"), "stop")}  # fmt: skip
