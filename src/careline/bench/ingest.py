"""`bench ingest`: tracked events over HTTP in batches of 100, beside COPY of as many rows a commit into those tables.

Of a hundred events sixty are pages, thirty-five are events nobody named and five are orders; they are of five thousand
known customers, and one device in each batch has never been seen.
"""

from __future__ import annotations

import base64
import itertools
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import msgspec
import psycopg

from careline.bench import load, usage
from careline.bench.house import House, measured, serving
from careline.kit import clock, ids
from careline.touchpoints.moments import INTO

BATCH = 100
CLIENTS = 8
ROUNDS = 5
PEOPLE = 5000
_encode = msgspec.json.encode


def measure(house: House, *, scale: int, told: Callable[[str], None]) -> dict[str, Any]:
    """In turns, so that both meet the same minutes of the machine; the best round of each counts."""
    batches = max(CLIENTS, scale // BATCH // ROUNDS)
    make = begin(house)
    http: list[tuple[float, float, load.Figures]] = []
    copied: list[tuple[float, float]] = []
    with serving(house):
        load.drive(house.port, make, count=2 * CLIENTS, clients=CLIENTS)
        _copied(house, 2 * CLIENTS)
        for n in range(ROUNDS):
            ready = [make(k) for k in range(batches)]
            drive = partial(load.drive, house.port, ready.__getitem__, count=batches, clients=CLIENTS)
            used, figures = measured(house, drive)
            if figures.errors:
                raise RuntimeError(f"{figures.errors} batches were not answered with 200.")
            http.append((batches * BATCH / figures.seconds, used / (batches * BATCH), figures))
            cpu, seconds = _copied(house, batches)
            copied.append((batches * BATCH / seconds, cpu / (batches * BATCH)))
            told(f"round {n + 1}: {http[-1][0]:,.0f} events/s over HTTP, {copied[-1][0]:,.0f} rows/s by COPY")
    return _figures(house, http, copied)


def begin(house: House) -> load.Request:
    """Known customers and a source; what makes a batch of new events."""
    key = _source()
    _people(house)
    return _batches(key)


def _figures(
    house: House, http: list[tuple[float, float, load.Figures]], copied: list[tuple[float, float]]
) -> dict[str, Any]:
    rate, copy_rate = max(one[0] for one in http), max(one[0] for one in copied)
    return {
        "metrics": {
            "events_per_s": rate,
            "cpu_us_an_event": min(one[1] for one in http) * 1000,
            "batch_p95_ms": min(one[2].p95_ms for one in http),
            "durable": _is_durable(house),
        },
        "baseline": {"copy_rows_per_s": copy_rate, "copy_cpu_us_a_row": min(one[1] for one in copied) * 1000},
        "ratios": {"vs_copy": rate / copy_rate},
    }


def _source() -> str:
    from careline.accounts.actor import SYSTEM
    from careline.tracking import actions

    return actions.create_source("Bench", "server", actor=SYSTEM).key


def _people(house: House) -> None:
    with psycopg.connect(house.dsn) as conn:
        conn.execute(
            """WITH made AS (INSERT INTO customers_person (name, search, first_seen_at)
              SELECT 'Known ' || n, 'known ' || n, now() FROM generate_series(1, %s) n RETURNING id, name)
            INSERT INTO customers_identity (person_id, kind, scope, value, original, verified)
            SELECT id, 'external', '', replace(name, 'Known ', 'u-'), replace(name, 'Known ', 'u-'), true FROM made""",
            [PEOPLE],
        )
        conn.execute("ANALYZE customers_person, customers_identity")


def _batches(key: str) -> load.Request:
    chance = random.Random(7)
    stamp = f"{time.time_ns():x}"
    serial = itertools.count()
    auth = base64.b64encode(f"{key}:".encode()).decode()
    headers = {"Authorization": f"Basic {auth}", "Content-Type": "application/json"}

    def event(n: int, number: int) -> dict[str, Any]:
        at = (clock.now() - timedelta(seconds=chance.random() * 60)).isoformat()
        common = {"messageId": f"{stamp}-{number:x}", "userId": f"u-{chance.randrange(1, PEOPLE + 1)}", "timestamp": at}
        if n == 0:
            common = {"messageId": f"{stamp}-{number:x}", "anonymousId": f"{stamp}-{number:x}", "timestamp": at}
        if n < 60:
            page = {"url": f"https://shop.example/kettles/{number % 997}", "title": "Kettles", "referrer": ""}
            return {"type": "page", **common, "properties": page}
        if n < 95:
            properties = {"step": number % 7, "plan": "pro", "theme": "dark", "seconds": number % 300}
            return {"type": "track", **common, "event": f"Feature {number % 40}", "properties": properties}
        order = {"order_id": f"{stamp}-{number}", "total": 59.9, "currency": "EUR", "products": [{"name": "Kettle"}]}
        return {"type": "track", **common, "event": "Order Completed", "properties": order}

    def make(_n: int) -> bytes:
        events = [event(n, next(serial)) for n in range(BATCH)]
        return load.request("POST", "/v1/batch", headers, _encode({"batch": events, "sentAt": clock.now().isoformat()}))

    return make


def _rows(first: int, now: Any) -> list[tuple[Any, ...]]:
    """A hundred rows as the door would write them."""
    facts = _encode({"name": "Feature 7", "properties": {"step": 3, "plan": "pro", "theme": "dark"}}).decode()
    return [
        (ids.uuid7(), "event.tracked", 1, first + n * 37 % PEOPLE, None, None, "customer", first, "source:1", None, now,
         now, facts)
        for n in range(BATCH)
    ]  # fmt: skip


def _copied(house: House, count: int) -> tuple[float, float]:
    """CPU in ms, that of the clients included, since they do what the server process does; and seconds."""
    left = iter([_rows(1, clock.now()) for _n in range(count)])

    def client(conn: psycopg.Connection[Any]) -> None:
        with conn.cursor() as cursor:
            for rows in left:
                with cursor.copy(f"COPY {INTO} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
                with cursor.copy("COPY touchpoints_seen (scope, key, touchpoint_id, recorded_at) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(("source:0", str(row[0]), row[0], row[11]))
                conn.commit()

    connections = [psycopg.connect(house.dsn) for _n in range(CLIENTS)]
    try:
        before, mine, began = usage.tree_cpu_ms(house.postmaster), time.process_time(), time.perf_counter()
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(client, connections))
        seconds, mine = time.perf_counter() - began, (time.process_time() - mine) * 1000
        return usage.spent(before, usage.tree_cpu_ms(house.postmaster)) + mine, seconds
    finally:
        for conn in connections:
            conn.close()


def _is_durable(house: House) -> int:
    """Whether an answered batch would outlive a cut of the current."""
    with psycopg.connect(house.dsn) as conn:
        asked = "SELECT current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off'"
        found = conn.execute(asked).fetchone()
    return int(bool(found and found[0]))
