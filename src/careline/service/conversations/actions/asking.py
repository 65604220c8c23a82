"""What we ask a customer, shown in their thread, and what they answer there."""

from __future__ import annotations

from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Q

from careline.accounts.actor import Actor
from careline.channels.outbox import Asked
from careline.service.conversations.hot import announce, answer
from careline.service.conversations.hot.shapes import Placed, Said
from careline.service.conversations.models import Conversation, Message


@transaction.atomic
def ask(asked: Asked) -> Message | None:
    """A line in the thread it is about, else in their newest there; nothing is opened again, and nobody waits for it.

    The customer sees it where the thread is on the channel it went by. None where they have no thread.
    """
    talk = _thread(asked)
    if talk is None:
        return None
    known = talk.messages.filter(kind=Message.Kind.SYSTEM, event__verb="asked", event__outbound=asked.pk).first()
    if known is not None:
        return known
    event: dict[str, Any] = {"verb": "asked", "outbound": asked.pk}
    if asked.expects is not None:
        event["expects"] = msgspec.to_builtins(asked.expects)
    talk.last_seq += 1
    line = Message(
        conversation=talk, inbox_id=talk.inbox_id, seq=talk.last_seq, kind=Message.Kind.SYSTEM, body=asked.words,
        event=event, author_kind="system", channel=asked.channel, occurred_at=asked.at,
    )  # fmt: skip
    if asked.inbox_id == talk.inbox_id:
        talk.shared_seq += 1
        line.shared_seq, talk.asked_id = talk.shared_seq, line.pk if asked.expects else None
    talk.save(update_fields=["last_seq", "shared_seq", "asked_id"])
    line.save(force_insert=True)
    announce.after_commit(
        announce.change(
            conversation_id=talk.pk, inbox_id=talk.inbox_id, person_id=talk.person_id, seq=talk.last_seq,
            shared_seq=line.shared_seq,
        )
    )  # fmt: skip
    return line


def _thread(asked: Asked) -> Conversation | None:
    talks = Conversation.objects.select_for_update(of=("self",)).exclude(state__in=["spam", "trash"])
    if asked.conversation is not None:
        return talks.filter(pk=asked.conversation).first()
    one = Q(person=asked.person_id) | Q(person__canonical=asked.person_id)
    return talks.filter(one, inbox=asked.inbox_id).order_by("-pk").first()


def answered(placed: Placed, *, actor: Actor, body: str, **spoken: Any) -> Said | None:
    """What was typed next, when it answers what we asked; None when it is about something else, or was said before."""
    spoken.pop("files", None)
    found = answer.ASKED.one(asked=placed.asked, inboxes=list(actor.inbox_ids), people=placed.ids)
    choice = answer.understood(found, body)
    if found is None or choice is None:
        return None
    given = answer.given(found, choice, body, actor=actor, people=placed.ids, placed=placed, **spoken)
    try:
        with transaction.atomic():
            said = answer.ANSWER.one(**given)
    except IntegrityError:
        return None
    if said is not None:
        announce.after_commit(announce.said(said))
    return said
