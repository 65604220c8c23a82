"""The doors of the scoreboard: the board, one metric with what is behind it, a sheet of all, and what people note."""

from __future__ import annotations

from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careline.insights.metrics import board as boards
from careline.insights.metrics import noting, queries, sheet, words
from careline.insights.metrics.definitions import Waiting
from careline.kit.refusals import Refused
from careline.web import viewer
from careline.web.doors import AgentRequest, signed_in
from careline.web.scoreboard import asking, drawn
from careline.web.taking import taken_away

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@signed_in
def board(request: AgentRequest) -> HttpResponse:
    asked = asking.read(request.GET)
    found = boards.board(request.actor, asked.wanted, asked.view)
    context = {
        "columns": drawn.columns(found, asked, viewer.of(request).direction == "rtl"), "found": found, "asked": asked,
        "choices": asking.choices(request.actor, asked), "views": noting.views(request.actor),
        "may_note": request.actor.may("reports.view"), "view_words": words.views(), "waiting": drawn.waiting(),
        "notes": drawn.notes(found.annotations, asked.wanted),
    }  # fmt: skip
    return render(request, "scoreboard/wall.html" if asked.wall else "scoreboard/board.html", context)


@require_safe
@signed_in
def metric(request: AgentRequest, name: str) -> HttpResponse:
    definition = queries.found(name)
    if isinstance(definition, Waiting):
        return redirect("/scoreboard")
    asked = asking.read(request.GET, narrowed=definition.narrowed)
    rtl = viewer.of(request).direction == "rtl"
    return render(
        request, "scoreboard/metric.html", {
            "asked": asked, "choices": asking.choices(request.actor, asked, definition),
            **drawn.one(request.actor, definition, asked, rtl),
        },
    )  # fmt: skip


@require_safe
@signed_in
def export(request: AgentRequest) -> HttpResponseBase:
    asked = asking.read(request.GET)
    found = boards.board(request.actor, asked.wanted, asked.view)
    return taken_away(sheet.table(found), request.GET.get("format", ""), "scoreboard")


@BOTH
@signed_in
def noted(request: AgentRequest) -> HttpResponse:
    request.actor.must("reports.view")
    errors, status = {}, 200
    if request.method == "POST":
        try:
            _annotate(request)
            return redirect("/scoreboard/annotations")
        except Refused as refusal:
            errors, status = {refusal.field or "words": str(refusal)}, refusal.status
    rows = drawn.notes(noting.noted(request.actor)[::-1], asking.read(QueryDict()).wanted)
    context = {"rows": rows, "errors": errors, "given": request.POST, "kinds": words.kinds()}
    return render(request, "scoreboard/annotations.html", context, status=status)


def _annotate(request: AgentRequest) -> None:
    post, zone = request.POST, request.actor.zone
    at = asking.moment(post.get("at", ""), "at", zone)
    until = asking.moment(post["until"], "until", zone) if post.get("until") else None
    noting.annotate(
        actor=request.actor, at=at, until=until, words=post.get("words", ""), kind=post.get("kind", "other")
    )  # fmt: skip


@require_POST
@signed_in
def annotation_removal(request: AgentRequest, annotation_id: int) -> HttpResponse:
    noting.remove_annotation(annotation_id, actor=request.actor)
    return redirect("/scoreboard/annotations")


@require_POST
@signed_in
def views(request: AgentRequest) -> HttpResponse:
    """The board as it is looked at is kept under a name."""
    chosen = {name: request.POST[name] for name in noting.KEPT if request.POST.get(name)}
    kept = noting.keep_view(
        request.POST.get("name", ""), chosen, actor=request.actor, shared=bool(request.POST.get("shared"))
    )
    return redirect(f"/scoreboard?{urlencode(kept.chosen)}")


@require_POST
@signed_in
def view_removal(request: AgentRequest, view_id: int) -> HttpResponse:
    noting.remove_view(view_id, actor=request.actor)
    return redirect("/scoreboard")
