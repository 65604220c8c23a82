"""A worker's loop survives what happens to it and stops when told."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import OperationalError

from careline.channels import rounds
from careline.kit import bus


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch, transactional_db: None) -> Callable[[Callable[[], int]], threading.Event]:
    """Runs the loop in a thread until the work sets the event it is given."""
    threads: list[tuple[threading.Thread, threading.Event]] = []

    def keep(work: Callable[[], int]) -> threading.Event:
        stop = threading.Event()
        thread = threading.Thread(target=rounds.keep, args=(stop,), kwargs={"topic": "test.rounds", "work": work})
        thread.start()
        threads.append((thread, stop))
        return stop

    yield keep
    for thread, stop in threads:
        stop.set()
        thread.join(30)
        assert not thread.is_alive()


def test_it_goes_on_while_there_is_work(kept: Callable[..., threading.Event], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "IDLE", 300.0)
    left, done = [3, 2, 1, 0], threading.Event()

    def work() -> int:
        n = left.pop(0) if left else 0
        if not left:
            done.set()
        return n

    kept(work)
    assert done.wait(60), "no waiting between rounds that found something"


def test_news_wakes_it(kept: Callable[..., threading.Event], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rounds, "IDLE", 300.0)
    rounds_done = threading.Semaphore(0)

    def work() -> int:
        rounds_done.release()
        return 0

    kept(work)
    assert rounds_done.acquire(timeout=30)
    bus.publish("test.rounds", {})
    assert rounds_done.acquire(timeout=30)


@pytest.mark.parametrize("trouble", [OperationalError("gone"), KeyError("oops")])
def test_it_outlives_trouble(
    kept: Callable[..., threading.Event], trouble: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "IDLE", 0.25)
    monkeypatch.setattr(rounds, "AFTER_TROUBLE", 0.05)
    again, times = threading.Event(), []

    def work() -> int:
        times.append(1)
        if len(times) == 1:
            raise trouble
        again.set()
        return 0

    kept(work)
    assert again.wait(30)
