"""A survey is written as a draft, published in versions, and closed; what was published never changes."""

from __future__ import annotations

import re

import msgspec
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.experience.surveys import checking, shapes
from careline.experience.surveys.models import Survey, Version
from careline.experience.surveys.shapes import Form, bounds
from careline.kit import clock, text
from careline.kit.refusals import Conflicting, NotVisible, Refused

NAME = 100
_NO_LETTER = re.compile(r"[^a-z0-9]+")
LARGEST = 300_000


@transaction.atomic
def create(name: str, form: Form, *, actor: Actor) -> Survey:
    """A draft that nobody can answer yet."""
    actor.must("surveys.edit")
    name = _named(name)
    now = clock.now()
    for number in range(1, 1000):
        try:
            with transaction.atomic():
                survey = Survey.objects.create(
                    code=_code(name, number), name=name, draft=_kept(form), created_at=now, changed_at=now
                )
        except IntegrityError:
            continue
        audit.record("survey.made", f"survey:{survey.pk}", actor=actor)
        return survey
    raise Conflicting(_("There are too many surveys of this name."), field="name")


@transaction.atomic
def change(
    survey_id: int, *, actor: Actor, name: str | None = None, form: Form | None = None, revision: int | None = None
) -> Survey:
    """The draft as it now stands; who answers sees nothing of it until it is published."""
    survey = taken(survey_id, actor)
    if revision is not None and revision != survey.revision:
        raise Conflicting(_("Somebody else changed this survey meanwhile. Load it again."))
    if name is not None:
        survey.name = _named(name)
    if form is not None:
        survey.draft = _kept(form)
    survey.revision += 1
    survey.changed_at = clock.now()
    survey.save(update_fields=["name", "draft", "revision", "changed_at"])
    audit.record("survey.changed", f"survey:{survey.pk}", actor=actor)
    return survey


@transaction.atomic
def publish(survey_id: int, *, actor: Actor) -> Version:
    """From now on this is what is asked. A draft that did not change goes on in its last version."""
    survey = taken(survey_id, actor)
    form, last = survey.form, survey.versions.order_by("-number").first()
    found = [one.sentence for one in checking.problems(form)]
    found += _turned([version.form for version in survey.versions.order_by("number")], form)
    if found:
        raise Refused(" ".join(found[:3]), field="form")
    if last is None or last.form != form:
        last = Version.objects.create(
            survey=survey, number=(last.number if last else 0) + 1, content=_kept(form), published_by=actor.agent_id,
            published_at=clock.now(),
        )  # fmt: skip
    elif survey.state == Survey.State.LIVE:
        raise Conflicting(_("This is published already, word for word."))
    survey.state = Survey.State.LIVE
    survey.save(update_fields=["state"])
    audit.record("survey.published", f"survey:{survey.pk}", actor=actor, version=last.number)
    return last


@transaction.atomic
def close(survey_id: int, *, actor: Actor) -> Survey:
    """Nobody answers it any more; what was answered stays."""
    survey = taken(survey_id, actor)
    if survey.state != Survey.State.LIVE:
        raise Conflicting(_("This survey is not open for answers."))
    survey.state = Survey.State.CLOSED
    survey.save(update_fields=["state"])
    audit.record("survey.closed", f"survey:{survey.pk}", actor=actor)
    return survey


@transaction.atomic
def remove(survey_id: int, *, actor: Actor) -> None:
    """A draft that was never published goes, with its trials."""
    survey = taken(survey_id, actor)
    if survey.versions.exists():
        raise Conflicting(_("This survey was published: it can be closed, and its answers stay."))
    survey.responses.all().delete()
    audit.record("survey.removed", f"survey:{survey.pk}", actor=actor)
    survey.delete()


def taken(survey_id: int, actor: Actor) -> Survey:
    """Locked, through the actor."""
    found = Survey.objects.select_for_update(no_key=True).filter(pk=survey_id).first()
    if found is None or not actor.may("surveys.view"):
        actor.must("surveys.view")
        raise NotVisible(_("There is no such survey."))
    actor.must("surveys.edit")
    return found


def _turned(earlier: list[Form], form: Form) -> list[str]:
    """A question goes on under its key only as what it was: else its answers would be added up with others."""
    known = {one.key: (one.type, bounds(one)) for version in earlier for one in version.questions}
    turned = [one for one in form.questions if known.get(one.key, (one.type, bounds(one))) != (one.type, bounds(one))]
    return [
        _("“%(question)s” was published with another type or scale. Take it away and add it as a new question.")
        % {"question": one.words.get(form.languages[0], one.key)}
        for one in turned
    ]


def _named(name: str) -> str:
    return text.clean(" ".join(name.split()), field="name", limit=NAME, required=True)


def _code(name: str, number: int) -> str:
    plain = _NO_LETTER.sub("-", text.fold(name)).strip("-")[:60] or "survey"
    return plain if number == 1 else f"{plain}-{number}"


def _kept(form: Form) -> object:
    try:
        written = msgspec.json.encode(form)
    except UnicodeEncodeError:
        raise Refused(_("A survey must not contain half of a character."), field="form") from None
    if len(written) > LARGEST:
        raise Refused(_("This survey has grown too large."), field="form")
    if b"\\u0000" in written:
        raise Refused(_("A survey must not contain the character NUL."), field="form")
    return shapes.stored(form)
