"""The matcher's looks at the database: who is free, who is next in each row, who knew the customer, what is due."""

from __future__ import annotations

from datetime import datetime

import msgspec

from careline.kit.statement import Statement


class Free(msgspec.Struct, frozen=True):
    id: int
    capacity: int
    load: int
    given_at: datetime | None
    inboxes: list[int]
    teams: list[int]
    # Each followed by the level it is had at.
    skills: list[int]
    # Where the role ends at teams: whose conversations are seen, and whether those of nobody are too.
    sees: list[int] | None
    teamless: bool


class Row(msgspec.Struct, frozen=True):
    need: str


class Head(msgspec.Struct, frozen=True):
    id: int
    need: str
    rank: datetime
    since: datetime
    last: int | None
    step: int
    due: datetime | None


class Fresh(msgspec.Struct, frozen=True):
    """A conversation that waits for us and that nobody has."""

    id: int
    inbox: int
    channel: str
    priority: int
    language: str
    active_at: datetime
    team: int | None
    due: datetime | None
    last: int | None


class Id(msgspec.Struct, frozen=True):
    id: int


class Moment(msgspec.Struct, frozen=True):
    at: datetime | None


# One of each row that stands there: an index is skipped through, however many wait in each.
NEEDS = Statement(
    """WITH RECURSIVE n AS (
  (SELECT need FROM routing_waiting WHERE NOT offered ORDER BY need LIMIT 1)
  UNION ALL SELECT (SELECT w.need FROM routing_waiting w WHERE NOT w.offered AND w.need > n.need
    ORDER BY w.need LIMIT 1) FROM n WHERE n.need IS NOT NULL)
SELECT need FROM n WHERE need IS NOT NULL""",
    Row,
)
# What somebody carries: open conversations that wait for us, of lively channels also those that do not just now, and
# what stands offered. Unless `anybody` may be asked, only whoever has one of `skills`.
FREE = Statement(
    """WITH ready AS MATERIALIZED (
  SELECT p.agent_id, a.role_id, coalesce(p.capacity, %(capacity)s::int) AS capacity, p.given_at
  FROM routing_presence p JOIN accounts_agent a ON a.id = p.agent_id AND a.is_active WHERE p.status = 'ready'
    AND (%(anybody)s::bool
      OR p.agent_id IN (SELECT agent_id FROM routing_agentskill WHERE skill_id = ANY(%(skills)s::bigint[])))),
held AS (
  SELECT c.assignee_id AS agent_id, c.channel, count(*) AS n FROM conversations_conversation c
  WHERE c.assignee_id = ANY(ARRAY(SELECT agent_id FROM ready)) AND c.state = 'open' AND (c.waiting_on = 'us'
    OR c.channel = ANY(%(lively)s::text[]) AND c.active_at > %(warm)s::timestamptz) GROUP BY 1, 2
  UNION ALL SELECT o.agent_id, c.channel, count(*) FROM routing_offer o
  JOIN conversations_conversation c ON c.id = o.conversation_id WHERE o.state = 'made' GROUP BY 1, 2),
carried AS (
  SELECT agent_id, sum(n * coalesce((%(weights)s::jsonb ->> channel)::int, 1))::int AS load FROM held GROUP BY 1)
SELECT r.agent_id, r.capacity::int, coalesce(l.load, 0), r.given_at,
  CASE WHEN 'inboxes.view_all' = ANY(role.permissions) THEN ARRAY(SELECT i.id FROM channels_inbox i
      WHERE role.only_inboxes IS NULL OR i.id = ANY(role.only_inboxes))
    ELSE ARRAY(SELECT m.inbox_id FROM channels_membership m WHERE m.agent_id = r.agent_id
      AND (role.only_inboxes IS NULL OR m.inbox_id = ANY(role.only_inboxes))) END,
  ARRAY(SELECT t.team_id FROM accounts_teammember t WHERE t.agent_id = r.agent_id),
  ARRAY(SELECT unnest(ARRAY[s.skill_id, s.level]) FROM routing_agentskill s WHERE s.agent_id = r.agent_id),
  role.only_teams, role.teamless
FROM ready r LEFT JOIN carried l ON l.agent_id = r.agent_id JOIN accounts_role role ON role.id = r.role_id
WHERE coalesce(l.load, 0) < r.capacity""",
    Free,
)
# The first of each row, as many as there are hands for it.
HEADS = Statement(
    """SELECT w.conversation_id, w.need, w.rank, w.since, w.last_id, w.step::int, w.due_at
FROM unnest(%(needs)s::text[], %(mosts)s::bigint[]) AS asked (need, most) CROSS JOIN LATERAL (
  SELECT * FROM routing_waiting w WHERE NOT w.offered AND w.need = asked.need ORDER BY w.rank, w.conversation_id
  LIMIT asked.most) w""",
    Head,
)
# Row locks, so that nobody takes one by hand while it is offered; what somebody holds just now comes another time.
STILL = Statement(
    """SELECT id FROM conversations_conversation WHERE id = ANY(%(ids)s::bigint[]) AND state = 'open'
  AND assignee_id IS NULL AND handled_by = 'queue' AND waiting_on = 'us' ORDER BY id FOR NO KEY UPDATE SKIP LOCKED""",
    Id,
)
# With whoever had the customer's last conversation, as far as they are still here.
FRESH = Statement(
    """SELECT c.id, c.inbox_id, c.channel, c.priority::int, p.language, c.active_at, c.team_id, c.due_at, (
    SELECT b.assignee_id FROM conversations_conversation b JOIN accounts_agent a ON a.id = b.assignee_id AND a.is_active
    WHERE b.person_id = c.person_id AND b.id <> c.id ORDER BY b.id DESC LIMIT 1)
FROM conversations_conversation c JOIN customers_person p ON p.id = c.person_id
WHERE c.id = ANY(%(ids)s::bigint[]) AND c.state = 'open' AND c.assignee_id IS NULL AND c.handled_by = 'queue'
  AND c.waiting_on = 'us' ORDER BY c.id""",
    Fresh,
)
# What a restart, a queue that was changed, or a moment nobody heard has left undone.
UNPLACED = Statement(
    """SELECT c.id FROM conversations_conversation c WHERE c.assignee_id IS NULL AND c.state = 'open'
  AND c.handled_by = 'queue' AND c.waiting_on = 'us' AND c.id > %(after)s::bigint
  AND NOT EXISTS (SELECT FROM routing_waiting w WHERE w.conversation_id = c.id) ORDER BY c.id LIMIT %(limit)s::int""",
    Id,
)
OTHERWISE = Statement(
    """SELECT w.conversation_id FROM routing_waiting w JOIN conversations_conversation c ON c.id = w.conversation_id
WHERE (c.assignee_id IS NOT NULL OR c.state <> 'open' OR c.handled_by <> 'queue' OR c.waiting_on <> 'us'
  OR c.due_at IS DISTINCT FROM w.due_at) AND c.id > %(after)s::bigint
ORDER BY 1 LIMIT %(limit)s::int""",
    Id,
)
# Held by somebody who is away or off, or left the house, and still waiting for us.
LEFT = Statement(
    """SELECT c.id FROM conversations_conversation c JOIN accounts_agent a ON a.id = c.assignee_id
LEFT JOIN routing_presence p ON p.agent_id = a.id
WHERE c.state = 'open' AND c.waiting_on = 'us' AND (NOT a.is_active
  OR p.status IN ('away', 'off') AND p.since <= %(now)s::timestamptz) AND c.id > %(after)s::bigint
ORDER BY c.id LIMIT %(limit)s::int""",
    Id,
)
# The next moment at which something happens by itself.
NEXT = Statement(
    """SELECT least(
  (SELECT min(next_at) FROM routing_waiting WHERE next_at IS NOT NULL),
  (SELECT min(due_at) FROM routing_offer WHERE state = 'made'),
  (SELECT min(least(seen_at + %(lost)s::interval, active_at + %(silence)s::interval)) FROM routing_presence
   WHERE status IN ('ready', 'busy')))""",
    Moment,
)
