"""Segments: all with how many belong to them, one being written with its count, and taken away again."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careline.customers import actions, queries
from careline.insights.segments import verbs
from careline.kit.refusals import Refused
from careline.web.doors import AgentRequest, signed_in
from careline.web.people import building

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@signed_in
def segments(request: AgentRequest) -> HttpResponse:
    return render(request, "people/segments.html", {"rows": queries.segments(request.actor)})


@BOTH
@signed_in
def create(request: AgentRequest) -> HttpResponse:
    request.actor.must("customers.edit")
    return _edit(request, None)


@BOTH
@signed_in
def segment(request: AgentRequest, segment_id: int) -> HttpResponse:
    found = queries.segment(request.actor, segment_id)
    if request.method == "POST":
        request.actor.must("customers.edit")
    return _edit(request, found)


@require_POST
@signed_in
def draft(request: AgentRequest) -> HttpResponse:
    """The rule as it now stands in the form, drawn again with how many it would be."""
    request.actor.must("customers.edit")
    words = building.Words(request.actor)
    tree, error = _written(request, words)
    return render(request, "people/_builder.html", _drawn(request, tree, words, error))


@require_POST
@signed_in
def removal(request: AgentRequest, segment_id: int) -> HttpResponse:
    actions.remove_segment(segment_id, actor=request.actor)
    return redirect("/customers/segments")


def _edit(request: AgentRequest, found: queries.Counted | None) -> HttpResponse:
    words, status, name, error = building.Words(request.actor), 200, found.name if found else "", ""
    tree = building.grouped(found.rule if found else dict(building.FRESH))
    context: dict[str, Any] = {"errors": {}}
    if request.method == "POST":
        name = request.POST.get("name", "")
        tree, error = _written(request, words)
        if not request.POST.get("do") and not error:
            try:
                kept = verbs.save(name, tree, actor=request.actor, segment_id=found.pk if found else None)
                return redirect(f"/customers?segment={kept.pk}")
            except Refused as refusal:
                status = refusal.status
                context["errors"], error = {refusal.field or "rule": str(refusal)}, ""
                if refusal.field != "name":
                    error = str(refusal)
    context |= _drawn(request, tree, words, error)
    context |= {"name": name, "segment": found, "may_edit": request.actor.may("customers.edit")}
    return render(request, "people/segment.html", context, status=status)


def _written(request: AgentRequest, words: building.Words) -> tuple[building.Node, str]:
    tree = building.grouped(building.read(request.POST.dict()))
    try:
        return building.typed_by_definition(building.changed(tree, request.POST.get("do", "")), words), ""
    except Refused as refusal:
        return tree, str(refusal)


def _drawn(request: AgentRequest, tree: building.Node, words: building.Words, error: str) -> dict[str, Any]:
    count = None
    try:
        count = verbs.count(request.actor, tree)
    except Refused as refusal:
        error = error or str(refusal)
    return {
        "tree": words.drawn(tree), "abouts": words.abouts(), "traits": words.traits, "count": count,
        "error": error, "all_word": _("all of these"), "any_word": _("any of these"),
    }  # fmt: skip
