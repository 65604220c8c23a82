"""A bot gives a conversation out of its hands: the queue has it, and somebody waits for an answer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from careline.accounts.actor import Actor
from careline.kit import clock
from careline.service.conversations.actions.lines import taken, written
from careline.service.conversations.models import Conversation


@transaction.atomic
def decline(conversation_id: int, *, actor: Actor, reason: str, at: datetime | None = None) -> Conversation:
    """What the bot does not have is left as it is; `reason` is a code."""
    conversation = taken(conversation_id, actor=actor, permission="conversations.reply")
    if conversation.handled_by != Conversation.HandledBy.BOT:
        return conversation
    conversation.handled_by = Conversation.HandledBy.QUEUE
    conversation.waiting_on = Conversation.WaitingOn.US
    return written(
        conversation, actor=actor, at=at or clock.now(), kind="conversation.declined", verb="declined", reason=reason
    )
