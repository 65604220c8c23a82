"""`bench routing`: who gets what, decided among five thousand waiting conversations, 500 agents and 50 skills.

Every agent is ready and full, and three kinds of event are decided: a conversation is settled, so that one agent has
hands free; one more arrives, and nobody has; and, when nothing waits any longer, one arrives where all 500 are free.
Of an arrival the placing in its queue is part. Beside it the least somebody would do by hand: take the oldest row there
is, whoever it suits. The rest is played in the head with the same matcher: a few calls against the best of all ways, a
whole day, and one queue of one skill against the formulas of Erlang.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, NamedTuple

import psycopg

from careline.bench import day, usage
from careline.bench.house import House

AGENTS, SKILLS, EVENTS, ROUNDS = 500, 50, 40, 6
Connection = psycopg.Connection[Any]
HELD = 3
# The first calls of a day find everybody idle.
WARM = 200
_FILL = (
    "INSERT INTO channels_membership (inbox_id, agent_id) SELECT %(inbox)s::bigint, id FROM accounts_agent",
    """INSERT INTO routing_skill (name) SELECT 'Skill ' || n FROM generate_series(1, %(skills)s::int) n""",
    """INSERT INTO routing_queue (name, position, answer_s, conditions, last_s)
SELECT name, id, 3600, jsonb_build_object('all', jsonb_build_array(jsonb_build_object(
  'field', 'tag', 'op', 'is', 'value', 's' || id %% %(skills)s::int))), NULL FROM routing_skill""",
    """INSERT INTO routing_neededskill (queue_id, skill_id, level)
SELECT q.id, s.id, 1 + s.id %% 2 FROM routing_queue q JOIN routing_skill s ON s.name = q.name""",
    """INSERT INTO routing_agentskill (agent_id, skill_id, level)
SELECT a.id, s.id, 1 + (a.id + s.id) %% 5 FROM accounts_agent a JOIN routing_skill s
  ON s.id %% %(skills)s::int IN (
    a.id %% %(skills)s::int, (a.id * 7 + 3) %% %(skills)s::int, (a.id * 13 + 5) %% %(skills)s::int)
WHERE a.email LIKE 'bench-%%'""",
    """INSERT INTO routing_presence (agent_id, status, seen_at, active_at)
SELECT id, 'ready', now() + interval '1 hour', now() + interval '1 hour' FROM accounts_agent
WHERE email LIKE 'bench-%%'""",
    """UPDATE conversations_conversation SET state = 'resolved', resolved_at = now(), snoozed_until = NULL
WHERE id NOT IN (SELECT id FROM conversations_conversation ORDER BY id LIMIT %(open)s::int)""",
    """UPDATE conversations_conversation SET state = 'open', resolved_at = NULL, snoozed_until = NULL,
  assignee_id = NULL, waiting_on = 'us', handled_by = 'queue', inbox_id = %(inbox)s::bigint,
  tags = ARRAY['s' || id %% %(skills)s::int]
WHERE id IN (SELECT id FROM conversations_conversation ORDER BY id LIMIT %(open)s::int)""",
    """WITH held AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM conversations_conversation
  WHERE state = 'open' ORDER BY id LIMIT %(held)s::int),
who AS (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM accounts_agent WHERE email LIKE 'bench-%%')
UPDATE conversations_conversation c SET assignee_id = who.id, handled_by = 'agent'
FROM held JOIN who ON who.n = held.n %% %(agents)s::int WHERE c.id = held.id""",
)
_AGENT = """INSERT INTO accounts_agent
  (email, name, password, role_id, language, zone, theme, density, is_active, joined_at)
SELECT 'bench-' || n || '@example.com', 'Agent ' || n, '', (SELECT id FROM accounts_role WHERE name = 'agent'), 'en',
  'UTC', 'system', 'comfortable', true, now() FROM generate_series(1, %(agents)s::int) n"""
_HELD_BY_SOMEBODY = b"""UPDATE conversations_conversation SET state = 'resolved', resolved_at = now() WHERE id = (
  SELECT id FROM conversations_conversation WHERE assignee_id IS NOT NULL AND state = 'open'
  ORDER BY md5(id::text || $1) LIMIT 1) RETURNING id"""
_ARRIVES = b"""UPDATE conversations_conversation SET state = 'open', resolved_at = NULL, waiting_on = 'us',
  handled_by = 'queue', assignee_id = NULL, inbox_id = $3, tags = ARRAY['s' || id % $2] WHERE id = (
  SELECT id FROM conversations_conversation WHERE state = 'resolved' ORDER BY md5(id::text || $1) LIMIT 1)
