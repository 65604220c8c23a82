"""What the live board is drawn from, by queue and inbox: each viewer's board is added up of what they see.

A fixed number of statements, however many watch. What runs over all that is open is looked at less often.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import msgspec
import psycopg

from careline.kit.statement import Statement
from careline.service.routing import weights

# Of each queue in each inbox so many are drawn as lines.
DRAWN = 5
# Whoever gave up before was hardly waiting.
SHORT = timedelta(seconds=5)
HOUR = timedelta(hours=1)
# Same weekdays the arrivals are held against.
WEEKS = 4
# So far ahead a promise counts as about to break.
AHEAD = timedelta(minutes=30)


class House(msgspec.Struct, frozen=True):
    """Where the day begins, what an agent carries, and what each channel weighs."""

    name: str
    midnight: datetime
    capacity: int
    weights: str


class Queue(msgspec.Struct, frozen=True):
    id: int
    name: str
    target_s: int
    target_percent: int


class Waits(msgspec.Struct, frozen=True):
    """Conversations that nobody has: how many, and since when the longest of them wait, the oldest first."""

    queue: int
    inbox: int
    n: int
    oldest: list[datetime]


class Ended(msgspec.Struct, frozen=True):
    """Waits that ended today, raw: taken, of these within the target; given up, of these at once and within it.

    `lately` were taken in the last hour, the first of them at `first`.
    """

    queue: int
    inbox: int
    taken: int = 0
    within: int = 0
    given_up: int = 0
    at_once: int = 0
    soon: int = 0
    lately: int = 0
    first: datetime | None = None


class Agent(msgspec.Struct, frozen=True):
    """`inboxes` are those they work in; `held` how many open conversations they have in which inbox."""

    id: int
    name: str
    status: str
    reason: str
    since: datetime
    capacity: int
    load: int
    inboxes: list[int]
    held: str


class Felt(msgspec.Struct, frozen=True):
    """Open conversations by how their customers felt last; None is not known."""

    inbox: int
    level: int | None
    n: int


class Arrived(msgspec.Struct, frozen=True):
    """Conversations customers began: today, and on the same weekday so many weeks ago until the same time."""

    inbox: int
    weeks: int
    n: int


class Due(msgspec.Struct, frozen=True):
    """Conversations with a promise that runs: whose next one breaks soon, and when the first; which are late."""

    inbox: int
    soon: int
    late: int
    first: datetime | None


class Limit(msgspec.Struct, frozen=True):
    """A limit somebody set on a figure: limits.FIGURES."""

    id: int
    figure: str
    queue: int | None
    at_most: int | None
    at_least: int | None


class Seen(msgspec.Struct, frozen=True):
    """Everything the boards of a moment are made of. `weeks`: of which of the same weekdays anything is kept."""

    at: datetime
    house: House
    queues: list[Queue]
    waits: list[Waits]
    ended: list[Ended]
    agents: list[Agent]
    due: list[Due] = []
    limits: list[Limit] = []
    felt: list[Felt] = []
    arrived: list[Arrived] = []


HOUSE = Statement(
    """SELECT o.name, date_trunc('day', %(now)s::timestamptz AT TIME ZONE o.zone) AT TIME ZONE o.zone,
  coalesce((SELECT p.capacity FROM routing_policy p), 6)::int,
  coalesce((SELECT p.weights FROM routing_policy p), '{}')::text
FROM accounts_organization o ORDER BY o.id LIMIT 1""",
    House,
)
QUEUES = Statement(
    """SELECT id, name, target_s, target_percent::int FROM routing_queue WHERE is_on ORDER BY position, id""", Queue
)
WAITS = Statement(
    """SELECT queue_id, inbox_id, count(*)::int, (array_agg(since ORDER BY since, conversation_id))[1:%(drawn)s::int]
FROM routing_waiting GROUP BY 1, 2 ORDER BY 1, 2""",
    Waits,
)
ENDED = Statement(
    """SELECT queue_id, inbox_id,
  count(*) FILTER (WHERE today AND how = 'taken')::int,
  count(*) FILTER (WHERE today AND how = 'taken' AND waited <= target)::int,
  count(*) FILTER (WHERE today AND how = 'given_up')::int,
  count(*) FILTER (WHERE today AND how = 'given_up' AND waited < %(short)s::interval)::int,
  count(*) FILTER (WHERE today AND how = 'given_up' AND waited <= target)::int,
  count(*) FILTER (WHERE how = 'taken' AND ended_at > %(hour)s::timestamptz)::int,
  min(ended_at) FILTER (WHERE how = 'taken' AND ended_at > %(hour)s::timestamptz)
FROM (SELECT queue_id, inbox_id, how, ended_at, ended_at - since AS waited, make_interval(secs => target_s) AS target,
    ended_at >= %(midnight)s::timestamptz AS today
  FROM routing_stay WHERE ended_at >= least(%(midnight)s::timestamptz, %(hour)s::timestamptz)) s
