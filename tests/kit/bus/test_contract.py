"""What holds for every way: alone, by NOTIFY, by Redis."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import pytest

from careline.kit import bus
from careline.kit.bus.exchange import Exchange
from careline.kit.bus.link import SILENCE
from tests.kit.bus.conftest import Ear, Ways

Process = Callable[[Ways], Exchange]


def test_a_subscriber_hears_its_topics_and_no_others(ways: Ways, process: Process) -> None:
    here, ear = process(ways), Ear()
    here.subscribe("conversation:", ear)
    here.publish("conversation:7", {"seq": 1})
    here.publish("outbox", {})
    assert ear.heard == [("conversation:7", {"seq": 1})]


def test_own_messages_are_heard_at_once_and_not_again_when_they_come_back(ways: Ways, process: Process) -> None:
    here, ear = process(ways), Ear()
    here.subscribe("", ear)
    for n in range(50):
        here.publish("topic", {"n": n})
        assert ear.heard[-1] == ("topic", {"n": n})
    time.sleep(0.3)
    assert len(ear.heard) == 50


def test_who_left_hears_nothing_more(ways: Ways, process: Process) -> None:
    here, stays, leaves = process(ways), Ear(), Ear()
    here.subscribe("", stays)
    leave = here.subscribe("", leaves)
    here.publish("first", {})
    leave()
    leave()
    here.publish("second", {})
    assert [topic for topic, _message in stays.heard] == ["first", "second"]
    assert [topic for topic, _message in leaves.heard] == ["first"]


def test_a_subscriber_that_fails_harms_neither_the_others_nor_the_publisher(
    ways: Ways, process: Process, caplog: pytest.LogCaptureFixture
) -> None:
    here, ear = process(ways), Ear()

    def fails(topic: str, message: dict[str, Any]) -> None:
        raise RuntimeError("no")

    here.subscribe("", fails)
    here.subscribe("", ear)
    here.publish("topic", {})
    assert len(ear.heard) == 1
    assert "A subscriber of everything failed." in caplog.text


@pytest.mark.parametrize("message", [{"not json": object()}, {"half": "\ud800"}], ids=["object", "surrogate"])
def test_a_message_that_cannot_travel_is_logged_and_hurts_nobody(
    between: Ways, process: Process, message: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    here, there = process(between), process(between)
    near, far = Ear(), Ear()
    here.subscribe("", near)
    there.subscribe("", far)
    here.publish("topic:1", message)
    here.publish("topic:2", {})
    far.until(lambda heard: ("topic:2", {}) in heard)
    assert len(near.heard) == 2
    assert len(far.heard) == 1
    assert "A message about topic cannot be told" in caplog.text


def test_another_process_hears_everything_once_and_in_order(between: Ways, process: Process) -> None:
    here, there, third = process(between), process(between), process(between)
    ears = [Ear(), Ear(), Ear()]
    for end, ear in zip((here, there, third), ears, strict=True):
        end.subscribe("count", ear)
    for n in range(2000):
        here.publish("count", {"n": n, "from": "here"})
        if n % 4 == 0:
            there.publish("count", {"n": n, "from": "there"})
    for ear in ears:
        ear.until(lambda heard: len(heard) >= 2500)
    time.sleep(0.2)
    for ear in ears:
        for sender, expected in (("here", list(range(2000))), ("there", list(range(0, 2000, 4)))):
            assert [message["n"] for _topic, message in ear.heard if message["from"] == sender] == expected


@pytest.mark.parametrize("text", ["x" * 6990, "é" * 40_000, "👋🏽 \0 ' \\ \u202e" * 5_000, "line:with:colons"])
def test_messages_of_any_size_and_any_character_arrive_unchanged(between: Ways, process: Process, text: str) -> None:
    here, there, ear = process(between), process(between), Ear()
    there.subscribe("", ear)
    here.publish("before", {})
    here.publish("topic:ü", {"text": text, "list": [1, 2.5, None, True, {"deep": []}]})
    here.publish("after", {})
    ear.until(lambda heard: len(heard) == 3)
    assert ear.heard[1] == ("topic:ü", {"text": text, "list": [1, 2.5, None, True, {"deep": []}]})


def test_after_the_lines_were_cut_there_is_a_gap_and_then_everything_again(between: Ways, process: Process) -> None:
    here, there, ear = process(between), process(between), Ear()
    there.subscribe("conversation:", ear)
    here.publish("conversation:1", {})
    ear.until(lambda heard: len(heard) == 1)
    between.cut()
    ear.until(lambda heard: (bus.GAP, {"topic": "bus.gap"}) in heard)
    here.publish("conversation:2", {})
    ear.until(lambda heard: ("conversation:2", {}) in heard)
    assert [topic for topic, _message in ear.heard].count("conversation:2") == 1


def test_a_line_cut_again_and_again_doubles_nothing_and_hides_no_loss(between: Ways, process: Process) -> None:
    here, there, ear = process(between), process(between), Ear()
    there.subscribe("", ear)
    for n in range(600):
        here.publish("count", {"n": n})
        if n % 150 == 75:
            between.cut()
        time.sleep(0.001)
    # What is said into a line that was just cut may be lost, as the gap tells: it is said until it is heard.
    for _try in range(120):
        here.publish("last", {})
        if ear.hears(lambda heard: ("last", {}) in heard, 1):
            break
    assert ("last", {}) in ear.heard
    numbers = [message["n"] for topic, message in ear.heard if topic == "count"]
    assert numbers == sorted(set(numbers))
    if len(numbers) < 600:
        assert bus.GAP in [topic for topic, _message in ear.heard]


def test_leaving_sends_what_was_published_before(between: Ways, process: Process) -> None:
    here, there, ear = process(between), process(between), Ear()
    there.subscribe("", ear)
    for n in range(500):
        here.publish("count", {"n": n})
    link = here._link
    assert link is not None
    here.leave()
    for thread in link._threads:
        # Its own last word wakes the one that listens, which would else sit out the silence.
        thread.join(SILENCE - 3)
        assert not thread.is_alive()
    ear.until(lambda heard: len(heard) == 500)


def test_a_way_that_is_not_there_yet_is_tried_until_it_is(
    between: Ways, process: Process, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    make = between.make
    assert make is not None
    way = make()
    connect, away = way._connect, [True]  # type: ignore[attr-defined]

    def sometimes(*args: Any, **more: Any) -> Any:
        if away[0]:
            raise ConnectionRefusedError
        return connect(*args, **more)

    monkeypatch.setattr(way, "_connect", sometimes)
    late, there, ear, far = Exchange(), process(between), Ear(), Ear()
    late.subscribe("", ear)
    there.subscribe("", far)
    try:
        late.join(way, patience=0.1)
        late.publish("early", {})
        assert ear.heard == [("early", {})]
        time.sleep(0.3)
        away[0] = False
        far.until(lambda heard: ("early", {}) in heard)
        ear.until(lambda heard: (bus.GAP, {"topic": "bus.gap"}) in heard)
        there.publish("answer", {})
        ear.until(lambda heard: ("answer", {}) in heard)
    finally:
        late.leave()
    assert caplog.text.count("cannot be told") == 1
    assert caplog.text.count("are not heard") == 1


def test_what_did_not_fit_while_the_way_was_away_is_told_as_a_gap(
    between: Ways, process: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    from careline.kit.bus import link

    monkeypatch.setattr(link, "WAITING", 10)
    make = between.make
    assert make is not None
    way = make()
    teller, away = way.teller, [True]

    def sometimes() -> Any:
        if away[0]:
            raise ConnectionRefusedError
        return teller()

    monkeypatch.setattr(way, "teller", sometimes)
    here, there, ear = Exchange(), process(between), Ear()
    there.subscribe("count", ear)
    here.join(way)
    try:
        here.publish("count", {"n": -1})
        time.sleep(0.05)
        for n in range(30):
            here.publish("count", {"n": n})
        away[0] = False
        ear.until(lambda heard: ("count", {"n": 29}) in heard)
    finally:
        here.leave()
    assert [topic for topic, _message in ear.heard].count(bus.GAP) == 1
    assert [message["n"] for topic, message in ear.heard if topic == "count"] == [-1, *range(20, 30)]
