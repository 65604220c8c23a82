"""What of this room grows old: conversations that came to rest, with everything said in them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import connection

from careline.channels import outbox
from careline.files import actions as files
from careline.kit import retention
from careline.kit.retention import Going, Gone
from careline.service.conversations.models import Attachment, Conversation, Message
from careline.touchpoints import ageing as moments

# Spam and what was thrown away rest since the last that happened to them.
_AT_REST = """(state = 'resolved' AND resolved_at < %(before)s
  OR state IN ('spam', 'trash') AND active_at < %(before)s)"""
_GOING = f"""SELECT count(*), count(DISTINCT c.person_id), min(coalesce(c.resolved_at, c.active_at)),
  coalesce(sum(pg_column_size(c.*)), 0) + (
    SELECT coalesce(sum(pg_column_size(m.*)), 0) FROM conversations_message m
    JOIN conversations_conversation c ON c.id = m.conversation_id WHERE {_AT_REST})
FROM conversations_conversation c WHERE {_AT_REST}"""  # noqa: S608
_OLD = f"""SELECT id FROM conversations_conversation WHERE {_AT_REST}
ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED"""  # noqa: S608
# With its messages a conversation is about so many rows.
SHARE = 20


def _going(before: datetime) -> Going:
    return retention.look(_GOING, {"before": before})


def _remove(before: datetime, limit: int) -> Gone:
    """What was said goes, also where the line quoted it; that it happened stays on the line and is counted."""
    with connection.cursor() as cursor:
        cursor.execute(_OLD, {"before": before, "limit": max(1, limit // SHARE)})
        old = [row[0] for row in cursor.fetchall()]
    if not old:
        return Gone()
    said = Message.objects.filter(conversation__in=old)
    attached = Attachment.objects.filter(message__in=said)
    originals = said.filter(letter__original__isnull=False).values_list("letter__original", flat=True)
    files.discard([*attached.values_list("file_id", flat=True), *(UUID(one) for one in originals)])
    attached.delete()
    outbox.discard(list(said.filter(kind=Message.Kind.REPLY).values_list("pk", flat=True)))
    said.delete()
    Conversation.objects.filter(pk__in=old).delete()
    return Gone(len(old), tables=tuple(moments.forget_words([f"conversation:{one}" for one in old])))


def register() -> None:
    retention.register(retention.Sort("conversations", _going, _remove, least=7))
