"""The doors of the live board: itself, on a screen or on the wall, and the conversations behind each number."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from careline.accounts import queries as accounts
from careline.insights.live import figures, queries
from careline.kit.refusals import NotVisible
from careline.service.conversations import queries as talks
from careline.web.board import acting, drawn
from careline.web.desk import drawn as desk
from careline.web.doors import AgentRequest, signed_in
from careline.web.marks import felt_word


@require_safe
@signed_in
def board(request: AgentRequest) -> HttpResponse:
    found = queries.board(request.actor)
    return render(request, "board/board.html", {
        "found": found, "drawn": drawn.drawn(found), "formula": drawn.formulas()[figures.USUAL],
        "wall": bool(request.GET.get("wall")), "may_set_up": request.actor.may("queues.manage"),
    })  # fmt: skip


@require_safe
@signed_in
def behind(request: AgentRequest, what: str) -> HttpResponse:
    queue, agent = number_of(request.GET, "queue"), number_of(request.GET, "agent")
    level = _level(request.GET.get("level", ""))
    ids = queries.behind(request.actor, what, queue=queue, agent=agent, level=level)
    title = _titles()[what] if what != "felt" else _feeling(level)
    return listed(request, title, ids, colleague=agent if what == "held" else None)


def listed(
    request: AgentRequest, title: str, ids: Sequence[int], *, back: str = "/board", colleague: int | None = None
) -> HttpResponse:
    """These conversations in this order, each with what a lead may do about it."""
    rows = {row.id: row for row in talks.these(request.actor, list(ids))}
    there = [rows[one] for one in ids if one in rows]
    return render(request, "board/behind.html", {
        "title": title, "most": queries.MOST, "back_to": back,
        "rows": [(one.id, desk.row_html(one)) for one in there], "here": request.get_full_path(),
        "may": {name: request.actor.may(f"conversations.{name}") for name in ("assign", "note")},
        "agents": [(one.pk, one.name) for one in accounts.agents(request.actor) if one.is_active],
        **acting.colleague(request.actor, colleague),
    })  # fmt: skip


def number_of(given: QueryDict, name: str, *, most: int = 10**18) -> int | None:
    said = given.get(name, "")
    if not said:
        return None
    if not (said.isascii() and said.isdecimal() and len(said) < 19) or int(said) > most:
        raise NotVisible(_("There is no such number on the board."))
    return int(said)


def _level(said: str) -> int | None:
    return int(said) if said in ("-2", "-1", "0", "1", "2") else None


def _titles() -> dict[str, str]:
    return {
        "waiting": _("Waiting now"), "taken": _("Taken today"), "late": _("Taken late today"),
        "given_up": _("Gave up today"), "held": _("What they have open"), "arrived": _("Came today"),
        "low": _("Open, felt poor or bad"), "soon": _("Promises that break within 30 minutes"),
        "overdue": _("Promises that are broken"),
    }  # fmt: skip


def _feeling(level: int | None) -> str:
    if level is None:
        return _("Open, and nobody knows how it feels")
    return _("Open, felt %(level)s") % {"level": felt_word(level)}
