"""UUIDs that sort by time."""

from __future__ import annotations

import threading
import time
from uuid import RFC_4122, UUID

import pytest

from careline.kit import ids


def test_it_is_of_version_seven_and_carries_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    # Whatever clock an earlier test lived by is forgotten.
    monkeypatch.setattr(ids, "_last_ms", 0)
    before = time.time_ns() // 1_000_000
    made = ids.uuid7()
    assert made.version == 7
    assert made.variant == RFC_4122
    assert before <= made.int >> 80 <= before + 5000


def test_they_rise_within_a_process_whichever_thread_asks() -> None:
    made: list[list[UUID]] = [[] for _ in range(4)]

    def make(into: list[UUID]) -> None:
        into.extend(ids.uuid7() for _ in range(5000))

    threads = [threading.Thread(target=make, args=(into,)) for into in made]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(each == sorted(each) for each in made)
    assert len({one for each in made for one in each}) == 20_000


def test_they_rise_though_the_clock_is_set_back(monkeypatch: pytest.MonkeyPatch) -> None:
    first = ids.uuid7()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000_000_000_000)
    second, third = ids.uuid7(), ids.uuid7()
    assert first < second < third


def test_a_counter_that_is_full_moves_on_to_the_next_millisecond(monkeypatch: pytest.MonkeyPatch) -> None:
    now = time.time_ns() // 1_000_000 + 60_000
    monkeypatch.setattr(ids, "_last_ms", now)
    monkeypatch.setattr(ids, "_counter", (1 << 42) - 1)
    made = ids.uuid7()
    assert made.int >> 80 == now + 1
    assert made.version == 7


def test_many_at_once_rise_among_the_others() -> None:
    before, made, after = ids.uuid7(), [UUID(one) for one in ids.many(500)], ids.uuid7()
    assert [before, *made, after] == sorted([before, *made, after])
    assert len(set(made)) == 500
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {RFC_4122}
    assert ids.many(0) == []
