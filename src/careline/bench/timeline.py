"""`bench timeline`: a customer's line behind the API door, its first page and a jump to a day, among ever more moments.

A hundred moments a customer over two years, seven of ten pages, a fifth of them talk; they lie as they came, so that
those of one customer are far apart. One customer has a hundred thousand. Each request asks for another customer, whose
line nobody asked for before. Beside it runs one statement written by hand, for the same customers.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import psycopg
from psycopg import sql

from careline.bench import house as houses
from careline.bench import load, usage
from careline.bench.house import House, measured, serving
from careline.kit import clock

SMALL = 1_000_000
MOMENTS_EACH = 100
HEAVY = 100_000
MONTHS = 24
COUNT = 300
ROUNDS = 5
# One after another: how long a reader waits, and not how long a queue becomes.
CLIENTS = 1
DAY = timedelta(days=1)
PAGE = 50

_INDEXES = """SELECT c.relname, pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
WHERE i.indrelid = 'touchpoints_touchpoint'::regclass AND NOT i.indisprimary"""
_PARTS = """SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'touchpoints_touchpoint'::regclass
  AND inhrelid::regclass::text ~ '_[0-9]{4}_[0-9]{2}$' ORDER BY 1"""
# Whose a moment is jumps about; every hundredth is of the one with a long line, until that has its hundred thousand.
_FILL = """INSERT INTO {part} (id, kind, version, person_id, inbox_id, actor_kind, actor_id, source, journey,
  occurred_at, recorded_at, facts)
SELECT gen_random_uuid(), k.kind, 1, k.person, CASE WHEN k.talk IS NOT NULL THEN %(inbox)s::bigint END, 'customer',
  k.person, coalesce(k.talk, 'source:1'), k.talk, k.at, k.at, k.facts
FROM generate_series(0, %(rows)s::bigint - 1) n CROSS JOIN LATERAL (
  SELECT CASE WHEN n %% 100 = 7 AND n < %(heavy)s::bigint * 100 THEN %(first)s::bigint
      ELSE %(first)s::bigint + 1 + (n * 7919 + %(salt)s::bigint * 104729) %% %(people)s::bigint END AS person,
    CASE WHEN n %% 10 < 7 THEN 'page.viewed' WHEN n %% 10 = 7 THEN 'event.tracked'
      WHEN n %% 20 = 8 THEN 'message.received' WHEN n %% 20 = 18 THEN 'message.sent'
      WHEN n %% 20 = 9 THEN 'product.viewed'
      ELSE 'order.placed' END AS kind,
    CASE WHEN n %% 10 = 8 THEN 'conversation:' || n / 40 END AS talk,
    %(low)s::timestamptz + n * (%(span)s::interval / %(rows)s::bigint) AS at,
    CASE WHEN n %% 10 < 7 THEN jsonb_build_object('url', 'https://shop.example/guides/' || n %% 997, 'title',
        'Which lamp fits a small room, part ' || n %% 97)
      WHEN n %% 10 = 7 THEN jsonb_build_object('name', 'Video Played', 'properties',
        jsonb_build_object('seconds', n %% 300))
      WHEN n %% 10 = 8 THEN jsonb_build_object('conversation', n / 40, 'message', gen_random_uuid(), 'seq', n %% 9,
        'channel', 'api', 'preview', 'Where is the parcel that was to come on the ' || n %% 28 || 'th of the month')
      ELSE jsonb_build_object('product', 'Lamp ' || n %% 400) END AS facts) k
"""
# What somebody would write who knew the table and needed nothing else.
_BY_HAND = b"""SELECT id, kind, version, person_id, agent_id, inbox_id, actor_kind, actor_id, source, journey,
  occurred_at, recorded_at, facts FROM touchpoints_touchpoint WHERE person_id = $1 AND occurred_at < $2
