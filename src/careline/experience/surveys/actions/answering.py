"""Answering, a question at a time: each is kept at once, and nothing that was sent twice counts twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.experience.surveys import asking, links, shapes
from careline.experience.surveys.actions.editing import taken
from careline.experience.surveys.actions.inviting import fitting, known
from careline.experience.surveys.actions.telling import tell
from careline.experience.surveys.links import Link
from careline.experience.surveys.models import Response, Survey
from careline.experience.surveys.queries import is_full
from careline.experience.surveys.shapes import Answers, Form
from careline.files import actions as files
from careline.kit import clock, text
from careline.kit.refusals import Conflicting, Refused
from careline.touchpoints import partitions

# Bytes of all files of one answer, which come through a door that is open to everybody.
LARGEST = 1536 * 1024


@transaction.atomic
def answer(
    link: Link,
    key: str,
    value: Any,
    words: str = "",
    *,
    actor: Actor,
    language: str = "",
    fields: Mapping[str, str] | None = None,
    once: str | None = None,
    sent: Sequence[files.Given] = (),
    place: str = "",
    awaits_words: bool = False,
    for_good: bool = False,
) -> Response:
    """The answer to one question; with the last one the survey is complete. `once` names the page it came from, and
    `place` where that was opened, when the link is for everybody.

    In a conversation words follow the answer by themselves (`awaits_words`), and once they are there nothing changes
    any more (`for_good`): its figure stands on the line before the rest is answered.
    """
    response = _begun(link, fields or {}, once)
    form, given = response.form, response.given
    if response.is_over:
        if response.once == once and once is not None:
            return response  # the same page, sent twice
        raise Conflicting(_("This survey was answered already."))
    question = next((one for one in asking.path(form, given, response.fields) if one.key == key), None)
    if question is None:
        raise Conflicting(_("This question is not asked here."))
    if key in response.told:
        raise Conflicting(_("This answer was given some time ago and stays as it is."))
    if question.type == "file":
        value = _stored(sent, response.person_id) or (given[key].value if key in given else None)
    now = clock.now()
    given[key] = asking.checked(question, value, words, at=now)
    response.language = language or response.language
    if link.sort == "open" and place:
        response.channel = place
    _keep(response, form, given, now, actor, stay=key if awaits_words else "")
    if for_good and response.state == Response.State.PARTIAL:
        tell(response, actor=_speaking(response, actor), only=key)
        response.save(update_fields=["told"])
    return response


@transaction.atomic
def add(
    survey_id: int,
    answers: Mapping[str, tuple[Any, str]],
    *,
    actor: Actor,
    person_id: int | None = None,
    conversation: int | None = None,
    fields: Mapping[str, str] | None = None,
    language: str = "",
    channel: str = "api",
    at: datetime | None = None,
    once: str | None = None,
    complete: bool = True,
) -> Response:
    """What was answered elsewhere: value and words by question. The same `once` again gives what was kept then."""
    survey = taken(survey_id, actor)
    once = once and f"api:{text.clean(once, field='external_id', limit=200)}"
    if once and (before := Response.objects.filter(survey=survey, once=once).first()) is not None:
        return before
    version = survey.versions.order_by("-number").first()
    if version is None or survey.state != Survey.State.LIVE:
        raise Conflicting(_("This survey is not open for answers."))
    form, now = version.form, clock.now()
    if form.anonymous and (person_id is not None or conversation is not None or fields):
        raise Refused(_("An anonymous survey takes no customer, no conversation and no hidden fields."))
    at = at or now
    if at > now:
        raise Refused(_("It has not happened yet: choose a time that is over."), field="answered_at")
    about = known(actor, person_id, conversation)
    response = Response(
        survey=survey, version=version, person_id=about.person_id, state=Response.State.PARTIAL,
        conversation=about.conversation, inbox_id=about.inbox_id, fields=fitting(form, fields or {}, strict=True),
        language=language, channel=text.clean(channel, field="channel", limit=40, required=True), once=once,
        anonymous=form.anonymous, started_at=at,
    )  # fmt: skip
    given = {key: _taken_from(form, key, value, words, at) for key, (value, words) in answers.items()}
    strange = set(given) - {one.key for one in asking.path(form, given, response.fields)}
    if strange:
        raise Refused(_("This question is not asked here."), field=sorted(strange)[0])
    if complete:
        for one in asking.path(form, given, response.fields):
            if one.key not in given:
                given[one.key] = asking.checked(one, None, at=at)
    if at.date() < now.date():
        partitions.ensure_partitions(at.date(), at.date())
    _keep(response, form, given, at, actor)
    return response


def _taken_from(form: Form, key: str, value: Any, words: str, at: datetime) -> shapes.Answer:
    question = form.question(key)
    if question is None:
        raise Refused(_("This question is not asked here."), field=key[:40])
    if question.type == "file" and value:
        raise Refused(_("Files are sent on the survey's own page."), field=key)
    return asking.checked(question, value, words, at=at)


def _begun(link: Link, fields: Mapping[str, str], once: str | None) -> Response:
    """The answer this link goes on with, locked; a survey's own link begins one."""
    if link.sort == "own":
        found = Response.objects.select_for_update(of=("self",)).select_related("survey", "version")
        response = found.filter(pk=link.number).first()
        if response is None or (response.anonymous and not response.form.anonymous):
            raise links.gone()
        if response.survey.state != Survey.State.LIVE and not response.is_test and not response.is_over:
            raise Conflicting(_("This survey is closed."))
        return response
    survey = Survey.objects.filter(pk=link.number).first()
    if survey is None:
        raise links.gone()
    return _fresh(survey, fields, once, trial=link.sort == "trial")


