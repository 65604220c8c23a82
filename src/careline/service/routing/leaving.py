"""The end of a wait: it leaves its queue, and how long it took and how it ended is kept."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import connection

# Somebody of ours took, answered or settled it; or it was settled by nobody of ours: the customer gave up.
_LEFT = """WITH gone AS (DELETE FROM routing_waiting WHERE conversation_id = ANY(%(ids)s) RETURNING *)
INSERT INTO routing_stay (conversation_id, queue_id, inbox_id, since, ended_at, how, target_s)
SELECT w.conversation_id, w.queue_id, w.inbox_id, least(w.since, %(at)s), %(at)s, CASE
    WHEN c.assignee_id IS NOT NULL OR c.state = 'open' AND c.waiting_on = 'customer' THEN 'taken'
    WHEN c.state = 'resolved' AND r.actor_kind IN ('agent', 'token') THEN 'taken'
    WHEN c.state = 'resolved' THEN 'given_up'
    ELSE 'elsewhere' END, q.target_s
FROM gone w JOIN conversations_conversation c ON c.id = w.conversation_id JOIN routing_queue q ON q.id = w.queue_id
LEFT JOIN LATERAL (SELECT t.actor_kind FROM touchpoints_touchpoint t
  WHERE c.state = 'resolved' AND t.journey = 'conversation:' || c.id AND t.kind = 'conversation.resolved'
  ORDER BY t.occurred_at DESC, t.id DESC LIMIT 1) r ON true"""


def left(ids: Collection[int], *, at: datetime) -> int:
    """In the caller's transaction; how many of these were waiting."""
    if not ids:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_LEFT, {"ids": sorted(ids), "at": at})
        return int(cursor.rowcount)
