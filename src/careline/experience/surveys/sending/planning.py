"""Plans are made, changed, switched on and off, and taken away while nobody was asked by them."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.contact import scopes
from careline.customers import queries as customers
from careline.experience.surveys.actions.editing import taken
from careline.experience.surveys.models import Invitation, Plan, Survey
from careline.experience.surveys.sending import reasons
from careline.experience.surveys.sending.shapes import MOMENTS, Planned
from careline.kit import clock, sentences, text
from careline.kit.refusals import Conflicting, NotVisible, Refused

NAME = 100
MOST_PLANS = 50


@transaction.atomic
def make_plan(survey_id: int, planned: Planned, *, actor: Actor) -> Plan:
    """It is off until somebody switches it on."""
    survey = taken(survey_id, actor)
    if survey.plans.count() >= MOST_PLANS:
        raise Refused(_("A survey has at most %(most)s plans.") % {"most": MOST_PLANS})
    now = clock.now()
    plan = Plan.objects.create(survey=survey, created_at=now, changed_at=now, **_checked(planned, actor))
    audit.record("survey-plan.made", f"plan:{plan.pk}", actor=actor, survey=survey.pk)
    return plan


@transaction.atomic
def change_plan(plan_id: int, planned: Planned, *, actor: Actor, survey_id: int | None = None) -> Plan:
    """For what is invited to from now on; who waits already is asked when it was said."""
    plan = _taken(plan_id, actor, survey_id)
    wanted = _checked(planned, actor)
    if plan.kind != wanted["kind"] and plan.invitations.exists():
        raise Conflicting(_("People were invited by this plan already: make another one for that."), field="kind")
    if plan.is_on:
        _must_be_ready(plan.survey)
    for name, value in wanted.items():
        setattr(plan, name, value)
    plan.changed_at = clock.now()
    plan.save()
    audit.record("survey-plan.changed", f"plan:{plan.pk}", actor=actor, survey=plan.survey_id)
    return plan


@transaction.atomic
def switch_on(plan_id: int, *, actor: Actor, survey_id: int | None = None) -> Plan:
    """What happens from now on is asked about."""
    plan = _taken(plan_id, actor, survey_id)
    if plan.is_on:
        return plan
    _must_be_ready(plan.survey)
    plan.is_on, plan.on_since, plan.changed_at = True, clock.now(), clock.now()
    plan.save(update_fields=["is_on", "on_since", "changed_at"])
    audit.record("survey-plan.switched-on", f"plan:{plan.pk}", actor=actor, survey=plan.survey_id)
    return plan


@transaction.atomic
def switch_off(plan_id: int, *, actor: Actor, survey_id: int | None = None) -> Plan:
    """Nobody is invited any more, nor are those who wait, and nobody is reminded."""
    plan = _taken(plan_id, actor, survey_id)
    if not plan.is_on:
        return plan
    plan.is_on, plan.changed_at = False, clock.now()
    plan.save(update_fields=["is_on", "changed_at"])
    waiting = Invitation.objects.filter(plan=plan, state="waiting")
    waiting.update(state="cancelled", reason=sentences.kept(reasons.SWITCHED_OFF), terms={})
    Invitation.objects.filter(plan=plan, remind_at__isnull=False).update(remind_at=None)
    audit.record("survey-plan.switched-off", f"plan:{plan.pk}", actor=actor, survey=plan.survey_id)
    return plan


@transaction.atomic
def drop_plan(plan_id: int, *, actor: Actor, survey_id: int | None = None) -> None:
    plan = _taken(plan_id, actor, survey_id)
    if plan.invitations.exists():
        raise Conflicting(_("People were invited by this plan: it can be switched off, and what became of them stays."))
    audit.record("survey-plan.dropped", f"plan:{plan.pk}", actor=actor, survey=plan.survey_id)
    plan.delete()


def _taken(plan_id: int, actor: Actor, survey_id: int | None) -> Plan:
    """Locked, through the actor; with `survey_id` only one of that survey."""
    actor.must("surveys.view")
    rows = Plan.objects.select_for_update(of=("self",)).select_related("survey").filter(pk=plan_id)
    plan = rows.first() if survey_id is None else rows.filter(survey=survey_id).first()
    if plan is None:
        raise NotVisible(_("There is no such plan."))
    actor.must("surveys.edit")
    return plan


def _must_be_ready(survey: Survey) -> None:
    version = survey.versions.order_by("-number").first()
    if version is None or survey.state != Survey.State.LIVE:
        raise Conflicting(_("Publish the survey first: until then nobody can answer it."))
    if version.form.anonymous:
        raise Conflicting(_("An anonymous survey has one link for everybody and is sent to nobody by itself."))


def _checked(planned: Planned, actor: Actor) -> dict[str, Any]:
    try:
        planned = msgspec.convert(msgspec.to_builtins(planned), Planned)
    except msgspec.ValidationError as wrong:
        raise Refused(_("This plan cannot be kept: %(why)s.") % {"why": wrong}) from wrong
    name = text.clean(" ".join(planned.name.split()), field="name", limit=NAME, required=True)
    if planned.purpose != scopes.SURVEYS:
        scopes.must_be_a_name(planned.purpose)
        if not planned.purpose.startswith(f"{scopes.SURVEYS}/"):
            raise Refused(_("Surveys fall under the rules of “surveys”, or of a scope in it."), field="purpose")
    given = msgspec.structs.asdict(planned) | {
        "name": name, "facts": msgspec.to_builtins(planned.facts), "ways": list(dict.fromkeys(planned.ways)),
    }  # fmt: skip
    if planned.kind == "wave":
        return given | _of_wave(planned, actor)
    return given | _of_moment(planned, actor)


def _of_wave(planned: Planned, actor: Actor) -> dict[str, Any]:
    if planned.begins_on is None:
        raise Refused(_("Say on which day the first wave leaves."), field="begins_on")
    if planned.segment_id is not None:
        customers.segment(actor, planned.segment_id)
    # A wave is about no conversation, so there is none to say it in.
    return {"moment": "", "inbox_ids": [], "facts": [], "ways": ["email"]}


def _of_moment(planned: Planned, actor: Actor) -> dict[str, Any]:
    if planned.moment not in MOMENTS:
        raise Refused(_("Nobody is asked after this. Choose one from the list."), field="moment")
    if not set(planned.inbox_ids) <= set(actor.inbox_ids):
        raise Refused(_("There is no such inbox."), field="inbox_ids")
    for one in planned.facts:
        text.clean(one.fact, field="facts", limit=120, required=True)
        text.clean(one.value, field="facts", limit=200)
    return {"segment_id": None, "begins_on": None}
