"""What happens in a conversation is noted for those who follow it."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import connection

from careline.service.notices.words import HAPPENED
from careline.touchpoints import Moment, on

# What a program did its owner did; nobody is told of what they did themselves, nor of what was before they followed.
_NOTE = """WITH happened AS (
  SELECT g.*, CASE WHEN g.actor_kind = 'token' THEN t.agent_id WHEN g.actor_kind = 'agent' THEN g.actor END AS by_id
  FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::bigint[], %s::timestamptz[])
    WITH ORDINALITY AS g(conversation, kind, actor_kind, actor, at, n)
  LEFT JOIN accounts_token t ON g.actor_kind = 'token' AND t.id = g.actor)
INSERT INTO notices_notice (agent_id, conversation_id, kind, by_id, at)
SELECT f.agent_id, h.conversation, h.kind, h.by_id, h.at
FROM happened h JOIN conversations_follower f ON f.conversation_id = h.conversation
WHERE f.since <= h.at AND f.agent_id IS DISTINCT FROM h.by_id ORDER BY h.n, f.agent_id"""


@on(*HAPPENED)
def note(moments: Sequence[Moment]) -> None:
    rows = [(one.conversation_id, one.kind, one.actor_kind, one.actor_id, one.occurred_at) for one in moments]
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, [list(column) for column in zip(*rows, strict=True)])
