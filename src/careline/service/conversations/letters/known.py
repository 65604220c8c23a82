"""What an arriving letter may ask about the conversations there are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from django.db.models import Q

from careline.channels.threading import Thread
from careline.kit import clock
from careline.kit.statement import Statement
from careline.service.conversations.models import Message


class _Named(msgspec.Struct, frozen=True):
    name: str
    conversation_id: int


class _Found(msgspec.Struct, frozen=True):
    inbox_id: int
    participants: list[str]
    resolved_at: datetime | None


_OF_IDS = Statement(
    """SELECT external_id, conversation_id FROM conversations_message
    WHERE inbox_id = %(inbox)s::bigint AND external_id = ANY(%(ids)s::text[])""",
    _Named,
)
_THREAD = Statement(
    """SELECT inbox_id, participants, resolved_at FROM conversations_conversation
    WHERE id = %(conversation)s::bigint AND state <> 'trash'""",
    _Found,
)


class Known(msgspec.Struct, frozen=True):
    """Asked on behalf of one mailbox: careline.channels.threading.Asked."""

    inbox_id: int
    # Where the conversations that were looked at live.
    homes: dict[int, int] = {}

    def of_messages(self, messages: Sequence[UUID]) -> Mapping[UUID, int]:
        return dict(Message.objects.filter(pk__in=messages).values_list("pk", "conversation_id"))

    def of_ids(self, ids: Sequence[str]) -> Mapping[str, int]:
        return {one.name: one.conversation_id for one in _OF_IDS.all(inbox=self.inbox_id, ids=ids)}

    def moved(self, conversation: int, messages: Sequence[UUID], ids: Sequence[str]) -> int | None:
        ours = Q(pk__in=messages) | Q(inbox=self.inbox_id, external_id__in=ids)
        stands = Message.objects.filter(ours, origin=conversation).order_by("-occurred_at", "-seq")
        return stands.values_list("conversation_id", flat=True).first()

    def thread(self, conversation: int) -> Thread | None:
        # A number somebody wrote into a subject may be larger than any conversation's.
        found = _THREAD.one(conversation=conversation) if 0 < conversation < 1 << 63 else None
        if found is None:
            return None
        self.homes[conversation] = found.inbox_id
        return Thread(
            conversation=conversation,
            here=found.inbox_id == self.inbox_id,
            participants=frozenset(found.participants),
            closed_for=None if found.resolved_at is None else clock.now() - found.resolved_at,
        )
