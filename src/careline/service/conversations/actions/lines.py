"""Taking a conversation under lock, and the line a change leaves in its thread."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from careline import touchpoints
from careline.accounts.actor import Actor
from careline.service.conversations.hot import announce, refused
from careline.service.conversations.models import Conversation, Message


def taken(conversation_id: int, *, actor: Actor, permission: str) -> Conversation:
    """The conversation, locked until the transaction ends. Not visible before not allowed (law 4)."""
    conversation = (
        Conversation.objects.visible_to(actor).select_for_update(of=("self",)).filter(pk=conversation_id).first()
    )
    if conversation is None:
        raise refused.no_conversation()
    actor.must(permission)
    return conversation


def written(conversation: Conversation, *, actor: Actor, at: datetime, kind: str, **event: Any) -> Conversation:
    """Number the change, leave its system line, record its moment, and tell the windows once it is committed.

    `kind` is the touchpoint's; `event` stands in the line as {"verb": …} and in the moment's facts without the verb.
    """
    verb = event.pop("verb")
    conversation.last_seq += 1
    conversation.save()
    Message.objects.create(
        conversation=conversation,
        inbox_id=conversation.inbox_id,
        seq=conversation.last_seq,
        kind=Message.Kind.SYSTEM,
        event={"verb": verb, **event},
        author_kind="agent" if actor.agent_id else actor.kind,
        author_id=actor.agent_id or actor.id,
        author_name=actor.name,
        channel=conversation.channel,
        occurred_at=at,
    )
    touchpoints.record(
        kind,
        person=conversation.person_id,
        actor=actor,
        inbox=conversation.inbox_id,
        source=f"conversation:{conversation.pk}",
        journey=f"conversation:{conversation.pk}",
        occurred_at=at,
        conversation=conversation.pk,
        **event,
    )
    announce.after_commit(
        announce.change(
            conversation_id=conversation.pk,
            inbox_id=conversation.inbox_id,
            person_id=conversation.person_id,
            seq=conversation.last_seq,
        )
    )
    return conversation