def _fresh(survey: Survey, fields: Mapping[str, str], once: str | None, *, trial: bool) -> Response:
    version = None if trial else survey.versions.order_by("-number").first()
    if not trial and (version is None or survey.state != Survey.State.LIVE):
        raise Conflicting(_("This survey is closed."))
    if once and (before := _of_page(survey, once)) is not None:
        return before
    form = survey.form if version is None else version.form
    fresh = Response(
        survey=survey, version=version, state=Response.State.PARTIAL, fields=fitting(form, fields), is_test=trial,
        anonymous=form.anonymous, once=once, started_at=clock.now(),
    )  # fmt: skip
    try:
        with transaction.atomic():
            fresh.save(force_insert=True)
    except IntegrityError:
        before = _of_page(survey, once or "")
        if before is None:
            raise
        return before
    return fresh


def _of_page(survey: Survey, once: str) -> Response | None:
    found = Response.objects.select_for_update(of=("self",)).select_related("survey", "version")
    return found.filter(survey=survey, once=once).first()


def _keep(
    response: Response, form: Form, given: Answers, at: datetime, actor: Actor, *, stay: str = ""
) -> None:  # fmt: skip
    """What stands on the way that was taken; complete when nothing is left to ask, surplus beyond a quota."""
    path = asking.path(form, given, response.fields)
    given = {one.key: given[one.key] for one in path if one.key in given}
    following = stay or next((one.key for one in path if one.key not in given), "")
    response.answers, response.stands_at = shapes.stored(given), following
    response.state, response.touched_at, response.settled_at = Response.State.PARTIAL, at, None
    response.started_at = response.started_at or at
    if form.quotas and not response.is_test:
        # Whoever comes at the same time waits here, so that no quota is overrun.
        Survey.objects.select_for_update(no_key=True).get(pk=response.survey_id)
    full = not response.is_test and is_full(response.survey_id, form, given)
    if full or not following:
        response.state = Response.State.SURPLUS if full else Response.State.COMPLETE
        response.completed_at, response.stands_at = at, ""
    response.save()
    if response.state == Response.State.COMPLETE:
        tell(response, actor=_speaking(response, actor))
        response.save(update_fields=["told"])


def _speaking(response: Response, actor: Actor) -> Actor:
    """A page knows nobody; behind one's own link is the customer it was made for."""
    if actor.kind != "customer":
        return actor
    return Actor(kind="customer", id=response.person_id, name="")


def _stored(sent: Sequence[files.Given], person_id: int | None) -> list[str]:
    if len(sent) > asking.MOST_FILES:
        raise Refused(_("At most %(most)s files.") % {"most": asking.MOST_FILES}, field="file")
    if sum(len(one.content) for one in sent) > LARGEST:
        raise Refused(_("At most %(mb)s MB together.") % {"mb": f"{LARGEST / 1024 / 1024:g}"}, field="file")
    return [str(one.id) for one in files.store_all(sent, person_id=person_id, largest=LARGEST)]
