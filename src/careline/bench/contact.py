"""`bench contact`: whether somebody may be written to, decided among ever more decisions.

Twenty decisions a customer over two years, three of four allowed; one customer has ten thousand. Each is asked about a
customer nobody asked about before, for a survey of a kind of its own, under the limits a house begins with and eight
more, by mail. Beside it runs the same among few decisions, and the least somebody would do by hand: lock the customer,
count what they were sent lately, write one row.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import psycopg

from careline.bench import usage
from careline.bench.house import House
from careline.kit import clock

EACH = 20
HEAVY = 10_000
YEARS = timedelta(days=730)
COUNT = 200
ROUNDS = 3
SMALL = 20_000
_PEOPLE = """WITH made AS (
  INSERT INTO customers_person (name, search, zone, first_seen_at)
  SELECT 'Reader ' || n, 'reader ' || n, 'Asia/Jakarta', now() FROM generate_series(0, %s) n RETURNING id),
known AS (INSERT INTO customers_identity (person_id, kind, scope, value, original, verified)
  SELECT id, 'email', '', 'reader' || id || '@example.com', '', true FROM made)
SELECT min(id) FROM made"""
_FILL = """INSERT INTO contact_decision (key, attempt, person_id, purpose, channel, allowed, reason, terms, at)
SELECT 'filled:' || %(salt)s::int || ':' || n, 1, CASE WHEN n %% 100 = 7 AND n < %(heavy)s::bigint * 100
    THEN %(first)s::bigint ELSE %(first)s::bigint + 1 + (n * 7919) %% %(people)s::bigint END,
  (ARRAY['surveys', 'surveys/nps', 'outreach/news', 'conversation'])[1 + n %% 4],
  CASE WHEN n %% 3 = 0 THEN 'webchat' ELSE 'email' END, n %% 4 <> 3,
  CASE WHEN n %% 4 = 3 THEN 'A conversation with this person is open.' ELSE '' END, '{}',
  %(now)s::timestamptz - %(span)s::interval * (1 - n / %(rows)s::float8)
