"""Sources: a list, and for each its key, how to send to it, and the last events as they come."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from careline.tracking import actions, queries
from careline.web.doors import AgentRequest, signed_in
from careline.web.settings.pages import attempt, show
from careline.web.tracking import words

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@BOTH
@signed_in
def sources(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("organization.manage")

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        known = {"sources": list(queries.sources(actor)), "sides": words.sides(), "errors": errors}
        return show(request, "sources", "sources.html", known, status)

    def create() -> HttpResponse:
        made = actions.create_source(post.get("name", ""), post.get("side", ""), actor=actor)
        return redirect(f"/settings/sources/{made.pk}")

    if request.method != "POST":
        return draw({})
    return attempt(request, {"create": create}, draw, back="/settings/sources")


@BOTH
@signed_in
def source(request: AgentRequest, source_id: int) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("organization.manage")
    queries.source(actor, source_id)

    def draw(errors: dict[str, str], status: int = 200) -> HttpResponse:
        may_look = actor.may("customers.view")
        only = _only(request)
        lines = words.lines(queries.sightings(actor, source_id, outcome=only)) if may_look else []
        known: dict[str, Any] = {
            "source": queries.source(actor, source_id),
            "side": dict(words.sides())[queries.source(actor, source_id).side],
            "base": settings.CARELINE_BASE_URL,
            "may_look": may_look,
            "lines": lines,
            "only": only,
            "tabs": _tabs(),
            "paused": "paused" in request.GET,
            "after": lines[0].number if lines else 0,
            "errors": errors,
        }
        return show(request, "sources", "source.html", known, status)

    if request.method != "POST":
        return draw({})
    acts = {
        "rename": lambda: actions.rename_source(source_id, post.get("name", ""), actor=actor),
        "archive": lambda: actions.archive_source(source_id, actor=actor),
        "restore": lambda: actions.restore_source(source_id, actor=actor),
    }
    return attempt(request, acts, draw, back=f"/settings/sources/{source_id}")


@require_safe
@signed_in
def events(request: AgentRequest, source_id: int) -> HttpResponse:
    """What came since; 204 while nothing did."""
    request.actor.must("organization.manage")
    given = request.GET.get("after", "0")
    after = int(given) if given.isdecimal() and given.isascii() and len(given) < 19 else 0
    found = words.lines(queries.sightings(request.actor, source_id, after=after, outcome=_only(request)))
    if not found:
        return HttpResponse(status=204)
    shown = {"source_id": source_id, "lines": found, "after": found[0].number, "only": _only(request)}
    return render(request, "settings/_sightings.html", shown)


def _only(request: AgentRequest) -> str:
    only = request.GET.get("only", "")
    return only if only in dict(_tabs()) else ""


def _tabs() -> list[tuple[str, str]]:
    return [("", _("All")), ("accepted", _("Taken")), ("refused", _("Refused")), ("repeated", _("Repeated"))]
