"""What a machine says on a customer's behalf: it stands in the thread and changes nothing about it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from careline import touchpoints
from careline.accounts.actor import Actor
from careline.kit import clock, text
from careline.service.conversations.hot import announce, refused, words
from careline.service.conversations.hot.shapes import Said
from careline.service.conversations.models import Conversation, Message


@transaction.atomic
def overhear(
    conversation_id: int,
    *,
    actor: Actor,
    body: str,
    external_id: str,
    at: datetime | None = None,
    wordless: bool = False,
) -> Said:
    """An out-of-office note or its like: kept beside what it answers; nothing is reopened, nobody is waited for."""
    at = at or clock.now()
    conversation = (
        Conversation.objects.select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=conversation_id, inbox_id__in=actor.inbox_ids)
        .exclude(state=Conversation.State.TRASH)
        .first()
    )
    if conversation is None:
        raise refused.no_conversation()
    known = Message.objects.filter(inbox=conversation.inbox_id, external_id=external_id).first()
    if known is not None:
        return _said(conversation, known, repeated=True)
    conversation.last_seq += 1
    conversation.shared_seq += 1
    conversation.save(update_fields=["last_seq", "shared_seq"])
    message = Message.objects.create(
        conversation=conversation,
        inbox_id=conversation.inbox_id,
        seq=conversation.last_seq,
        shared_seq=conversation.shared_seq,
        kind=Message.Kind.INCOMING,
        body=text.clean(body, field="body", limit=words.BODY_LIMIT, required=not wordless),
        author_kind="customer",
        author_id=conversation.person_id,
        author_name=conversation.person.name,
        channel=conversation.channel,
        external_id=text.clean(external_id, field="external_id", limit=words.EXTERNAL_LIMIT, required=True),
        occurred_at=at,
    )
    touchpoints.record(
        "autoreply.received",
        person=conversation.person_id,
        actor=Actor.customer(conversation.person_id, conversation.inbox_id),
        inbox=conversation.inbox_id,
        source=f"conversation:{conversation.pk}",
        journey=f"conversation:{conversation.pk}",
        occurred_at=at,
        conversation=conversation.pk,
        message=str(message.pk),
        seq=message.seq,
        channel=conversation.channel,
        preview=text.excerpt(body),
    )
    said = _said(conversation, message)
    announce.after_commit(announce.said(said))
    return said


def _said(conversation: Conversation, message: Message, *, repeated: bool = False) -> Said:
    return Said(
        conversation_id=message.conversation_id,
        message_id=message.pk,
        seq=message.seq,
        shared_seq=message.shared_seq,
        inbox_id=message.inbox_id,
        person_id=conversation.person_id,
        kind=message.kind,
        status=message.status,
        occurred_at=message.occurred_at,
        repeated=repeated,
        channel=message.channel,
        author_name=message.author_name,
        state=conversation.state,
    )
