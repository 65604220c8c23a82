"""Alerts of the live board: which there are, and one of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from careline.accounts import queries as accounts
from careline.insights.live import alerting, history, words
from careline.insights.live.alerting import Wanted
from careline.insights.live.limits import FIGURES
from careline.insights.live.looks import Limit
from careline.kit.refusals import Refused
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import number

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@BOTH
@signed_in
def alerts(request: AgentRequest) -> HttpResponse:
    """All of them, and a new one."""
    return _page(request, None)


@BOTH
@signed_in
def alert(request: AgentRequest, alert_id: int) -> HttpResponse:
    return _page(request, alert_id)


@require_POST
@signed_in
def removal(request: AgentRequest, alert_id: int) -> HttpResponse:
    alerting.drop_alert(alert_id, actor=request.actor)
    return redirect("/board/alerts")


def _page(request: AgentRequest, alert_id: int | None) -> HttpResponse:
    actor, post = request.actor, request.POST
    known = alerting.alert(actor, alert_id) if alert_id else None
    errors: dict[str, str] = {}
    status = 200
    if request.method == "POST":
        try:
            alerting.keep_alert(_wanted(post), actor=actor, alert_id=alert_id)
        except Refused as refusal:
            if refusal.status != 422:
                raise
            errors, status = {refusal.field or "figure": str(refusal)}, 422
        else:
            return redirect("/board/alerts")
    told = words.figures()
    colleagues = {one.pk: one.name for one in accounts.agents(actor) if one.is_active}
    context = {
        "rows": [_drawn(one, colleagues) for one in alerting.alerts(actor)], "errors": errors, "known": known,
        "given": _written(post) if errors else _kept(known, actor.agent_id), "may": actor.may("queues.manage"),
        "figures": [(name, f"{told[name]} ({_unit(name)})") for name in FIGURES],
        "queues": [("", _("All queues")), *((str(pk), name) for pk, name in history.queues(actor))],
        "agents": [(str(pk), name) for pk, name in colleagues.items()],
    }  # fmt: skip
    return render(request, "board/alerts.html", context, status=status)


def _wanted(post: QueryDict) -> Wanted:
    limit = post.get("limit", "").strip()
    if not (limit.isascii() and limit.isdecimal() and len(limit) < 8):
        raise Refused(_("Write a whole number."), field="limit")
    return Wanted(
        figure=post.get("figure", ""), limit=int(limit), is_on="is_on" in post,
        queue=number(said) if (said := post.get("queue", "")) else None,
        recipients=[number(str(one)) for one in post.getlist("recipients")],
    )  # fmt: skip


def _unit(figure: str) -> str:
    limited = FIGURES[figure]
    above = limited.way == "most"
    match limited.unit:
        case "minutes":
            return _("over so many minutes") if above else _("under so many minutes")
        case "percent":
            return _("over so many percent") if above else _("under so many percent")
        case _:
            return _("over so many") if above else _("under so many")


def _drawn(one: Any, colleagues: dict[int, str]) -> dict[str, Any]:
    limit = Limit(one.pk, one.figure, one.queue_id, one.at_most, one.at_least)
    return {
        "id": one.pk, "words": words.limited(limit, one.queue.name if one.queue else ""), "is_on": one.is_on,
        "to": ", ".join(colleagues[pk] for pk in one.recipients if pk in colleagues),
    }  # fmt: skip


def _kept(one: Any, own: int | None) -> dict[str, Any]:
    if one is None:
        return {"figure": "waiting", "queue": "", "limit": "", "is_on": True, "recipients": [str(own or "")]}
    limit = one.at_least if one.at_most is None else one.at_most
    return {
        "figure": one.figure, "queue": str(one.queue_id or ""), "limit": limit, "is_on": one.is_on,
        "recipients": [str(pk) for pk in one.recipients],
    }  # fmt: skip


def _written(post: QueryDict) -> dict[str, Any]:
    return {
        "figure": post.get("figure", ""), "queue": post.get("queue", ""), "limit": post.get("limit", ""),
        "is_on": "is_on" in post, "recipients": post.getlist("recipients"),
    }  # fmt: skip
