"""One invitation on its way, by the way that was decided; refused in words when that way leads nowhere."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal, get_args

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline import contact
from careline.channels import adapter, outbox
from careline.channels import queries as channels
from careline.channels.models import Inbox
from careline.experience.surveys.delivery import letter, talk
from careline.experience.surveys.models import Response, Survey
from careline.kit import clock
from careline.kit.refusals import Conflicting, NotVisible, Refused
from careline.touchpoints import queries as touchpoints

Way = Literal["conversation", "email"]
WAYS: tuple[Way, ...] = get_args(Way)
# Later words are a new matter, and whoever comes back to the chat no longer sees the old one.
STILL_SEEN = timedelta(days=7)


class Sent(msgspec.Struct, frozen=True):
    """`outbound` is the row of the outbox."""

    outbound: int
    channel: str


def channel(response_id: int, way: str) -> str:
    """The channel this way leads over, for whoever decides about it; Refused where it leads nowhere."""
    return _inbox(_taken(response_id), way).kind


@transaction.atomic
def send(response_id: int, *, decision: contact.Decision, way: str) -> Sent:
    """Once for each decision. Refused in words: then the next way can be tried, by a decision of its own."""
    response = _taken(response_id, lock=True)
    inbox = _inbox(response, way)
    if decision.channel != inbox.kind:
        raise ValueError(f"the decision is about {decision.channel}, and this way is {inbox.kind}")
    row = (talk if way == "conversation" else letter).send(response, inbox, decision)
    response.channel = inbox.kind
    response.save(update_fields=["channel"])
    return Sent(row.pk, inbox.kind)


def _taken(response_id: int, *, lock: bool = False) -> Response:
    rows = Response.objects.select_related("survey", "version", "person")
    response = (rows.select_for_update(of=("self",)) if lock else rows).filter(pk=response_id).first()
    if response is None or response.person_id is None:
        raise NotVisible(_("There is no such invitation."))
    if response.survey.state != Survey.State.LIVE or response.is_over or response.is_test:
        raise Conflicting(_("This survey is not open for answers."))
    return response


def _inbox(response: Response, way: str) -> Inbox:
    if way == "conversation":
        return _of_talk(response)
    if way == "email":
        return _of_mail(response)
    raise Refused(_("There is no such way."), field="way")


def _of_talk(response: Response) -> Inbox:
    if response.conversation is None or response.inbox_id is None:
        raise Refused(_("It is about no conversation."))
    inbox = _open(response.inbox_id)
    if inbox is None:
        raise Refused(_("The inbox of this conversation is archived."))
    if adapter.of(inbox.kind).capabilities.letters:
        raise Refused(_("This conversation is held by letters; a survey goes by mail."))
    journey = f"conversation:{response.conversation}"
    ends = touchpoints.of_journeys([journey], kinds=["conversation.resolved", "conversation.reopened"], limit=1)
    over = ends and ends[0].kind == "conversation.resolved" and ends[0].occurred_at < clock.now() - STILL_SEEN
    if over and inbox.delivery == Inbox.Delivery.PULL:
        raise Refused(_("This conversation was resolved too long ago to be seen."))
    return inbox


def _of_mail(response: Response) -> Inbox:
    """The mailbox it came from, else the first there is."""
    assert response.person_id is not None
    inbox = channels.mailbox_for(response.inbox_id)
    if inbox is None:
        raise Refused(_("There is no mailbox that can send."))
    if not outbox.reached(response.person_id, adapter.of(inbox.kind).capabilities.reaches):
        raise Refused(_("This channel knows no way to reach this person."))
    return inbox


def _open(inbox_id: int) -> Inbox | None:
    return Inbox.objects.open().filter(pk=inbox_id).first()
