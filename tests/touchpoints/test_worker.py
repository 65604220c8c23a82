"""The worker's loop."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from itertools import pairwise

import psycopg
import pytest
from django.db import connection

from careline.kit import bus
from careline.touchpoints import subscribers
from careline.touchpoints.models import Cursor
from careline.touchpoints.subscribers import worker
from careline.touchpoints.subscribers.hot import Horizon
from careline.touchpoints.subscribers.rounds import Round
from tests.touchpoints.conftest import PATIENCE, track, wait_for_the_horizon
from tests.touchpoints.test_settling import as_if_restored

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def at_work() -> Iterator[Callable[[], threading.Thread]]:
    stop = threading.Event()
    threads: list[threading.Thread] = []

    def start() -> threading.Thread:
        thread = threading.Thread(target=subscribers.run, args=[stop])
        thread.start()
        threads.append(thread)
        return thread

    yield start
    stop.set()
    bus.publish("touchpoints", {})  # however long it would else rest
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def wait_for(heard: list[str], wanted: list[str], patience: float = PATIENCE) -> float:
    began = time.monotonic()
    while heard != wanted and time.monotonic() < began + patience:
        time.sleep(0.005)
    assert heard == wanted
    return time.monotonic() - began


def wait_for_looks(looks: list[float], many: int) -> None:
    deadline = time.monotonic() + PATIENCE
    while len(looks) < many and time.monotonic() < deadline:
        time.sleep(0.05)
    assert len(looks) >= many


def test_news_wake_it_long_before_it_would_look_by_itself(listen, hear, heard, at_work, monkeypatch):
    # It waits as well for whoever is in the middle of a transaction on this server, other tests among them.
    monkeypatch.setattr(worker, "FALLBACK", 300.0)
    listen(hear)
    at_work()
    track("a")
    wait_for(heard, ["a"])
    track("b")
    wait_for(heard, ["a", "b"])


def test_without_news_it_looks_by_itself(listen, hear, heard, at_work, monkeypatch):
    monkeypatch.setattr("careline.kit.bus.publish", lambda topic, message: None)
    listen(hear)
    at_work()
    time.sleep(0.3)
    track("a")
    wait_for(heard, ["a"])


def test_an_idle_worker_looks_once_a_second_and_reads_no_touchpoint(at_work, monkeypatch):
    """Alone on a server nothing raises xmax; here other tests write beside us, so a quiet one is put in its place."""
    looks: list[float] = []
    rounds: list[float] = []
    quiet = Horizon(xmin="900", xmax="900", places="[]")
    monkeypatch.setattr(worker, "look", lambda: (looks.append(time.monotonic()), quiet)[1])
    monkeypatch.setattr(
        worker, "go_round", lambda *given: (rounds.append(time.monotonic()), Round(xmin="900", xmax="900"))[1]
    )
    at_work()
    wait_for_looks(looks, 3)
    # Not sooner than after a second; how much later is the machine's.
    assert all(later - sooner >= 0.99 for sooner, later in pairwise(looks))
    assert len(rounds) == 1


def test_it_survives_a_database_that_cuts_it_off(listen, hear, heard, at_work, database_url):
    listen(hear)
    thread = at_work()
    track("a")
    wait_for(heard, ["a"])
    with psycopg.connect(database_url, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid NOT IN (pg_backend_pid(), %s)",
            [connection.connection.info.backend_pid],
        )
    track("b")
    wait_for(heard, ["a", "b"])
    assert thread.is_alive()


def test_a_line_of_another_cluster_is_settled_when_work_begins(listen, hear, heard, at_work):
    name = listen(hear)
    track("a")
    wait_for_the_horizon()
    as_if_restored()
    at_work()
    wait_for(heard, ["a"])
    track("b")
    wait_for(heard, ["a", "b"])
    assert Cursor.objects.get(subscriber=name).failures == 0
