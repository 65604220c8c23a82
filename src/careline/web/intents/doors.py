"""Intents in a list, one with its phrasings, phrasings from a file, and those that say nearly the same."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from careline.kit.refusals import Refused
from careline.service.bots import queries as bots
from careline.service.intents import actions, queries, sheets
from careline.web.bots import words
from careline.web.doors import AgentRequest, signed_in
from careline.web.people.drawn import language_words
from careline.web.settings.pages import number

BOTH = require_http_methods(["GET", "HEAD", "POST"])
SHOWN, REFUSED = 100, 200


@BOTH
@signed_in
def intents(request: AgentRequest) -> HttpResponse:
    actor, post = request.actor, request.POST
    error, status = "", 200
    if request.method == "POST":
        try:
            made = actions.keep(post.get("code", "").strip(), post.get("name", ""), actor=actor)
            return redirect(f"/intents/{made.code}")
        except Refused as refusal:
            error, status = _told(refusal)
    flows: dict[str, list[tuple[int, str]]] = {}
    for bot in bots.listed(actor):
        for code in bots.flow_of(bot.text).intents:
            flows.setdefault(code, []).append((bot.pk, bot.name))
    rows = queries.counted(actor)
    context = {
        "rows": rows, "flows": flows, "error": error, "code": post.get("code", ""), "name": post.get("name", ""),
        "unknown": sorted(set(flows) - {one.code for one, _n in rows}), **_learned(request),
    }  # fmt: skip
    return words.page(request, "intents/list.html", context, tab="intents", status=status)


@BOTH
@signed_in
def intent(request: AgentRequest, code: str) -> HttpResponse:
    """Its phrasings; what one does is named by `what`."""
    actor, post = request.actor, request.POST
    found = queries.one(actor, code)
    error, status, report = "", 200, None
    if request.method == "POST":
        try:
            what = post.get("what", "")
            if what == "say":
                said = [line.strip() for line in post.get("said", "").splitlines() if line.strip()]
                report = actions.phrase(code, said[: actions.MOST_PHRASINGS], actor=actor)
                if not report.refused:
                    return redirect(f"/intents/{code}?done=say")
            elif what == "unsay":
                actions.unsay(number(post.get("phrasing")), actor=actor)
                return redirect(f"/intents/{code}?done=unsay")
            elif what == "name":
                actions.keep(code, post.get("name", ""), actor=actor)
                return redirect(f"/intents/{code}?done=name")
            elif what == "drop":
                actions.drop(code, actor=actor)
                return redirect("/intents?done=drop")
            else:
                raise Refused(_("There is nothing of that name to change."))
        except Refused as refusal:
            error, status = _told(refusal)
    rows = list(queries.phrasings(actor, code)[: SHOWN * 20])
    reader = get_language() or "en"
    context = {
        "found": found, "rows": rows, "error": error, "report": report, "said": post.get("said", ""),
        "languages": {one.language: language_words(one.language, reader) for one in rows},
    }  # fmt: skip
    return words.page(request, "intents/intent.html", context, tab="intents", status=status)


@BOTH
@signed_in
def bring(request: AgentRequest) -> HttpResponse:
    """A table of codes and texts; what is refused does not keep the others back."""
    actor, post = request.actor, request.POST
    actor.must("bots.manage")
    error, status, report, first = "", 200, None, 1
    if request.method == "POST":
        try:
            file = request.FILES.get("file")
            content = file.read(sheets.LARGEST + 1) if isinstance(file, UploadedFile) else post.get("text", "").encode()
            if not content.strip():
                raise Refused(_("Choose a file, or write rows into the box."), field="file")
            rows, first = sheets.read(content)
            report = actions.load(rows, actor=actor, makes="makes" in post)
        except Refused as refusal:
            error, status = _told(refusal)
    context = {
        "error": error, "report": report, "text": "" if report else post.get("text", ""), "shown": REFUSED,
        "refused": [(row + first - 1, why) for row, why in report.refused[:REFUSED]] if report else [],
    }  # fmt: skip
    return words.page(request, "intents/import.html", context, tab="intents", status=status)


@BOTH
@signed_in
def alike(request: AgentRequest) -> HttpResponse:
    """Side by side, and mended by one press."""
    actor, post = request.actor, request.POST
    if request.method == "POST":
        actions.unsay_words(post.get("code", ""), post.get("text", ""), actor=actor)
        return redirect("/intents/alike?done=unsay")
    found = queries.near(actor)
    names = {one.code: one.name for one in queries.listed(actor)}
    context = {
        "clashes": [one for one in found if one.clashes][:SHOWN], "count": len(found), "shown": SHOWN,
        "idle": [one for one in found if not one.clashes][:SHOWN], "names": names,
    }  # fmt: skip
    return words.page(request, "intents/alike.html", context, tab="intents")


@require_safe
@signed_in
def learning(request: AgentRequest) -> HttpResponse:
    """How far it is, asked for again while something is learned."""
    return words.page(request, "intents/_learned.html", _learned(request))


def _learned(request: AgentRequest) -> dict[str, Any]:
    reader = get_language() or "en"
    return {"learned": [(one, language_words(one.language, reader)) for one in queries.learned(request.actor)]}


def _told(refusal: Refused) -> tuple[str, int]:
    if refusal.status not in (409, 413, 422):
        raise refusal
    return str(refusal), refusal.status
