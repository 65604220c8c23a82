"""Looking at surveys and at what was answered, as far as the viewer may; and at a form, for whoever has its link."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Count, Max, Q, QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import queries as customers
from careline.customers.models import Person
from careline.experience.surveys import asking, links, shapes
from careline.experience.surveys.links import Link
from careline.experience.surveys.models import Response, Survey, Version
from careline.experience.surveys.shapes import Answers, Form, Quota
from careline.kit.refusals import Conflicting, NotVisible

LONGEST = 200
STATES = ("answered", "complete", "partial", "invited", "surplus", "trial")


class Listed(msgspec.Struct, frozen=True):
    """A survey with how many answered it, as far as the viewer sees their answers."""

    pk: int
    code: str
    name: str
    state: str
    revision: int
    form: Form
    version: int
    changed_at: datetime
    complete: int
    partial: int
    invited: int
    answered_at: datetime | None
    # What was published says something else than what is being written.
    has_changes: bool


def surveys(actor: Actor, *, before: int | None = None, limit: int = LONGEST) -> list[Listed]:
    """The newest first."""
    actor.must("surveys.view")
    rows = Survey.objects.order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return _listed(actor, list(rows[: max(1, min(limit, LONGEST + 1))]))


def survey(actor: Actor, survey_id: int) -> Listed:
    actor.must("surveys.view")
    found = _listed(actor, list(Survey.objects.filter(pk=survey_id)))
    if not found:
        raise NotVisible(_("There is no such survey."))
    return found[0]


def _listed(actor: Actor, rows: list[Survey]) -> list[Listed]:
    numbers = {one.pk: one for one in rows}
    counted: dict[int, Any] = {
        row["survey"]: row
        for row in Response.objects.visible_to(actor)
        .filter(survey__in=numbers, is_test=False)
        .order_by()
        .values("survey")
        .annotate(
            complete=Count("pk", filter=Q(state="complete")),
            partial=Count("pk", filter=Q(state="partial")),
            invited=Count("pk", filter=Q(invited_at__isnull=False)),
            answered=Max("completed_at", filter=Q(state="complete")),
        )
    }
    last = {one.survey_id: one for one in Version.objects.filter(survey__in=numbers).order_by("number")}
    found = []
    for one in rows:
        known, version = counted.get(one.pk) or {}, last.get(one.pk)
        found.append(Listed(
            one.pk, one.code, one.name, one.state, one.revision, one.form, version.number if version else 0,
            one.changed_at, known.get("complete", 0), known.get("partial", 0), known.get("invited", 0),
            known.get("answered"), version is not None and version.form != one.form,
        ))  # fmt: skip
    return found


def published(actor: Actor, survey_id: int) -> list[tuple[int, datetime, Form]]:
    """Every version, the newest first."""
    found = survey(actor, survey_id)
    rows = Version.objects.filter(survey=found.pk).order_by("-number")
    return [(one.number, one.published_at, one.form) for one in rows]


class Shown(msgspec.Struct, frozen=True):
    """One answer with who gave it, where that is known and the viewer sees customers."""

    pk: int
    survey_id: int
    state: str
    person_id: int | None
    person_name: str
    answers: Answers
    fields: dict[str, str]
    form: Form
    version: int | None
    language: str
    channel: str
    conversation: int | None
    is_test: bool
    anonymous: bool
    invited_at: datetime | None
    started_at: datetime | None
    touched_at: datetime | None
    completed_at: datetime | None

    @property
    def at(self) -> datetime | None:
        return self.completed_at or self.touched_at or self.invited_at


def responses(
    actor: Actor, survey_id: int, *, state: str = "answered", before: int | None = None, limit: int = 50
) -> list[Shown]:
    """The newest first; `state` is one of STATES, "answered" both complete and partial."""
    rows = of_survey(actor, survey_id, state).order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return _shown(actor, list(rows.select_related("survey", "version")[: max(1, min(limit, LONGEST + 1))]))


def response(actor: Actor, response_id: int, *, survey_id: int | None = None) -> Shown:
    """With `survey_id` only one of that survey."""
    actor.must("surveys.view")
    rows = Response.objects.visible_to(actor).filter(pk=response_id).select_related("survey", "version")
    if survey_id is not None:
        rows = rows.filter(survey=survey_id)
    found = _shown(actor, list(rows))
    if not found:
        raise NotVisible(_("There is no such answer."))
    return found[0]


def of_survey(actor: Actor, survey_id: int, state: str = "answered") -> QuerySet[Response]:
    """What a figure, a list and a file are made of: one and the same."""
    found = survey(actor, survey_id)
    rows = Response.objects.visible_to(actor).filter(survey=found.pk)
    if state == "trial":
        return rows.filter(is_test=True)
    if state == "answered":
        return rows.counted()
    return rows.filter(is_test=False, state=state)


def _shown(actor: Actor, rows: list[Response]) -> list[Shown]:
    named = names(actor, (one.person_id for one in rows))
    may = actor.may("customers.view")
    return [
        Shown(
            one.pk, one.survey_id, one.state, one.person_id if may else None, named.get(one.person_id or 0, ""),
            one.given, one.fields, one.form,
            one.version.number if one.version is not None else None, one.language, one.channel, one.conversation,
            one.is_test, one.anonymous, one.invited_at, one.started_at, one.touched_at,
            one.completed_at,
        )
        for one in rows
    ]  # fmt: skip


def names(actor: Actor, people: Iterable[int | None]) -> dict[int, str]:
    """What each is called now, under whichever id they answered."""
    if not actor.may("customers.view"):
        return {}
    roots = customers.canonical_of(one for one in people if one is not None)
    known = {one.pk: one.name for one in customers.whole(list(Person.objects.filter(pk__in=set(roots.values()))))}
    return {one: known.get(root, "") for one, root in roots.items()}


class Opened(msgspec.Struct, frozen=True):
    """What stands behind a link: what is asked, and what was answered before."""

    link: Link
    form: Form
    answers: Answers
    fields: dict[str, str]
    told: list[str]
    language: str
    name: str = ""
    is_over: bool = False
    is_test: bool = False
    survey_id: int = 0


def opened(written: str) -> Opened:
    """The link is the authority. Looking keeps nothing: programs open every link of a mail."""
    link = links.read(written)
    if link.sort == "own":
        found = Response.objects.filter(pk=link.number).select_related("survey", "version", "person").first()
        if found is None or (found.anonymous and not found.form.anonymous):
            raise links.gone()
        if not found.is_over and not found.is_test and found.survey.state != Survey.State.LIVE:
            raise Conflicting(_("This survey is closed."))
        person = found.person
        return Opened(
            link, found.form, found.given, found.fields, found.told,
            found.language or (person.language if person else ""), person.name if person else "", found.is_over,
            found.is_test, found.survey_id,
        )  # fmt: skip
    survey = Survey.objects.filter(pk=link.number).first()
    if survey is None:
        raise links.gone()
    if link.sort == "trial":
        return Opened(link, survey.form, {}, {}, [], "", is_test=True, survey_id=survey.pk)
    version = survey.versions.order_by("-number").first()
    if version is None or survey.state != Survey.State.LIVE:
        raise Conflicting(_("This survey is closed."))
    full = is_full(survey.pk, version.form, {})
    return Opened(link, version.form, {}, {}, [], "", is_over=full, survey_id=survey.pk)


def is_full(survey_id: int, form: Form, given: Answers) -> bool:
    """Whether a quota these answers fall under is reached already."""
    return any(asking.hit(form, one, given) and _reached(survey_id, form, one) >= one.most for one in form.quotas)


def _reached(survey_id: int, form: Form, quota: Quota) -> int:
    rows = Response.objects.filter(survey=survey_id, state="complete", is_test=False)
    question = form.question(quota.of)
    if question is None:
        return rows.count() if not quota.of else 0
    at = f"answers__{question.key}__value"
    if question.type in shapes.SCALES and quota.value is not None:
        return rows.filter(**{at: int(quota.value)}).count()
    if question.type == "multiple":
        return rows.filter(**{f"{at}__contains": [quota.value]}).count()
    return rows.filter(**{f"{at}__0" if question.type == "ranking" else at: quota.value}).count()
