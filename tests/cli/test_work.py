"""The workers: every room's reactions and jobs are found, and every loop stands up again and ends when told."""

from __future__ import annotations

import logging
import threading
import time
from pathlib import Path

import pytest
from django.db import OperationalError

import careline
from careline.cli import rooms, work


def test_every_rooms_reactions_and_jobs_are_found():
    root = Path(careline.__file__).parent
    written = {
        ".".join(("careline", *path.relative_to(root).parent.parts, path.stem))
        for path in root.rglob("*.py")
        if path.stem in {"jobs", "reactions"}
    }
    assert {"careline.kit.jobs", "careline.accounts.jobs", "careline.service.conversations.reactions"} <= written
    assert set(rooms.modules()) == written
    assert rooms.discover() == rooms.modules()


def test_a_room_may_grow_its_jobs_into_a_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "desk" / "jobs").mkdir(parents=True)
    (tmp_path / "desk" / "jobs" / "__init__.py").touch()
    (tmp_path / "__init__.py").touch()
    monkeypatch.setattr(careline, "__file__", str(tmp_path / "__init__.py"))
    assert rooms.modules() == ["careline.desk.jobs"]


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "FIRST_WAIT", 0.001)


def test_a_loop_that_falls_over_stands_up_again(at_once: None, caplog: pytest.LogCaptureFixture):
    stop, falls = threading.Event(), iter([OperationalError("gone"), OperationalError("gone"), ValueError("odd")])
    runs = 0

    def loop(stop: threading.Event) -> None:
        nonlocal runs
        runs += 1
        for error in falls:
            raise error
        stop.set()

    with caplog.at_level(logging.WARNING):
        work.keep("outbox", loop, stop)
    assert runs == 4
    assert [record.getMessage() for record in caplog.records] == [
        "The loop outbox waits for the database.",
        "The loop outbox waits for the database.",
        "The loop outbox fell over; it is started again.",
    ]


def test_what_breaks_while_ending_is_not_told(at_once: None, caplog: pytest.LogCaptureFixture):
    stop = threading.Event()

    def loop(stop: threading.Event) -> None:
        stop.set()
        raise OperationalError("the database ended first")

    work.keep("outbox", loop, stop)
    assert caplog.records == []


def test_workers_end_when_told(monkeypatch: pytest.MonkeyPatch):
    ended: list[str] = []

    def loop(stop: threading.Event) -> None:
        stop.wait(30)
        ended.append(threading.current_thread().name)

    monkeypatch.setattr(work, "loops", lambda: {"reactions": loop, "outbox": loop})
    workers = work.Workers()
    workers.start()
    began = time.monotonic()
    workers.stop()
    assert time.monotonic() - began < 25
    assert sorted(ended) == ["outbox", "reactions"]


def test_a_loop_that_does_not_end_is_left_behind(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture):
    deaf = threading.Event()
    monkeypatch.setattr(work, "PATIENCE", 0.05)
    monkeypatch.setattr(work, "loops", lambda: {"deaf": lambda _stop: deaf.wait(60)})
    workers = work.Workers()
    workers.start()
    with caplog.at_level(logging.WARNING):
        workers.stop()
    deaf.set()
    assert [record.getMessage() for record in caplog.records] == ["The loop deaf did not stop in time."]