ORDER BY occurred_at DESC, id DESC LIMIT 50"""


def measure(house: House, *, scale: int, url: str, around: int, told: Callable[[str], None]) -> dict[str, Any]:
    """Beside the same among a million moments, in a database of its own that is gone before the large one is filled."""
    dsn, before = houses.database_of_its_own(url), os.environ["DATABASE_URL"]
    try:
        houses.moved_to(dsn)
        small = _found(houses.prepare(around, told), min(SMALL, scale), told)
    finally:
        houses.moved_to(before)
        houses.drop(url, dsn)
    found = _found(house, scale, told)
    sql_cpu, sql_p95 = found.pop("sql_cpu_ms"), found.pop("sql_p95_ms")
    return {
        "metrics": {"p95_ms": max(found["first_p95_ms"], found["day_p95_ms"]), **found},
        "baseline": {
            "limit_ms": 20.0, "sql_cpu_ms": sql_cpu, "sql_p95_ms": sql_p95, "small_scale": min(SMALL, scale),
            **{f"small_{name}": value for name, value in small.items() if name != "filled_s"},
        },
        "ratios": {
            "growth_cpu": max(found[f"{name}_cpu_ms"] / small[f"{name}_cpu_ms"] for name in ("first", "day")),
            "growth_p95": max(found[f"{name}_p95_ms"] / small[f"{name}_p95_ms"] for name in ("first", "day")),
            "door_vs_sql_cpu": found["first_cpu_ms"] / sql_cpu,
        },
    }  # fmt: skip


def _found(house: House, scale: int, told: Callable[[str], None]) -> dict[str, float]:
    began = time.monotonic()
    first, people = _filled(house, scale, told)
    filled = time.monotonic() - began
    told(f"{scale:,} moments of {people:,} customers written in {filled:,.0f} s")
    chance, bearer = random.Random(11), {"Authorization": f"Bearer {house.token}"}
    today = clock.now().astimezone(UTC)

    def asked(person: int, day: bool) -> bytes:
        until = f"&until={(today - DAY * chance.randrange(1, 700)):%Y-%m-%dT00:00:00Z}" if day else ""
        return load.request("GET", f"/api/v1/customers/{person}/touchpoints?limit={PAGE}{until}", bearer)

    def somebody(_n: int, *, day: bool) -> bytes:
        return asked(first + 1 + chance.randrange(people), day)

    def the_long_one(_n: int) -> bytes:
        return asked(first, day=True)

    ways: dict[str, load.Request] = {
        "first": partial(somebody, day=False),
        "day": partial(somebody, day=True),
        "long": the_long_one,
    }
    rounds: dict[str, list[tuple[float, float]]] = {name: [] for name in (*ways, "sql")}
    with serving(house):
        for make in ways.values():
            load.drive(house.port, make, count=40, clients=CLIENTS)
        for _n in range(ROUNDS):
            for name, make in ways.items():
                cpu, figures = measured(house, partial(load.drive, house.port, make, count=COUNT, clients=CLIENTS))
                if figures.errors:
                    raise RuntimeError(f"{name}: {figures.errors} requests were not answered with 200.")
                rounds[name].append((cpu / COUNT, figures.p95_ms))
            rounds["sql"].append(_by_hand(house, lambda: first + 1 + chance.randrange(people)))
    answer = {"filled_s": filled}
    for name, each in rounds.items():
        answer |= {f"{name}_cpu_ms": min(one[0] for one in each), f"{name}_p95_ms": min(one[1] for one in each)}
    return answer


def _by_hand(house: House, whose: Callable[[], int]) -> tuple[float, float]:
    """CPU of the database and the slowest of twenty, of one statement on one connection."""
    waits: list[float] = []
    with psycopg.connect(house.dsn, cursor_factory=psycopg.RawCursor) as conn:
        now = clock.now()
        before = usage.tree_cpu_ms(house.postmaster)
        for _n in range(COUNT):
            began = time.perf_counter()
            conn.execute(_BY_HAND, [whose(), now], prepare=True).fetchall()
            waits.append((time.perf_counter() - began) * 1000)
        used = usage.spent(before, usage.tree_cpu_ms(house.postmaster))
    return used / COUNT, sorted(waits)[int(0.95 * COUNT)]


def _filled(house: House, scale: int, told: Callable[[str], None]) -> tuple[int, int]:
    """Without indexes and without the log while it is written: what is read afterwards is the same."""
    from careline.touchpoints import partitions

    today = clock.now().date().replace(day=1)
    partitions.ensure_partitions((today - timedelta(days=31 * (MONTHS - 1))).replace(day=1), today)
    people = max(10, scale // MOMENTS_EACH)
    with psycopg.connect(house.dsn, autocommit=True) as conn:
        conn.execute("SET maintenance_work_mem = '512MB'")
        conn.execute("SET synchronous_commit = off")
        made = conn.execute(
            """WITH made AS (INSERT INTO customers_person (name, search, first_seen_at)
              SELECT 'Reader ' || n, 'reader ' || n, now() FROM generate_series(0, %s) n RETURNING id)
            SELECT min(id) FROM made""",
            [people],
        ).fetchone()
        first = int(str(made[0])) if made else 0
        indexes = [str(row[1]) for row in conn.execute(_INDEXES).fetchall()]
        names = [text.split(" INDEX ")[1].split(" ")[0] for text in indexes]
        conn.execute("ALTER TABLE touchpoints_touchpoint DROP CONSTRAINT touchpoints_touchpoint_pkey")
        for name in names:
            conn.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(name)))
        parts = [str(name) for (name,) in conn.execute(_PARTS).fetchall()]
        past = [part for part in parts if part[-7:] <= f"{today:%Y_%m}"][-MONTHS:]
        _write(conn, past, house=house, scale=scale, first=first, people=people, told=told)
        conn.execute("ALTER TABLE touchpoints_touchpoint ADD PRIMARY KEY (occurred_at, id)")
        for text in indexes:
            conn.execute(text.replace(" ON ONLY ", " ON ").encode())
            told(text.split(" INDEX ")[1].split(" ")[0])
        conn.execute("VACUUM ANALYZE")
        conn.execute("CHECKPOINT")
    return first, people


def _write(
    conn: psycopg.Connection[Any], parts: list[str], *, house: House, scale: int, first: int, people: int,
    told: Callable[[str], None],
) -> None:  # fmt: skip
    now = clock.now().astimezone(UTC)
    rows, heavy = scale // len(parts), min(HEAVY, scale // 100) // len(parts)
    cursor = psycopg.ClientCursor(conn)
    for n, part in enumerate(parts):
        low = datetime.strptime(part[-7:], "%Y_%m").replace(tzinfo=UTC)
        high = min((low + timedelta(days=32)).replace(day=1), now)
        name = sql.Identifier(part)
        conn.execute(sql.SQL("ALTER TABLE {} SET UNLOGGED").format(name))
        given = {
            "inbox": house.inboxes[0], "rows": rows, "heavy": heavy, "first": first, "people": people, "salt": n,
            "low": low, "span": high - low,
        }  # fmt: skip
        cursor.execute(sql.SQL(_FILL).format(part=name), given)
        told(f"{(n + 1) * rows:,} of {scale:,} moments written")
