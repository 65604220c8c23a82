"""The end of a wait: it leaves its queue, and how long it took and how it ended is kept, and told on the line."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.kit.statement import Statement


class _Gone(msgspec.Struct, frozen=True):
    conversation: int
    person: int
    inbox: int
    queue: int
    name: str
    how: str
    waited_s: float
    target_s: int


# Somebody of ours took, answered or settled it; or it was settled by nobody of ours: the customer gave up.
_LEFT = Statement(
    """WITH gone AS (DELETE FROM routing_waiting WHERE conversation_id = ANY(%(ids)s::bigint[]) RETURNING *),
kept AS (INSERT INTO routing_stay (conversation_id, queue_id, inbox_id, since, ended_at, how, target_s)
SELECT w.conversation_id, w.queue_id, w.inbox_id, least(w.since, %(at)s::timestamptz), %(at)s::timestamptz, CASE
    WHEN c.assignee_id IS NOT NULL OR c.state = 'open' AND c.waiting_on = 'customer' THEN 'taken'
    WHEN c.state = 'resolved' AND r.actor_kind IN ('agent', 'token') THEN 'taken'
    WHEN c.state = 'resolved' THEN 'given_up'
    ELSE 'elsewhere' END, q.target_s
FROM gone w JOIN conversations_conversation c ON c.id = w.conversation_id JOIN routing_queue q ON q.id = w.queue_id
LEFT JOIN LATERAL (SELECT t.actor_kind FROM touchpoints_touchpoint t
  WHERE c.state = 'resolved' AND t.journey = 'conversation:' || c.id AND t.kind = 'conversation.resolved'
  ORDER BY t.occurred_at DESC, t.id DESC LIMIT 1) r ON true
RETURNING *)
SELECT k.conversation_id, c.person_id, k.inbox_id, k.queue_id, q.name, k.how,
  extract(epoch FROM k.ended_at - k.since)::float8, k.target_s
FROM kept k JOIN conversations_conversation c ON c.id = k.conversation_id JOIN routing_queue q ON q.id = k.queue_id
ORDER BY 1""",
    _Gone,
)


def left(ids: Collection[int], *, at: datetime) -> int:
    """In the caller's transaction; how many of these were waiting."""
    if not ids:
        return 0
    gone = _LEFT.all(ids=sorted(ids), at=at)
    touchpoints.record_many([_told(one, at) for one in gone])
    return len(gone)


def _told(one: _Gone, at: datetime) -> tuple[object, ...]:
    return touchpoints.row(
        "queue.left", person=one.person, actor=SYSTEM, inbox=one.inbox, source=f"conversation:{one.conversation}",
        occurred_at=at, conversation=one.conversation, queue=one.queue, name=one.name, how=one.how,
        waited_s=one.waited_s, target_s=one.target_s,
    )  # fmt: skip
