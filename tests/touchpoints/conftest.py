"""Subscribers that live for one test, and patience with transactions other tests have open on the same server."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

import pytest
from django.db import connection, transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.touchpoints import Moment, on
from careline.touchpoints.subscribers import advance, enroll, registered
from careline.touchpoints.subscribers.registry import React, forget

Listen = Callable[..., str]
PATIENCE = 240.0


@pytest.fixture
def listen() -> Iterator[Listen]:
    """`listen(react, "order.placed", …)` subscribes, with its cursor at the present end, and returns the name."""
    names: list[str] = []

    def listen(react: React, *kinds: str, from_start: bool = False, enrolled: bool = True) -> str:
        name = f"tests.{len(names)}"
        on(*(kinds or ("event.tracked",)), name=name, from_start=from_start)(react)
        names.append(name)
        if enrolled:
            enroll([one for one in registered() if one.name == name])
        return name

    yield listen
    for name in names:
        forget(name)


@pytest.fixture
def heard() -> list[str]:
    return []


@pytest.fixture
def hear(heard: list[str]) -> React:
    """Notes the name of each tracked event it is given."""

    def hear(moments: Sequence[Moment]) -> None:
        heard.extend(moment.facts["name"] for moment in moments)

    return hear


def delivered(name: str, at_least: int) -> int:
    """Advance until so many were delivered: a transaction of another test may hold the horizon back for a while."""
    deadline = time.monotonic() + PATIENCE
    total = 0
    while time.monotonic() < deadline:
        total += advance(name)
        if total >= at_least:
            return total
        time.sleep(0.02)
    return total


def track(*names: str, kind: str = "event.tracked") -> None:
    with transaction.atomic():
        rows = []
        for name in names:
            facts = {"name": name} if kind == "event.tracked" else {}
            rows.append(touchpoints.row(kind, person=7, actor=SYSTEM, source="track:1", **facts))
        touchpoints.record_many(rows)


def wait_for_the_horizon() -> None:
    """Until everything written so far is certainly committed for everybody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        [target] = cursor.fetchone()
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] >= target:
                return
            time.sleep(0.02)
    raise AssertionError("a transaction stayed open")