GROUP BY 1, 2 ORDER BY 1, 2""",
    Ended,
)
# Load as the matcher counts it.
AGENTS = Statement(
    """SELECT a.id, a.name, p.status, coalesce(r.name, ''), p.since, coalesce(p.capacity, %(capacity)s::int)::int,
  (h.load + coalesce((SELECT sum(coalesce((%(weights)s::jsonb ->> c.channel)::int, 1)) FROM routing_offer o
    JOIN conversations_conversation c ON c.id = o.conversation_id
    WHERE o.agent_id = a.id AND o.state = 'made'), 0))::int,
  ARRAY(SELECT i.id FROM channels_inbox i WHERE 'inboxes.view_all' = ANY(role.permissions)
    UNION ALL SELECT m.inbox_id FROM channels_membership m
      WHERE m.agent_id = a.id AND NOT 'inboxes.view_all' = ANY(role.permissions)),
  h.held::text
FROM routing_presence p JOIN accounts_agent a ON a.id = p.agent_id AND a.is_active
JOIN accounts_role role ON role.id = a.role_id LEFT JOIN routing_statusreason r ON r.id = p.reason_id
CROSS JOIN LATERAL (SELECT coalesce(sum(b.load), 0) AS load, coalesce(jsonb_object_agg(b.inbox_id, b.n), '{}') AS held
  FROM (SELECT c.inbox_id, count(*) AS n, sum(coalesce((%(weights)s::jsonb ->> c.channel)::int, 1))
      FILTER (WHERE c.waiting_on = 'us'
        OR c.channel = ANY(%(lively)s::text[]) AND c.active_at > %(warm)s::timestamptz) AS load
    FROM conversations_conversation c WHERE c.assignee_id = a.id AND c.state = 'open' GROUP BY 1) b) h
WHERE p.status <> 'off' ORDER BY a.name, a.id""",
    Agent,
)
# Whatever is promised next of each, as service.sla keeps it; where the clock stands still nothing is due.
DUE = Statement(
    """SELECT inbox_id, (count(*) FILTER (WHERE due_at > %(now)s::timestamptz))::int,
  (count(*) FILTER (WHERE due_at <= %(now)s::timestamptz))::int,
  min(due_at) FILTER (WHERE due_at > %(now)s::timestamptz)
FROM conversations_conversation WHERE due_at <= %(ahead)s::timestamptz GROUP BY 1 ORDER BY 1""",
    Due,
)
LIMITS = Statement(
    """SELECT id, figure, queue_id, at_most, at_least FROM insights_alert WHERE is_on ORDER BY id""", Limit
)
FELT = Statement(
    """SELECT c.inbox_id, (s.scrap)[cardinality(s.scrap)]::int, count(*)::int FROM conversations_conversation c
JOIN customers_person p ON p.id = c.person_id LEFT JOIN customers_person r ON r.id = p.canonical_id
CROSS JOIN LATERAL (SELECT coalesce(r.scrap, p.scrap) AS scrap) s
WHERE c.state = 'open' GROUP BY 1, 2 ORDER BY 1, 2""",
    Felt,
)
# Weeks of which nothing is kept do not come; of the others there is a row for the house.
ARRIVED = Statement(
    """SELECT m.inbox_id, w.n, sum(m.arrived)::int FROM accounts_organization o
CROSS JOIN generate_series(0, %(weeks)s::int) AS w(n)
CROSS JOIN LATERAL (SELECT %(now)s::timestamptz AT TIME ZONE o.zone - w.n * interval '7 days' AS here) l
JOIN insights_minute m ON m.queue_id = 0 AND m.at >= date_trunc('day', l.here) AT TIME ZONE o.zone
  AND m.at <= l.here AT TIME ZONE o.zone
GROUP BY 1, 2 ORDER BY 2, 1""",
    Arrived,
)


def _given(at: datetime, house: House) -> dict[str, Any]:
    weigh = weights.table(msgspec.json.decode(house.weights, type=dict[str, int]))
    return {
        "drawn": DRAWN, "short": SHORT, "midnight": house.midnight, "hour": at - HOUR, "capacity": house.capacity,
        "weights": msgspec.json.encode(weigh).decode(), "lively": weights.lively(), "warm": at - weights.WARM,
        "now": at, "weeks": WEEKS, "ahead": at + AHEAD,
    }  # fmt: skip


def _told(statement: Statement[Any], given: dict[str, Any]) -> dict[str, Any]:
    return {name: given[name] for name in statement.names}


# By the name of the field they fill.
OFTEN: dict[str, Statement[Any]] = {
    "queues": QUEUES,
    "waits": WAITS,
    "ended": ENDED,
    "agents": AGENTS,
    "due": DUE,
    "limits": LIMITS,
}
SELDOM: dict[str, Statement[Any]] = {"felt": FELT, "arrived": ARRIVED}


def look(at: datetime) -> Seen | None:
    """None before the house is set up."""
    house = HOUSE.one(now=at)
    if house is None:
        return None
    given = _given(at, house)
    return Seen(at, house, **{name: one.all(**_told(one, given)) for name, one in (OFTEN | SELDOM).items()})


async def alook(conn: psycopg.AsyncConnection[Any], at: datetime, before: Seen | None = None) -> Seen | None:
    """The same; what is looked at seldom is taken from the look before, if one is given."""
    house = await HOUSE.aone(conn, now=at)
    if house is None:
        return None
    given, found = _given(at, house), {}
    for name, one in (OFTEN if before else OFTEN | SELDOM).items():
        found[name] = await one.aall(conn, **_told(one, given))
    if before is not None:
        found |= {name: getattr(before, name) for name in SELDOM}
    return Seen(at, house, **found)
