"""kill -9 of a worker: what it had begun has not happened, and happens once."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg
import pytest
from django.db import transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM

PATIENCE = 240


@pytest.fixture
def effects(database_url) -> Iterator[psycopg.Connection]:
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute("DROP TABLE IF EXISTS victim_effects")
        other.execute("CREATE TABLE victim_effects (name text)")
        yield other
        other.execute("DROP TABLE victim_effects")


def start(database_url: str, **extra: str) -> subprocess.Popen[bytes]:
    env = os.environ | {"DATABASE_URL": database_url, "DJANGO_SETTINGS_MODULE": "careline.config.settings"} | extra
    return subprocess.Popen([sys.executable, "-m", "tests.touchpoints.victim"], env=env, stdout=subprocess.PIPE)


def track(names: list[str]) -> None:
    with transaction.atomic():
        touchpoints.record_many(
            touchpoints.row("event.tracked", person=7, actor=SYSTEM, source="track:1", name=name) for name in names
        )


def names_in(effects: psycopg.Connection) -> list[str]:
    return [name for (name,) in effects.execute("SELECT name FROM victim_effects")]


def wait_until_all(effects: psycopg.Connection, names: list[str]) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(names_in(effects)) < len(names) and time.monotonic() < deadline:
        time.sleep(0.1)


@pytest.mark.long
def test_a_worker_killed_in_mid_batch_leaves_nothing_half_done(effects, database_url):
    names = [f"{n:04}" for n in range(100)]
    track(names)
    victim = start(database_url, DAWDLE="0.05")
    try:
        assert victim.stdout is not None
        for _ in range(10):
            assert victim.stdout.readline() == b"in the middle\n"
        victim.send_signal(signal.SIGKILL)
        victim.wait(60)
        assert names_in(effects) == []
        heir = start(database_url)
        try:
            wait_until_all(effects, names)
        finally:
            heir.kill()
            heir.wait(60)
    finally:
        victim.kill()
        victim.wait(60)
    assert names_in(effects) == names


@pytest.mark.parametrize("kills", [2, pytest.param(8, marks=pytest.mark.long)])
def test_workers_killed_again_and_again_deliver_each_touchpoint_once(effects, database_url, kills):
    """Two at a time, killed at random moments while touchpoints keep coming."""
    chance = random.Random(3)
    names: list[str] = []
    workers = [start(database_url), start(database_url)]
    try:
        for n in range(kills):
            more = [f"{n}-{m:03}" for m in range(150)]
            track(more)
            names += more
            time.sleep(chance.uniform(0.1, 1.5))
            dying = chance.randrange(2)
            workers[dying].kill()
            workers[dying].wait(60)
            workers[dying] = start(database_url)
        wait_until_all(effects, names)
    finally:
        for worker in workers:
            worker.kill()
            worker.wait(60)
    assert names_in(effects) == names
