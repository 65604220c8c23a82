"""Surveys written: the list, a new one, the editor with its preview, and what opens and closes them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careline.experience.surveys import actions, beginnings, checking, delivery, links, queries
from careline.experience.surveys.queries import Listed
from careline.experience.surveys.recalling import Recall
from careline.experience.surveys.shapes import Form
from careline.kit.refusals import Refused
from careline.web.doors import AgentRequest, signed_in
from careline.web.surveys import asked, words, writing

BOTH = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@signed_in
def surveys(request: AgentRequest) -> HttpResponse:
    return render(request, "surveys/surveys.html", {
        "rows": queries.surveys(request.actor), "states": words.states(),
        "may_edit": request.actor.may("surveys.edit"),
    })  # fmt: skip


@BOTH
@signed_in
def create(request: AgentRequest) -> HttpResponse:
    request.actor.must("surveys.edit")
    begun, errors, status = request.POST.get("beginning", ""), {}, 200
    if request.method == "POST":
        beginning = beginnings.named(begun)
        name = request.POST.get("name", "").strip() or (_(beginning.name) if beginning else "")
        try:
            made = actions.create(name, beginnings.form(beginning, request.actor.language), actor=request.actor)
            return redirect(f"/surveys/{made.pk}")
        except Refused as refusal:
            errors, status = {refusal.field or "name": str(refusal)}, refusal.status
    context = {
        "beginnings": [(one.key, _(one.name), _(one.moment), _types(one)) for one in beginnings.BEGINNINGS],
        "begun": begun, "errors": errors, "name": request.POST.get("name", ""),
    }  # fmt: skip
    return render(request, "surveys/new.html", context, status=status)


def _types(one: beginnings.Beginning) -> str:
    return ", ".join(words.type_word(type) for _key, type, _words, _more in one.questions)


@BOTH
@signed_in
def survey(request: AgentRequest, survey_id: int) -> HttpResponse:
    found = queries.survey(request.actor, survey_id)
    language = _language(request, found.form)
    if request.method != "POST":
        return render(request, "surveys/survey.html", _drawn(request, found, language))
    request.actor.must("surveys.edit")
    try:
        _kept(request, found, language)
    except Refused as refusal:
        context = _drawn(request, found, language, error=str(refusal))
        return render(request, "surveys/survey.html", context, status=refusal.status)
    wanted = request.POST.get("other_language", "") or language
    return redirect(f"/surveys/{survey_id}?language={wanted}")


@require_POST
@signed_in
def draft(request: AgentRequest, survey_id: int) -> HttpResponse:
    """Kept as it stands in the form, and drawn again: all of it after a button, else the preview alone."""
    found = queries.survey(request.actor, survey_id)
    request.actor.must("surveys.edit")
    language, error, status = _language(request, found.form), "", 200
    try:
        found = _kept(request, found, language)
    except Refused as refusal:
        error, status = str(refusal), refusal.status
    whole = bool(request.POST.get("do")) or request.headers.get("HX-Target") == "builder"
    page = "surveys/_builder.html" if whole else "surveys/_preview.html"
    return render(request, page, _drawn(request, found, language, error=error), status=status)


@require_POST
@signed_in
def publication(request: AgentRequest, survey_id: int) -> HttpResponse:
    return _tried(request, survey_id, lambda: actions.publish(survey_id, actor=request.actor))


@require_POST
@signed_in
def closure(request: AgentRequest, survey_id: int) -> HttpResponse:
    return _tried(request, survey_id, lambda: actions.close(survey_id, actor=request.actor))


@require_POST
@signed_in
def removal(request: AgentRequest, survey_id: int) -> HttpResponse:
    actions.remove(survey_id, actor=request.actor)
    return redirect("/surveys")


@require_safe
@signed_in
def code(request: AgentRequest, survey_id: int, form: str) -> HttpResponse:
    kind = "image/svg+xml" if form == "svg" else "image/png"
    return HttpResponse(delivery.code(request.actor, survey_id, form), content_type=kind)


def _tried(request: AgentRequest, survey_id: int, verb: Any) -> HttpResponse:
    try:
        verb()
    except Refused as refusal:
        if refusal.status not in (409, 422):
            raise
        found = queries.survey(request.actor, survey_id)
        context = _drawn(request, found, _language(request, found.form), error=str(refusal))
        return render(request, "surveys/survey.html", context, status=refusal.status)
    return redirect(f"/surveys/{survey_id}")


def _kept(request: AgentRequest, found: Listed, language: str) -> Listed:
    form = writing.read(request.POST.dict(), request.POST.getlist("languages"), found.form, language)
    form = writing.changed(form, request.POST.get("do", ""), request.POST.dict())
    given = request.POST.get("revision", "")
    revision = int(given) if given.isascii() and given.isdecimal() and len(given) < 9 else found.revision
    name = request.POST.get("name", "").strip() or None
    actions.change(found.pk, name=name, form=form, revision=revision, actor=request.actor)
    return queries.survey(request.actor, found.pk)


def _language(request: AgentRequest, form: Form) -> str:
    """Which of its languages is being written."""
    wanted = request.POST.get("language", "") or request.GET.get("language", "")
    return wanted if wanted in form.languages else form.languages[0]


def _drawn(request: AgentRequest, found: Listed, language: str, *, error: str = "") -> dict[str, Any]:
    form = found.form
    problems = checking.problems(form)
    recall = Recall(form, language, {}, {})
    known = dict(settings.LANGUAGES)
    return {
        "survey": found, "form": form, "language": language, "error": error,
        "may_edit": request.actor.may("surveys.edit"), "states": words.states(),
        "languages": [(one, _named(one)) for one in form.languages], "of_house": writing.of_house(),
        "more_languages": ", ".join(one for one in form.languages if one not in known),
        "problems": [one for one in problems if not one.of],
        "problems_of": {one.key: [p.sentence for p in problems if p.of == one.key] for one in form.questions},
        "types": words.types(), "tests": words.tests(), "themes": words.themes(), "points": words.points(),
        "type_words": {one.type: words.type_word(one.type) for one in form.questions},
        "abouts": [_abouts(form, n) for n in range(len(form.questions))], "counted": _abouts(form, None),
        "preview": [(asked.asked(one, recall, {}), bool(one.when)) for one in form.questions],
        "title": recall(form.title), "intro": recall(form.intro), "thanks": recall(form.thanks),
        "right_to_left": _spoken(language).get("bidi", False),
        "trial": links.path("trial", found.pk), "address": links.address("open", found.pk),
    }  # fmt: skip


def _abouts(form: Form, before: int | None) -> list[tuple[str, str]]:
    """What a condition or a quota can look at: earlier questions, and hidden fields."""
    first = form.languages[0]
    found = [
        (one.key, one.words.get(first, "")[:60] or one.key)
        for one in form.questions[:before] if one.type not in ("file", "matrix")
    ]  # fmt: skip
    return found if before is None else found + [(f"field:{name}", name) for name in form.fields]


def _named(language: str) -> str:
    return str(_spoken(language).get("name_local", language))


def _spoken(language: str) -> dict[str, Any]:
    try:
        return dict(get_language_info(language))
    except KeyError:
        return {}
