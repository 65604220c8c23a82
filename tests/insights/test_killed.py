"""kill -9 of the keeper: the copy is the version before or the version after, and every moment is in it once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.insights.warehouse.copy import manifest
from careline.insights.warehouse.reading import reading
from careline.kit import bus

PATIENCE = 240.0
Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def start(database_url: str) -> Iterator[Start]:
    begun: list[subprocess.Popen[bytes]] = []

    def start(**extra: str) -> subprocess.Popen[bytes]:
        env = os.environ | {
            "DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "careline.config.settings",
            "CARELINE_DATA": str(settings.DATA), "DUCKDB_MEMORY": "256MB",
        } | extra  # fmt: skip
        begun.append(subprocess.Popen([sys.executable, "-m", "tests.insights.victim"], env=env, stdout=subprocess.PIPE))
        return begun[-1]

    bus.start(database_url)
    yield start
    bus.stop()
    for victim in begun:
        victim.kill()
        victim.wait(60)


def track(count: int, chance: random.Random) -> None:
    with transaction.atomic():
        touchpoints.record_many(
            touchpoints.row(
                "event.tracked", person=chance.randrange(1, 40), actor=SYSTEM, source="track:1", name=f"event.{n % 7}"
            )
            for n in range(count)
        )


def in_the_copy() -> list[tuple[str, int]]:
    with reading() as copy:
        return copy.conn.execute("SELECT id::VARCHAR, person FROM line ORDER BY id").fetchall()


def below(xid: str) -> list[tuple[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id::text, person_id FROM touchpoints_touchpoint WHERE xid < %s::text::xid8 ORDER BY id", [xid]
        )
        return cursor.fetchall()


def wait_for(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.05)


def everything_is_in() -> bool:
    found = manifest.read()
    return found is not None and found.rows == len(below("9" * 18)) and in_the_copy() == below("9" * 18)


@pytest.mark.parametrize(
    "step", ["switch", pytest.param("lay", marks=pytest.mark.long), pytest.param("sweep", marks=pytest.mark.long)]
)
def test_a_keeper_killed_in_the_middle_leaves_a_whole_copy(start, columnar: Path, step):
    chance = random.Random(1)
    track(300, chance)
    victim = start(DAWDLE_AT=step)
    wait_for(lambda: manifest.read() is not None)
    track(200, chance)
    assert victim.stdout is not None
    assert victim.stdout.readline() == b"in the middle\n"
    victim.send_signal(signal.SIGKILL)
    victim.wait(60)
    left = manifest.read()
    assert left is not None
    assert in_the_copy() == below(left.xid)
    start()
    wait_for(everything_is_in)
    wait_for(lambda: not any((columnar / "spill").glob("*.duckdb")))
    final = manifest.read()
    assert final is not None
    wait_for(lambda: {p.name for p in columnar.iterdir() if p.is_file()} == {"lock", "manifest.json", *final.files})


@pytest.mark.long
def test_keepers_killed_again_and_again_lose_and_double_nothing(start):
    chance = random.Random(7)
    for _round in range(10):
        victim = start()
        until = time.monotonic() + chance.uniform(1.5, 4)
        while time.monotonic() < until:
            track(chance.randrange(1, 60), chance)
            time.sleep(0.03)  # the kill falls at a random moment among these
        victim.send_signal(signal.SIGKILL)
        victim.wait(60)
        left = manifest.read()
        if left is not None:
            assert in_the_copy() == below(left.xid)
    start()
    wait_for(everything_is_in)
