"""Answers of other tools: a file brought, its columns told, and what its first rows would be."""

from __future__ import annotations

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from careline.experience.surveys import queries as surveys
from careline.experience.surveys.bringing import actions, queries
from careline.experience.surveys.bringing.queries import Look, Trial
from careline.experience.surveys.shapes import bounds
from careline.kit.refusals import Refused
from careline.tracking import queries as imports
from careline.web.doors import AgentRequest, signed_in
from careline.web.surveys import mapping

BOTH = require_http_methods(["GET", "HEAD", "POST"])
_REFUSALS = (409, 422)


@BOTH
@signed_in
def bring(request: AgentRequest) -> HttpResponse:
    request.actor.must("surveys.edit")
    imports.imports(request.actor)  # whoever may not is told before a file is read
    error, status = "", 200
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if not isinstance(file, UploadedFile):
                raise Refused(_("Choose a file."), field="file")
            made = actions.upload(file.chunks(), name=file.name or "", actor=request.actor)
            return redirect(f"/surveys/import/{made.pk}")
        except Refused as refusal:
            if refusal.status not in (*_REFUSALS, 413):
                raise
            error, status = str(refusal), refusal.status
    return render(request, "surveys/bring.html", {"error": error}, status=status)


@BOTH
@signed_in
def brought(request: AgentRequest, import_id: int) -> HttpResponse:
    actor, post = request.actor, request.POST
    actor.must("surveys.edit")
    one = imports.imported(actor, import_id)
    if one.state != "ready" or one.form != queries.FORM:
        return redirect(f"/settings/imports/{import_id}")
    given = post.get("survey", request.GET.get("survey", ""))
    into = int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else 0
    error, status = "", 200
    look = queries.look_at(actor, import_id, survey=into)
    # With another survey other questions are known: what was said of columns is asked anew.
    if request.method == "POST" and post.get("drawn") == str(into):
        try:
            meant = mapping.read(post, look)
            look = queries.look_at(actor, import_id, meant)
            if post.get("what") == "start":
                actions.start(import_id, meant, actor=actor, name=post.get("name", ""))
                return redirect(f"/settings/imports/{import_id}")
        except Refused as refusal:
            if refusal.status not in _REFUSALS:
                raise
            error, status = str(refusal), refusal.status
    there = [(str(row.pk), row.name) for row in surveys.surveys(actor) if row.version]
    return render(request, "surveys/brought.html", {
        "one": one, "look": look, "rows": mapping.rows(look), "choices": mapping.choices(), "zones": mapping.zones(),
        "surveys": [("", _("A new one, which nobody is asked")), *there], "into": into, "error": error,
        "name": post.get("name", one.name.rpartition(".")[0]), "trials": [_trial(row, look) for row in look.trials],
        "sorts": {"qualtrics": "Qualtrics", "surveymonkey": "SurveyMonkey", "careline": "Careline", "csv": "CSV"},
    }, status=status)  # fmt: skip


def _trial(row: Trial, look: Look) -> dict[str, Any]:
    said = []
    for key, given in row.answers.items():
        question = look.form.question(key) if look.form else None
        if question is None or not given.is_given:
            continue
        value = given.value
        told = "" if value is None else _told(value)
        ends = bounds(question)
        said.append({"key": key, "told": f"{told}/{ends[1]}" if ends and told else told, "words": given.words})
    return {"row": row, "said": said}


def _told(value: Any) -> str:
    if isinstance(value, dict):
        return "; ".join(f"{one}: {chosen}" for one, chosen in value.items())
    return ", ".join(value) if isinstance(value, list) else str(value)