FROM generate_series(0, %(rows)s::bigint - 1) n"""
_LOCK = b"SELECT 1 FROM customers_person WHERE id = $1 FOR NO KEY UPDATE"
_COUNTED = b"SELECT count(*) FROM contact_decision WHERE person_id = $1 AND allowed AND at > $2"
_WRITE = b"""INSERT INTO contact_decision (key, person_id, purpose, channel, allowed, reason, at)
VALUES ($2, $1, 'by hand', 'email', true, '', $3)"""


def measure(house: House, *, scale: int, told: Callable[[str], None]) -> dict[str, Any]:
    _ruled()
    few = _found(house, min(SMALL, scale), told, salt=1)
    many = _found(house, scale, told, salt=2)
    return {
        "metrics": {
            "p95_ms": max(many["p95_ms"], many["heavy_p95_ms"]), "cpu_ms": many["cpu_ms"],
            "heavy_p95_ms": many["heavy_p95_ms"], "filled_s": many["filled_s"],
        },
        "baseline": {
            "limit_ms": 20.0, "by_hand_p95_ms": many["by_hand_p95_ms"], "by_hand_cpu_ms": many["by_hand_cpu_ms"],
            "small_scale": min(SMALL, scale), "small_p95_ms": few["p95_ms"], "small_cpu_ms": few["cpu_ms"],
        },
        "ratios": {
            "growth_cpu": many["cpu_ms"] / few["cpu_ms"], "growth_p95": many["p95_ms"] / few["p95_ms"],
            "vs_by_hand_cpu": many["cpu_ms"] / many["by_hand_cpu_ms"],
        },
    }  # fmt: skip


def _ruled() -> None:
    """More than a house begins with: a scope within surveys, and eight limits around everything."""
    from careline.accounts.actor import SYSTEM
    from careline.contact import ruling
    from careline.contact.scopes import Cap

    caps = [Cap(50 * n, 24 * n) for n in range(1, 9)]
    ruling.keep_rules("any", ruling.Rules(label="Everything unasked", caps=caps, talks="open"), actor=SYSTEM)
    ruling.keep_rules("surveys/nps", ruling.Rules(label="NPS", caps=[Cap(1, 24 * 90)], talks="open"), actor=SYSTEM)


def _found(house: House, scale: int, told: Callable[[str], None], *, salt: int) -> dict[str, float]:
    began = time.monotonic()
    first, people = _filled(house, scale, salt)
    filled = time.monotonic() - began
    told(f"{scale:,} decisions about {people:,} customers written in {filled:,.0f} s")
    chance = random.Random(11 + salt)
    rounds: dict[str, list[tuple[float, float]]] = {"": [], "heavy_": [], "by_hand_": []}

    def somebody() -> int:
        return first + 1 + chance.randrange(people)

    _decided(house, somebody, f"{salt}:warm")
    for n in range(ROUNDS):
        rounds[""].append(_decided(house, somebody, f"{salt}:{n}"))
        rounds["heavy_"].append(_decided(house, lambda: first, f"{salt}:heavy:{n}"))
        rounds["by_hand_"].append(_by_hand(house, somebody, f"{salt}:{n}"))
    found = {"filled_s": filled}
    for name, each in rounds.items():
        found |= {f"{name}cpu_ms": min(one[0] for one in each), f"{name}p95_ms": min(one[1] for one in each)}
    return found


def _decided(house: House, whose: Callable[[], int], salt: str) -> tuple[float, float]:
    """CPU of this process and the database for each, and the slowest of twenty by the clock."""
    from careline.contact import decide

    waits: list[float] = []
    own, tree = time.process_time(), usage.tree_cpu_ms(house.postmaster)
    for n in range(COUNT):
        began = time.perf_counter()
        decide(whose(), "surveys/nps", "email", f"bench:{salt}:{n}")
        waits.append((time.perf_counter() - began) * 1000)
    used = (time.process_time() - own) * 1000 + usage.spent(tree, usage.tree_cpu_ms(house.postmaster))
    return used / COUNT, sorted(waits)[int(0.95 * COUNT)]


def _by_hand(house: House, whose: Callable[[], int], salt: str) -> tuple[float, float]:
    waits: list[float] = []
    with psycopg.connect(house.dsn, cursor_factory=psycopg.RawCursor, autocommit=True) as conn:
        own, tree = time.process_time(), usage.tree_cpu_ms(house.postmaster)
        for n in range(COUNT):
            began, person, now = time.perf_counter(), whose(), clock.now()
            with conn.transaction():
                conn.execute(_LOCK, [person], prepare=True)
                conn.execute(_COUNTED, [person, now - timedelta(days=30)], prepare=True).fetchone()
                conn.execute(_WRITE, [person, f"hand:{salt}:{n}", now], prepare=True)
            waits.append((time.perf_counter() - began) * 1000)
        used = (time.process_time() - own) * 1000 + usage.spent(tree, usage.tree_cpu_ms(house.postmaster))
    return used / COUNT, sorted(waits)[int(0.95 * COUNT)]


def _filled(house: House, scale: int, salt: int) -> tuple[int, int]:
    people = max(10, scale // EACH)
    with psycopg.connect(house.dsn, autocommit=True) as conn:
        conn.execute("SET synchronous_commit = off")
        made = conn.execute(_PEOPLE, [people]).fetchone()
        first = int(str(made[0])) if made else 0
        psycopg.ClientCursor(conn).execute(
            _FILL,
            {
                "salt": salt, "heavy": min(HEAVY, scale // 100), "first": first, "people": people, "rows": scale,
                "now": clock.now(), "span": YEARS,
            },
        )  # fmt: skip
        conn.execute("VACUUM ANALYZE")
        conn.execute("CHECKPOINT")
    return first, people
