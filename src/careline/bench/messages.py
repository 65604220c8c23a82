"""`bench messages`: what a created conversation and a reply cost, beside one INSERT and one hand-written statement."""

from __future__ import annotations

import itertools
import random
import time
from functools import partial
from typing import Any

import msgspec

from careline.bench import load, usage
from careline.bench.house import House, measured, serving

COUNT = 200
DJANGO_COUNT = 80
# Many short rounds: the machine is quicker in some seconds than in others, and each door should meet the quick ones.
ROUNDS = 32
CSRF = "a" * 32


def measure(house: House) -> dict[str, Any]:
    doors = _doors(house)
    found: dict[str, list[float]] = {name: [] for name in doors}
    clocks: dict[str, load.Figures] = {}
    with serving(house):
        for make in doors.values():
            load.drive(house.port, make, count=100, expected=201)
        for _round in range(ROUNDS):
            for name, make in doors.items():
                count = DJANGO_COUNT if name == "reply_django" else COUNT
                drive = partial(load.drive, house.port, make, count=count, expected=201)
                used, clocks[name] = measured(house, drive)
                if clocks[name].errors:
                    raise RuntimeError(f"{name}: {clocks[name].errors} requests were not answered with 201.")
                found[name].append(used / count)
    return _told(found, clocks, subscribers(house))


def _doors(house: House) -> dict[str, load.Request]:
    """What is asked at each door, in the order it is measured."""
    chance = random.Random(3)
    body = " ".join(["order", "parcel", "invoice", "return", "late"] * 8)
    bearer = {"Authorization": f"Bearer {house.token}", "Content-Type": "application/json"}
    stamp = time.time_ns()
    serial = itertools.count()

    def post(path: str, **members: Any) -> bytes:
        return load.request("POST", path, bearer, msgspec.json.encode({"body": body, **members}))

    def creation(path: str) -> load.Request:
        def make(n: int) -> bytes:
            customer = {"name": "Ana Brandt", "email": f"n{stamp}.{next(serial)}@example.org"}
            inbox = str(house.inboxes[n % len(house.inboxes)])
            return post(path, inbox_id=inbox, customer=customer, subject="Where is my parcel")

        return make

    def anywhere() -> int:
        return house.first + chance.randrange(house.scale)

    return {
        "insert": lambda _n: post("/bench/insert"),
        "create": creation("/api/v1/conversations"),
        "create_statement": creation("/bench/create"),
        "reply": lambda _n: post(f"/api/v1/conversations/{anywhere()}/messages"),
        "reply_statement": lambda _n: post(f"/bench/reply/{anywhere()}"),
        "reply_django": lambda _n: _desk(house, anywhere(), body),
    }


def _told(found: dict[str, list[float]], clocks: dict[str, load.Figures], reactions: float) -> dict[str, Any]:
    # The least disturbed round: other loads only ever add.
    cpu = {name: min(rounds) for name, rounds in found.items()}

    def share(limit: str, door: str) -> float:
        return usage.share(found[limit], found[door])

    return {
        "metrics": {
            "create_cpu_ms": cpu["create"],
            "reply_cpu_ms": cpu["reply"],
            "reply_django_cpu_ms": cpu["reply_django"],
            "subscribers_cpu_ms": reactions,
            "create_p95_ms": clocks["create"].p95_ms,
            "reply_p95_ms": clocks["reply"].p95_ms,
        },
        "baseline": {
            "insert_cpu_ms": cpu["insert"],
            "create_statement_cpu_ms": cpu["create_statement"],
            "reply_statement_cpu_ms": cpu["reply_statement"],
        },
        "ratios": {
            "create_vs_insert": share("insert", "create"),
            "reply_vs_insert": share("insert", "reply"),
            "create_vs_statement": share("create_statement", "create"),
            "reply_vs_statement": share("reply_statement", "reply"),
        },
    }


def _desk(house: House, conversation: int, body: str) -> bytes:
    """A reply as the desk's composer sends it."""
    headers = {
        "Cookie": f"careline_session={house.session}; careline_csrf={CSRF}",
        "X-CSRFToken": CSRF,
        "HX-Request": "true",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    return load.request(
        "POST", f"/desk/{conversation}/messages", headers, f"kind=reply&body={body}".replace(" ", "+").encode()
    )


def subscribers(house: House) -> float:
    """CPU of everything that reacts to a message, per message, measured by letting the subscribers catch up."""
    from django.db import connection

    from careline.touchpoints import subscribers as line

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = int(cursor.fetchone()[0])
        cursor.execute(
            "SELECT count(*) FROM touchpoints_touchpoint t WHERE t.kind IN ('message.received', 'message.sent')"
            " AND t.xid > (SELECT min(xid) FROM touchpoints_cursor)"
        )
        messages = int(cursor.fetchone()[0])
    began, database = time.process_time(), usage.cpu_ms(backend)
    while line.advance_all():
        pass
    spent = (time.process_time() - began) * 1000 + usage.cpu_ms(backend) - database
    return spent / max(1, messages)
