"""The keeper's loop: woken by news, silent without."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.customers import actions as customers
from careline.customers.models import Person
from careline.insights.warehouse.copy import manifest, worker
from careline.insights.warehouse.copy.keeping import Keeper

pytestmark = pytest.mark.django_db(transaction=True)


def wait_for(true: Callable[[], bool], patience: float = 240.0) -> None:
    """Long, since a transaction of another test may hold the horizon back."""
    deadline = time.monotonic() + patience
    while not true():
        assert time.monotonic() < deadline, "it did not come"
        time.sleep(0.02)


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """How often the keeper looked into the database, and whether everything was in."""
    found: list[bool] = []
    look = Keeper.follow

    def follow(keeper: Keeper) -> bool:
        found.append(look(keeper))
        return found[-1]

    monkeypatch.setattr(Keeper, "follow", follow)
    return found


@pytest.fixture
def at_work(monkeypatch: pytest.MonkeyPatch, looks: list[bool]) -> Iterator[None]:
    monkeypatch.setattr(worker, "GATHER", 0.01)
    monkeypatch.setattr(worker, "BEAT", 0.02)
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    yield
    stop.set()
    thread.join(60)
    assert not thread.is_alive()


def track(person: int) -> None:
    with transaction.atomic():
        touchpoints.record("event.tracked", person=person, actor=SYSTEM, source="track:1", name="one")


def rows() -> int:
    found = manifest.read()
    return found.rows if found else 0


def test_without_news_the_database_is_asked_nothing(at_work, looks):
    wait_for(lambda: looks[-1:] == [True])
    before = len(looks)
    time.sleep(1.0)  # fifty beats: that nothing comes cannot be waited for
    assert len(looks) == before


def test_what_is_recorded_is_in_the_copy_by_itself(at_work):
    person = Person.objects.create(name="Ada").pk
    track(person)
    wait_for(lambda: rows() == 1)
    track(person)
    wait_for(lambda: rows() == 2)


def test_an_erasure_wakes_it(at_work, looks):
    person = Person.objects.create(name="Ada").pk
    track(person)
    wait_for(lambda: rows() == 1 and looks[-1:] == [True])
    customers.erase(person, actor=SYSTEM)
    # The version without her, and at once the one whose base is without her too.
    wait_for(lambda: (found := manifest.read()) is not None and 0 < found.erased <= found.base_version)


def test_it_outlives_a_database_that_goes_away(monkeypatch, looks):
    monkeypatch.setattr(worker, "GATHER", 0.01)
    monkeypatch.setattr(worker, "BEAT", 0.02)
    monkeypatch.setattr(worker, "AGAIN", 0.05)
    there = Keeper.follow
    away = [True, True]

    def follow(keeper: Keeper) -> bool:
        if away:
            away.pop()
            raise DatabaseError("gone")
        return there(keeper)

    monkeypatch.setattr(Keeper, "follow", follow)
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    wait_for(lambda: looks[-1:] == [True])
    stop.set()
    thread.join(60)