RETURNING id"""
# Of what waits all but so many; None else, and nothing is held either.
_SETTLED = b"""UPDATE conversations_conversation SET state = 'resolved', resolved_at = now() WHERE state = 'open'
  AND (assignee_id IS NULL OR $1 = 0) AND id NOT IN (SELECT id FROM conversations_conversation
    WHERE state = 'open' AND assignee_id IS NULL ORDER BY md5(id::text) LIMIT $1)"""
_BY_HAND = b"""UPDATE conversations_conversation SET assignee_id = $1, handled_by = 'agent' WHERE id = (
  SELECT id FROM conversations_conversation WHERE state = 'open' AND assignee_id IS NULL
  ORDER BY opened_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id"""


def measure(house: House, *, scale: int, told: Callable[[str], None]) -> dict[str, Any]:
    waiting, placed = _filled(house, scale)
    told(f"{waiting:,} conversations wait for {AGENTS} agents")
    # Of a handful often none suits whoever is free: there only that it runs is looked at.
    few, steady = scale // 5, scale >= 1000
    freed = _least(lambda n: _decided(house, _freed, f"f{n}", steady))
    arrived = _least(lambda n: _decided(house, _arrived, f"a{n}", steady))
    oldest = _least(lambda n: _by_hand(house, f"h{n}"))
    _settle(house, few)
    told(f"the same among {few:,}")
    fewer = _least(lambda n: _decided(house, _freed, f"s{n}", steady))
    _settle(house, 0)
    told("and where nothing waits")
    idle = _least(lambda n: _decided(house, _arrived, f"i{n}", steady, all_free=True))
    told("playing a day in the head")
    played = _played()
    kinds = {"freed": freed, "arrived": arrived, "arrived_idle": idle}
    return {
        "metrics": {
            "p95_ms": max(one.p95_ms for one in kinds.values()), "cpu_ms": max(one.cpu_ms for one in kinds.values()),
            **{f"{name}_p95_ms": one.p95_ms for name, one in kinds.items()},
            **{f"{name}_cpu_ms": one.cpu_ms for name, one in kinds.items()},
            **{f"{name}_statements": one.statements for name, one in kinds.items()},
            "waiting": waiting, "placed_s": placed, **played["metrics"],
        },
        "baseline": {
            "oldest_p95_ms": oldest.p95_ms, "oldest_cpu_ms": oldest.cpu_ms, "fifth_cpu_ms": fewer.cpu_ms,
            **played["baseline"],
        },
        "ratios": {
            "growth_cpu": freed.cpu_ms / fewer.cpu_ms, "vs_oldest_cpu": freed.cpu_ms / oldest.cpu_ms,
            **played["ratios"],
        },
    }  # fmt: skip


class Cost(NamedTuple):
    """The slowest of twenty by the clock; CPU of this process and the database for each; statements of one."""

    p95_ms: float
    cpu_ms: float
    statements: int = 1


def _least(measured: Callable[[int], Cost]) -> Cost:
    """The least disturbed round."""
    rounds = [measured(n) for n in range(ROUNDS)]
    return Cost(*(min(values) for values in zip(*rounds, strict=True)))


def _filled(house: House, scale: int) -> tuple[int, float]:
    """How many wait, and the seconds it took to place them."""
    from django.db import transaction

    from careline.accounts.actor import SYSTEM
    from careline.service.routing import actions, engine, placing, weights
    from careline.service.routing.models import Waiting

    given = {
        "inbox": house.inboxes[0], "agents": AGENTS, "skills": SKILLS, "held": HELD * AGENTS,
        "open": scale + HELD * AGENTS,
    }  # fmt: skip
    with psycopg.connect(house.dsn, autocommit=True, cursor_factory=psycopg.ClientCursor) as conn:
        for statement in (_AGENT, *_FILL):
            conn.execute(statement, given)
        conn.execute("VACUUM ANALYZE")
    actions.keep_policy(actor=SYSTEM, capacity=HELD * weights.LETTER, silence_minutes=1440, weigh={"api": 1})
    began = time.perf_counter()
    with transaction.atomic():
        placing.sweep()
    placed = time.perf_counter() - began
    while engine.turn().decided:
        pass
    return Waiting.objects.filter(offered=False).count(), placed


def _freed(house: House, conn: Connection, salt: str) -> Callable[[], int]:
    """Somebody has hands free."""
    from careline.service.routing import engine

    conn.execute(_HELD_BY_SOMEBODY, [salt])
    return lambda: engine.turn().decided


def _arrived(house: House, conn: Connection, salt: str) -> Callable[[], int]:
    """One more waits."""
    from django.db import transaction

    from careline.service.routing import engine, placing

    [number] = conn.execute(_ARRIVES, [salt, SKILLS, house.inboxes[0]]).fetchone() or [0]

    def decided() -> int:
        with transaction.atomic():
            placing.place([number])
        return engine.turn().decided

    return decided


def _settle(house: House, left: int) -> None:
    """So many wait from now on; where that is none nobody holds anything."""
    from careline.service.routing import actions

    with psycopg.connect(house.dsn, cursor_factory=psycopg.RawCursor, autocommit=True) as conn:
        conn.execute(_SETTLED, [left])
        conn.execute("VACUUM ANALYZE")
    actions.sweep()


def _decided(
    house: House,
    event: Callable[[House, Connection, str], Callable[[], int]],
    salt: str,
    steady: bool,
    *,
    all_free: bool = False,
) -> Cost:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    waits, spent, made, statements = [], 0.0, 0, 0
    with psycopg.connect(house.dsn, cursor_factory=psycopg.RawCursor, autocommit=True) as conn:
        for n in range(EVENTS):
            decide = event(house, conn, f"{salt}:{n}")
            tree, own = usage.tree_cpu_ms(house.postmaster), time.process_time()
            began = time.perf_counter()
            made += decide()
            waits.append((time.perf_counter() - began) * 1000)
            spent += (time.process_time() - own) * 1000 + usage.spent(tree, usage.tree_cpu_ms(house.postmaster))
            _accepted(house)
        decide = event(house, conn, f"{salt}:{EVENTS}")
        with CaptureQueriesContext(connection) as captured:
            decide()
        statements = len(captured)
        _accepted(house)
    if steady and made < (EVENTS if all_free else EVENTS / 2 if event is _freed else 0):
        raise RuntimeError(f"of {EVENTS} events only {made} were decided")
    return Cost(sorted(waits)[int(0.95 * EVENTS)], spent / EVENTS, statements)


def _accepted(house: House) -> None:
    from careline.accounts.actor import Actor
    from careline.service.routing import actions
    from careline.service.routing.models import Offer

    for offer in Offer.objects.filter(state="made"):
        them = Actor(
            kind="agent", id=offer.agent_id, name="", agent_id=offer.agent_id, inbox_ids=tuple(house.inboxes),
            permissions=frozenset({"conversations.view", "conversations.reply"}),
        )  # fmt: skip
        actions.accept(offer.pk, actor=them)


def _by_hand(house: House, salt: str) -> Cost:
    waits, spent = [], 0.0
    with psycopg.connect(house.dsn, cursor_factory=psycopg.RawCursor, autocommit=True) as conn:
        for n in range(EVENTS):
            conn.execute(_HELD_BY_SOMEBODY, [f"{salt}:{n}"])
            tree, own = usage.tree_cpu_ms(house.postmaster), time.process_time()
            began = time.perf_counter()
            conn.execute(_BY_HAND, [house.agent], prepare=True)
            waits.append((time.perf_counter() - began) * 1000)
            spent += (time.process_time() - own) * 1000 + usage.spent(tree, usage.tree_cpu_ms(house.postmaster))
    return Cost(sorted(waits)[int(0.95 * EVENTS)], spent / EVENTS)


def _played() -> dict[str, dict[str, float]]:
    ours, most, knowing = day.against_the_best()
    skilled, plain, allowed = day.whole_day()
    calls, takes, staff, patience = 100 / 1800, 180.0, 14, 300.0
    waited, left = [], []
    for seed in range(20):
        kept = day.one_queue(seed, calls=2200, per_s=calls, takes_s=takes, agents=staff)
        waited.append(sum(one > 0 for one in kept.waits[WARM:]) / 2000)
        gone = day.one_queue(seed, calls=2200, per_s=calls, takes_s=takes, agents=staff, patience_s=patience)
        left.append(1 - sum(gone.taken[WARM:]) / 2000)
    (c, c_half), (a, a_half) = day.interval(waited), day.interval(left)
    exact_c, exact_a = day.erlang_c(calls * takes, staff), day.erlang_a(calls, takes, staff, patience)
    return {
        "metrics": {
            "service_level": ours, "longest_s": skilled.longest(), "p_wait": c, "p_abandon": a,
            "in_order": 1 - skilled.passed / len(skilled.waits),
        },
        "baseline": {
            "service_level_best": most, "service_level_all_knowing": knowing,
            "longest_limit_s": plain.longest() + allowed, "erlang_c_p_wait": exact_c, "erlang_a_p_abandon": exact_a,
        },
        "ratios": {
            "service_level_vs_best": ours / most, "service_level_vs_all_knowing": ours / knowing,
            "best_vs_all_knowing": most / knowing, "erlang_c_vs_interval": abs(c - exact_c) / c_half,
            "erlang_a_vs_interval": abs(a - exact_a) / a_half,
        },
    }  # fmt: skip
