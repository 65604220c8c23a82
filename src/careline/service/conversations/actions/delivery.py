"""What became of a reply on its way, shown at the message."""

from __future__ import annotations

import uuid

from django.db import transaction
from django.db.models import F

from careline.kit import sentences
from careline.kit.sentences import Words
from careline.service.conversations.hot import announce
from careline.service.conversations.models import Conversation, Message

# As law 1 has it: a status only rises.
RANK = {"": 0, "queued": 1, "sent": 2, "failed": 3, "delivered": 4, "read": 5, "played": 6}


@transaction.atomic
def mark_delivery(message_id: uuid.UUID | str, *, status: str, reason: Words = "") -> bool:
    """Lift the message to a higher status, or say more of the one it has; False when neither is news."""
    message = Message.objects.select_related("conversation").filter(pk=message_id).first()
    if message is None:
        return False
    conversation = Conversation.objects.select_for_update().get(pk=message.conversation_id)
    message = Message.objects.get(pk=message_id)
    if RANK[status] < RANK[message.status]:
        return False
    kept = sentences.kept(reason)
    if status == message.status and kept in ("", message.status_reason):
        return False
    message.status, message.status_reason = status, kept
    message.save(update_fields=["status", "status_reason"])
    Conversation.objects.filter(pk=conversation.pk).update(last_seq=F("last_seq") + 1)
    announce.after_commit(
        announce.change(
            conversation_id=conversation.pk,
            inbox_id=conversation.inbox_id,
            person_id=conversation.person_id,
            seq=conversation.last_seq + 1,
        )
        | {"touched": str(message.pk)}
    )
    return True
