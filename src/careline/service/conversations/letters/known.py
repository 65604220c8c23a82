"""What an arriving letter may ask about the conversations there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from django.db.models import Q

from careline.channels.threading import Thread
from careline.kit import clock
from careline.service.conversations.models import Conversation, Message


class Known(msgspec.Struct, frozen=True):
    """Asked on behalf of one mailbox: careline.channels.threading.Asked."""

    inbox_id: int

    def of_messages(self, messages: Sequence[UUID]) -> Mapping[UUID, int]:
        return dict(Message.objects.filter(pk__in=messages).values_list("pk", "conversation_id"))

    def of_ids(self, ids: Sequence[str]) -> Mapping[str, int]:
        stored = Message.objects.filter(inbox=self.inbox_id, external_id__in=ids)
        return {str(name): number for name, number in stored.values_list("external_id", "conversation_id")}

    def moved(self, conversation: int, messages: Sequence[UUID], ids: Sequence[str]) -> int | None:
        ours = Q(pk__in=messages) | Q(inbox=self.inbox_id, external_id__in=ids)
        stands = Message.objects.filter(ours, origin=conversation).order_by("-occurred_at", "-seq")
        return stands.values_list("conversation_id", flat=True).first()

    def thread(self, conversation: int) -> Thread | None:
        found = (
            Conversation.objects.filter(pk=conversation)
            .exclude(state=Conversation.State.TRASH)
            .values_list("inbox_id", "participants", "resolved_at")
            .first()
        )
        if found is None:
            return None
        inbox_id, participants, resolved_at = found
        return Thread(
            conversation=conversation,
            here=inbox_id == self.inbox_id,
            participants=frozenset(participants),
            closed_for=None if resolved_at is None else clock.now() - resolved_at,
        )


def home(conversation_id: int) -> int | None:
    """The inbox a conversation lives in."""
    return Conversation.objects.filter(pk=conversation_id).values_list("inbox_id", flat=True).first()
