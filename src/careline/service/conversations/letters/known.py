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


class _Found(msgspec.Struct, frozen=True):
    """A message's name, and the conversation it stands in; who takes part is told once for each conversation."""

    name: str | None
    conversation_id: int
    inbox_id: int
    participants: list[str] | None
    resolved_at: datetime | None
    is_trash: bool


# With what is asked of a conversation next.
_OF_IDS = Statement(
    """SELECT m.external_id, c.id, c.inbox_id,
      CASE WHEN row_number() OVER (PARTITION BY c.id) = 1 THEN c.participants END, c.resolved_at, c.state = 'trash'
    FROM conversations_message m JOIN conversations_conversation c ON c.id = m.conversation_id
    WHERE m.inbox_id = %(inbox)s::bigint AND m.external_id = ANY(%(ids)s::text[])""",
    _Found,
)
_THREAD = Statement(
    """SELECT NULL::text, id, inbox_id, participants, resolved_at, state = 'trash' FROM conversations_conversation
    WHERE id = %(conversation)s::bigint""",
    _Found,
)


class Known(msgspec.Struct, frozen=True):
    """Asked on behalf of one mailbox and one letter: careline.channels.threading.Asked."""

    inbox_id: int
    # Where the conversations that were looked at live.
    homes: dict[int, int] = {}
    # Conversations that came with the names of their messages.
    threads: dict[int, Thread | None] = {}

    def of_messages(self, messages: Sequence[UUID]) -> Mapping[UUID, int]:
        return dict(Message.objects.filter(pk__in=messages).values_list("pk", "conversation_id"))

    def of_ids(self, ids: Sequence[str]) -> Mapping[str, int]:
        found = _OF_IDS.all(inbox=self.inbox_id, ids=ids)
        self.threads.update({one.conversation_id: self._thread(one) for one in found if one.participants is not None})
        return {one.name: one.conversation_id for one in found if one.name is not None}

    def moved(self, conversation: int, messages: Sequence[UUID], ids: Sequence[str]) -> int | None:
        ours = Q(pk__in=messages) | Q(inbox=self.inbox_id, external_id__in=ids)
        stands = Message.objects.filter(ours, origin=conversation).order_by("-occurred_at", "-seq")
        return stands.values_list("conversation_id", flat=True).first()

    def thread(self, conversation: int) -> Thread | None:
        if conversation not in self.threads:
            # A number somebody wrote into a subject may be larger than any conversation's.
            found = _THREAD.one(conversation=conversation) if 0 < conversation < 1 << 63 else None
            self.threads[conversation] = None if found is None else self._thread(found)
        return self.threads[conversation]

    def _thread(self, found: _Found) -> Thread | None:
        if found.is_trash:
            return None
        self.homes[found.conversation_id] = found.inbox_id
        return Thread(
            conversation=found.conversation_id,
            here=found.inbox_id == self.inbox_id,
            participants=frozenset(found.participants or ()),
            closed_for=None if found.resolved_at is None else clock.now() - found.resolved_at,
        )
