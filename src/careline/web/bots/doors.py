"""Flows in a list, and a new one from a beginning or from text."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from careline.kit.refusals import Refused
from careline.service.bots import actions, beginnings, queries
from careline.web.bots import words
from careline.web.doors import AgentRequest, signed_in


@require_safe
@signed_in
def flows(request: AgentRequest) -> HttpResponse:
    actor = request.actor
    rows = [(one, _short(one)) for one in queries.listed(actor)]
    return words.page(request, "bots/list.html", {"rows": rows}, tab="bots")


def _short(bot: Any) -> dict[str, Any]:
    found = queries.standing_of(bot)
    taken = len(found.coverage.taken)
    return {
        "steps": len(queries.flow_of(bot.text).steps), "rehearsals": len(found.rehearsals), "taken": taken,
        "failing": len(found.failing), "ways": taken + len(found.coverage.missed),
        "changed": bot.version and queries.published_text(bot) != bot.text,
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def create(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("bots.manage")
    error, status = "", 200
    if request.method == "POST":
        try:
            if post.get("what") == "text":
                made = actions.keep(post.get("text", "").replace("\r\n", "\n"), actor=actor)
            else:
                made = beginnings.begin(post.get("beginning", ""), actor=actor, called=post.get("name", ""))
            return redirect(f"/bots/{made.pk}?done=made")
        except Refused as refusal:
            if refusal.status not in (409, 422):
                raise
            error, status = str(refusal), refusal.status
    called = beginnings.words()
    rows = [(name, *called[name], beginnings.known(name), len(beginnings.one(name).talks)) for name in beginnings.NAMES]
    context = {"rows": rows, "error": error, "text": post.get("text", ""), "name": post.get("name", ""),
               "picked": post.get("beginning", beginnings.NAMES[0])}  # fmt: skip
    return words.page(request, "bots/new.html", context, tab="bots", status=status)
