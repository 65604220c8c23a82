"""A link of one's own: whoever opens it needs to say nothing of themselves. Sending it is somebody else's work."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import queries as customers
from careline.experience.surveys.actions.editing import taken
from careline.experience.surveys.models import Response, Survey
from careline.experience.surveys.shapes import Form
from careline.kit import clock, text
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.touchpoints import queries as touchpoints

LONGEST_FIELD = 200


class About(msgspec.Struct, frozen=True):
    """Whose answer it is and which talk it is about; nobody and none where that is not known."""

    person_id: int | None = None
    conversation: int | None = None
    inbox_id: int | None = None


@transaction.atomic
def invite(
    survey_id: int,
    person_id: int | None,
    *,
    actor: Actor,
    conversation: int | None = None,
    fields: Mapping[str, str] | None = None,
    channel: str = "page",
) -> Response:
    """One answer waits for this customer; `links.address("own", …)` of its number is where."""
    survey = taken(survey_id, actor)
    version = survey.versions.order_by("-number").first()
    if version is None or survey.state != Survey.State.LIVE:
        raise Conflicting(_("This survey is not open for answers."))
    form = version.form
    if form.anonymous:
        raise Refused(_("An anonymous survey has one link for everybody, so that nobody can tell who answered."))
    about = known(actor, person_id, conversation)
    if about.person_id is None:
        raise Refused(_("Say which customer is asked."), field="customer_id")
    return Response.objects.create(
        survey=survey, version=version, person_id=about.person_id, state=Response.State.INVITED, channel=channel,
        conversation=about.conversation, inbox_id=about.inbox_id, fields=fitting(form, fields or {}, strict=True),
        invited_at=clock.now(), stands_at=form.questions[0].key,
    )  # fmt: skip


def known(actor: Actor, person_id: int | None, conversation: int | None) -> About:
    """Both have to be visible; a talk alone says who it is with."""
    inbox = None
    if conversation is not None:
        actor.must("conversations.view")
        opened = touchpoints.of_journeys([f"conversation:{conversation}"], kinds=["conversation.opened"], limit=1)
        # The house itself, which asks by rule, works in every inbox.
        seen = opened and (actor.kind == "system" or opened[0].inbox_id in actor.inbox_ids)
        if not seen or opened[0].person_id is None:
            raise NotVisible(_("There is no such conversation."))
        inbox, with_whom = opened[0].inbox_id, opened[0].person_id
        if person_id is not None and with_whom not in customers.ids_of(person_id):
            raise Refused(_("This conversation is with another customer."), field="conversation_id")
        person_id = person_id or with_whom
    if person_id is None:
        return About()
    actor.must("customers.view")
    person = customers.person(actor, person_id)
    if person.erased_at is not None:
        raise Conflicting(_("This customer was erased."))
    return About(person.pk, conversation, inbox)


def fitting(form: Form, fields: Mapping[str, str], *, strict: bool = False) -> dict[str, str]:
    """The hidden fields this survey knows. A link may bring others along; a program is told of its slip."""
    if strict and (strange := sorted(set(fields) - set(form.fields))):
        raise Refused(_("This survey has no hidden field %(name)s.") % {"name": strange[0][:40]}, field="fields")
    kept = {name: fields[name] for name in form.fields if fields.get(name)}
    for name, value in kept.items():
        text.clean(value, field=name, limit=LONGEST_FIELD)
    return kept
