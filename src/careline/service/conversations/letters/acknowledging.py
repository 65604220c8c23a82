"""The automatic first answer stands in the thread: that it was sent, or why it was not."""

from __future__ import annotations

from django.db import transaction

from careline.accounts.actor import SYSTEM
from careline.channels import answering
from careline.channels.adapter import Inbound
from careline.kit import clock
from careline.service.conversations.hot import announce
from careline.service.conversations.hot.shapes import Said
from careline.service.conversations.models import Conversation, Message


@transaction.atomic(savepoint=False)  # of the transaction the words are taken in
def acknowledge(said: Said, item: Inbound) -> None:
    """Of a conversation that has just begun. It neither counts as an answer of the team nor keeps anybody waiting."""
    reason = answering.acknowledge(said.inbox_id, item, person_id=said.person_id, conversation_id=said.conversation_id)
    if reason is None:
        return
    event = {"verb": "withheld", "reason": reason} if reason else {"verb": "acknowledged"}
    conversation = Conversation.objects.select_for_update().get(pk=said.conversation_id)
    conversation.last_seq += 1
    conversation.save(update_fields=["last_seq"])
    Message.objects.create(
        conversation=conversation,
        inbox_id=conversation.inbox_id,
        seq=conversation.last_seq,
        kind=Message.Kind.SYSTEM,
        event=event,
        author_kind=SYSTEM.kind,
        author_name=SYSTEM.name,
        channel=conversation.channel,
        occurred_at=clock.now(),
    )
    announce.after_commit(
        announce.change(
            conversation_id=conversation.pk,
            inbox_id=conversation.inbox_id,
            person_id=conversation.person_id,
            seq=conversation.last_seq,
        )
    )
