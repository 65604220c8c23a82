"""When a survey is sent by itself: plans and what became of them, a plan as a form, and who stands behind a figure."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from careline.channels import queries as channels
from careline.contact import queries as rules
from careline.contact import scopes
from careline.customers import queries as customers
from careline.experience.surveys import queries
from careline.experience.surveys.queries import Listed
from careline.experience.surveys.sending import planning
from careline.experience.surveys.sending import queries as sending
from careline.experience.surveys.sending.shapes import MOMENTS
from careline.kit.refusals import Refused
from careline.web import kind_words
from careline.web.doors import AgentRequest, signed_in
from careline.web.surveys import plan_form, plan_words, words

PAGE = 50
BOTH = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@signed_in
def plans(request: AgentRequest, survey_id: int) -> HttpResponse:
    found = queries.survey(request.actor, survey_id)
    rows = [
        {"plan": one, "said": plan_words.said(request.actor, one), "figures": plan_words.figures(one.counts)}
        for one in sending.plans(request.actor, survey_id)
    ]
    return render(request, "surveys/plans.html", _about(request, found) | {"rows": rows})


@BOTH
@signed_in
def create(request: AgentRequest, survey_id: int) -> HttpResponse:
    request.actor.must("surveys.edit")
    found = queries.survey(request.actor, survey_id)
    if request.method != "POST":
        return _form(request, found, plan_form.begun(request.GET.get("kind", "")))
    return _kept(request, found, None)


@BOTH
@signed_in
def plan(request: AgentRequest, survey_id: int, plan_id: int) -> HttpResponse:
    found = queries.survey(request.actor, survey_id)
    known = sending.plan(request.actor, survey_id, plan_id)
    if request.method != "POST":
        return _form(request, found, plan_form.of(known.planned), known)
    request.actor.must("surveys.edit")
    return _kept(request, found, known)


@require_POST
@signed_in
def forecast(request: AgentRequest, survey_id: int) -> HttpResponse:
    """Whom the plan as it stands in the form would have asked; nothing is kept."""
    queries.survey(request.actor, survey_id)
    number = request.POST.get("plan", "")
    plan_id = int(number) if number.isascii() and number.isdecimal() and len(number) < 19 else None
    try:
        planned = plan_form.read(request.POST)
        found = sending.expected(request.actor, survey_id, planned, plan_id)
    except Refused as refusal:
        return render(request, "surveys/_forecast.html", {"error": str(refusal)}, status=422)
    return render(request, "surveys/_forecast.html", {"found": found, "is_wave": planned.kind == "wave", "error": ""})


@require_POST
@signed_in
def activation(request: AgentRequest, survey_id: int, plan_id: int) -> HttpResponse:
    """On or off, as `to` says."""
    verb = planning.switch_on if request.POST.get("to") == "on" else planning.switch_off
    try:
        verb(plan_id, actor=request.actor, survey_id=survey_id)
    except Refused as refusal:
        if refusal.status != 409:
            raise
        found = queries.survey(request.actor, survey_id)
        known = sending.plan(request.actor, survey_id, plan_id)
        return _form(request, found, plan_form.of(known.planned), known, {"": str(refusal)}, refusal.status)
    return redirect(f"/surveys/{survey_id}/when")


@require_POST
@signed_in
def removal(request: AgentRequest, survey_id: int, plan_id: int) -> HttpResponse:
    planning.drop_plan(plan_id, actor=request.actor, survey_id=survey_id)
    return redirect(f"/surveys/{survey_id}/when")


@require_safe
@signed_in
def asked(request: AgentRequest, survey_id: int, plan_id: int) -> HttpResponse:
    """Who stands behind a figure of the plan; `of` names it."""
    found = queries.survey(request.actor, survey_id)
    known = sending.plan(request.actor, survey_id, plan_id)
    sort = request.GET.get("of", "")
    sort = sort if sort in sending.SORTS else "drawn"
    given = request.GET.get("before", "")
    before = int(given) if given.isascii() and given.isdecimal() and len(given) < 19 else None
    rows = sending.asked(request.actor, survey_id, plan_id, sort=sort, before=before, limit=PAGE + 1)
    more, rows = len(rows) > PAGE, rows[:PAGE]
    return render(request, "surveys/asked.html", _about(request, found) | {
        "plan": known, "rows": rows, "sort": sort, "figures": plan_words.figures(known.counts),
        "invitation_states": plan_words.states(), "ways": plan_words.ways(),
        "older": f"?of={sort}&before={rows[-1].pk}" if more else "",
    })  # fmt: skip


def _kept(request: AgentRequest, found: Listed, known: sending.Listed | None) -> HttpResponse:
    try:
        planned = plan_form.read(request.POST)
        if known is None:
            kept = planning.make_plan(found.pk, planned, actor=request.actor).pk
        else:
            kept = planning.change_plan(known.pk, planned, actor=request.actor, survey_id=found.pk).pk
        if request.POST.get("then") == "on":
            planning.switch_on(kept, actor=request.actor, survey_id=found.pk)
    except Refused as refusal:
        if refusal.status not in (409, 422):
            raise
        given = plan_form.written(request.POST)
        return _form(request, found, given, known, {refusal.field or "": str(refusal)}, refusal.status)
    return redirect(f"/surveys/{found.pk}/when")


def _form(
    request: AgentRequest, found: Listed, given: dict[str, Any], known: sending.Listed | None = None,
    errors: dict[str, str] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    actor = request.actor
    sees = actor.may("customers.view")
    segments = customers.segments(actor) if sees else []
    scoped = [one for one in rules.rules(actor) if f"{one.name}/".startswith("surveys/")] if sees else []
    return render(request, "surveys/plan.html", _about(request, found) | {
        "plan": known, "given": given, "errors": defaultdict(str, errors or {}), "moments": kind_words.choices(MOMENTS),
        "inboxes": [(str(one.pk), one.name) for one in channels.visible_to(actor).order_by("name", "pk")],
        "segments": [("", _("Everybody we can write to")), *((str(one.pk), one.name) for one in segments)],
        "rules": [(one.name, scopes.called(one.name, one.label)) for one in scoped], "tests": words.tests()[:4],
        "units": plan_words.units(), "spans": plan_words.spans(), "way_orders": plan_words.way_orders(),
        "tight": plan_words.reminder_limit(actor),
    }, status=status)  # fmt: skip


def _about(request: AgentRequest, found: Listed) -> dict[str, Any]:
    return {
        "survey": found, "room_states": words.states(), "tab": "when", "may_edit": request.actor.may("surveys.edit")
    }  # fmt: skip
