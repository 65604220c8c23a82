"""`bench inbox`: the list and a thread as a page, as a fragment and as JSON, and how their cost grows."""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Callable
from functools import partial
from typing import Any

from careline.bench import house as houses
from careline.bench import load, usage
from careline.bench.house import House, measured, serving

COUNT = 64
ROUNDS = 28
SMALL = 1000


def _doors(house: House) -> dict[str, load.Request]:
    # What a browser brings that has been here before.
    cookie = {"Cookie": f"careline_session={house.session}; careline_csrf={'c' * 32}"}
    bearer = {"Authorization": f"Bearer {house.token}"}
    page = load.request("GET", "/desk?view=all", cookie)
    piece = cookie | {"HX-Request": "true"}
    thread = load.request("GET", f"/desk/{house.first}", piece)
    cold_page = load.request("GET", "/cold/desk?view=all", cookie)
    cold_thread = load.request("GET", f"/cold/desk/{house.first}", piece)
    listed = load.request("GET", "/api/v1/conversations?state=open&limit=50", bearer)
    by_hand = load.request("GET", f"/bench/list/{house.inboxes[0]}", bearer)
    asked = {
        "html": page, "thread": thread, "json": listed, "sql": by_hand,
        "cold_html": cold_page, "cold_thread": cold_thread,
    }  # fmt: skip
    return {name: partial(_again, one) for name, one in asked.items()}


def _again(asked: bytes, _n: int) -> bytes:
    return asked


def _rounds(both: list[House]) -> list[tuple[dict[str, list[float]], dict[str, load.Figures]]]:
    """For each of them CPU ms a request in many short rounds, and its quickest clocks.

    The houses take turns at every door, so that what else the machine does falls on all of them.
    """
    doors = [_doors(house) for house in both]
    found: list[dict[str, list[float]]] = [{name: [] for name in each} for each in doors]
    clocks: list[dict[str, load.Figures]] = [{} for _ in both]
    with contextlib.ExitStack() as served:
        for house, each in zip(both, doors, strict=True):
            served.enter_context(serving(house))
            for make in each.values():
                load.drive(house.port, make, count=60)
        for _n, name, (k, house) in itertools.product(range(ROUNDS), doors[0], enumerate(both)):
            cpu, figures = measured(house, partial(load.drive, house.port, doors[k][name], count=COUNT))
            if figures.errors:
                raise RuntimeError(f"{name}: {figures.errors} requests were not answered with 200.")
            found[k][name].append(cpu / COUNT)
            best = clocks[k].get(name)
            clocks[k][name] = figures if best is None or figures.p95_ms < best.p95_ms else best
    return list(zip(found, clocks, strict=True))


def measure(house: House, *, url: str, told: Callable[[str], None]) -> dict[str, Any]:
    """Beside the same among a thousand conversations, in a database of its own."""
    dsn = houses.database_of_its_own(url)
    before = os.environ["DATABASE_URL"]
    try:
        houses.moved_to(dsn)
        small = houses.prepare(SMALL, told)
        houses.moved_to(before)
        (spent, clocks), (small_spent, small_clocks) = _rounds([house, small])
    finally:
        houses.moved_to(before)
        houses.drop(url, dsn)
    # The least disturbed round: other loads only ever add.
    cpu, small_cpu = ({name: min(rounds) for name, rounds in each.items()} for each in (spent, small_spent))
    return {
        "metrics": {
            "html_cpu_ms": cpu["html"],
            "json_cpu_ms": cpu["json"],
            "thread_cpu_ms": cpu["thread"],
            # Where no row and no message was drawn before; a house that is at work has most of them.
            "html_cold_cpu_ms": cpu["cold_html"],
            "thread_cold_cpu_ms": cpu["cold_thread"],
            "html_p95_ms": clocks["html"].p95_ms,
            "json_p95_ms": clocks["json"].p95_ms,
            "thread_p95_ms": clocks["thread"].p95_ms,
            "html_bytes": clocks["html"].answered_bytes,
            "thread_bytes": clocks["thread"].answered_bytes,
        },
        "baseline": {
            "sql_cpu_ms": cpu["sql"],
            "small_scale": SMALL,
            "small_html_cpu_ms": small_cpu["html"],
            "small_json_cpu_ms": small_cpu["json"],
            "small_html_p95_ms": small_clocks["html"].p95_ms,
        },
        "ratios": {
            "json_vs_sql": usage.share(spent["json"], spent["sql"]),
            "growth_cpu": max(usage.share(spent[name], small_spent[name]) for name in ("html", "json", "thread")),
            "growth_p95": max(clocks[name].p95_ms / small_clocks[name].p95_ms for name in ("html", "json", "thread")),
        },
    }
