"""The bus of a running house: after commit, between real processes, over a real restart."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction

from careline.kit import bus
from careline.kit.bus.frames import Assembler, cut, encode
from careline.kit.postgres import Cluster
from tests.kit.bus.conftest import Ear

ECHO = """
import sys, threading
from careline.kit.bus.exchange import Exchange
from careline.kit.bus.notify import NotifyWay
exchange = Exchange()
exchange.subscribe("ask", lambda topic, message: exchange.publish("answer", {"n": message.get("n", 0) + 1}))
exchange.join(NotifyWay(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
exchange.leave()
"""


@pytest.fixture
def ear() -> Iterator[Ear]:
    ear = Ear()
    leave = bus.subscribe("test:", ear)
    yield ear
    leave()


def test_news_are_told_after_the_commit(transactional_db: None, ear: Ear) -> None:
    with transaction.atomic():
        bus.after_commit("test:1", {})
        assert ear.heard == []
    assert ear.heard == [("test:1", {})]


def test_what_was_rolled_back_is_never_told(transactional_db: None, ear: Ear) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        bus.after_commit("test:1", {})
        raise RuntimeError
    assert ear.heard == []


def test_redis_comes_before_notify_and_installations_on_one_server_do_not_hear_each_other(
    valkey: Any, settings: Any, ear: Ear
) -> None:
    from careline.kit.bus.exchange import Exchange
    from careline.kit.bus.pubsub import RedisWay
    from careline.kit.signing import derived_name

    url = f"redis://127.0.0.1:{valkey.port}"
    stranger_ear, stranger = Ear(), Exchange()
    stranger.subscribe("", stranger_ear)
    companion = Exchange()
    bus.start("postgresql://nobody@127.0.0.1:1/nowhere", url)
    companion.join(RedisWay(url, derived_name("bus")))
    settings.SECRET_KEY = "another installation on the same server"
    stranger.join(RedisWay(url, derived_name("bus")))
    try:
        companion.publish("test:companion", {})
        ear.until(lambda heard: heard == [("test:companion", {})])
        assert stranger_ear.heard == []
    finally:
        bus.stop()
        companion.leave()
        stranger.leave()


def test_two_processes_talk_across_a_restart_of_the_database(ear: Ear) -> None:
    answers = Ear()
    leave = bus.subscribe("answer", answers)
    with tempfile.TemporaryDirectory(prefix="careline-bus-") as folder:
        Path(folder).chmod(0o711)
        cluster = Cluster(Path(folder) / "postgres", durable=False)
        dsn = cluster.start()
        other = subprocess.Popen(
            [sys.executable, "-c", ECHO, dsn], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            assert other.stdout
            assert other.stdout.readline() == "ready\n"
            bus.start(dsn)
            bus.publish("ask", {"n": 1})
            answers.until(lambda heard: heard == [("answer", {"n": 2})])
            cluster.stop()
            bus.publish("ask", {"n": 10})  # kept until the database is back
            assert cluster.start() == dsn
            answers.until(lambda heard: (bus.GAP, {"topic": bus.GAP}) in heard)
            for n in range(20, 60):
                bus.publish("ask", {"n": n})
                if answers.heard[-1][0] == "answer":
                    break
                answers._news.acquire()
                answers._news.wait(0.25)
                answers._news.release()
            answers.until(lambda heard: heard[-1][0] == "answer" and heard[-1][1]["n"] > 10)
        finally:
            bus.stop()
            leave()
            other.communicate("\n", timeout=60)
            cluster.stop()


def frames_of(origin: str, number: int, *topics: str, limit: int = 7000) -> list[str]:
    return cut(origin, number, [encode(topic, {"to": topic}) for topic in topics], limit)


def test_half_a_batch_is_never_delivered_and_is_missed() -> None:
    assembler = Assembler("own")
    [whole] = frames_of("a", 1, "first")
    half, *_rest = frames_of("a", 2, "x" * 50, limit=20)
    [next_one] = frames_of("a", 3, "third")
    assert assembler.take(whole) == [("first", {"to": "first"})]
    assert assembler.take(half) == []
    assert assembler.take(next_one) == [(bus.GAP, {"topic": bus.GAP}), ("third", {"to": "third"})]


def test_a_batch_that_begins_in_the_middle_is_missed_once() -> None:
    assembler = Assembler("own")
    _first, *rest = frames_of("a", 5, "x" * 50, limit=20)
    told = [message for frame in rest for message in assembler.take(frame)]
    assert told == [(bus.GAP, {"topic": bus.GAP})]
    [following] = frames_of("a", 6, "sixth")
    assert assembler.take(following) == [("sixth", {"to": "sixth"})]


def test_a_batch_that_comes_twice_counts_once() -> None:
    assembler = Assembler("own")
    frames = frames_of("a", 1, "é" * 100, limit=33)
    once = [message for frame in frames for message in assembler.take(frame)]
    again = [message for frame in frames for message in assembler.take(frame)]
    assert once == [("é" * 100, {"to": "é" * 100})]
    assert again == []
    assert all(len(frame.split(":", 4)[4].encode()) <= 33 for frame in frames)


def test_what_was_heard_on_the_old_line_is_not_heard_again_on_the_new_one() -> None:
    assembler = Assembler("own")
    [first], [second] = frames_of("a", 1, "first"), frames_of("a", 2, "second")
    half, *_rest = frames_of("a", 3, "x" * 50, limit=20)
    [fifth] = frames_of("a", 5, "fifth")
    for frame in (first, second, half):
        assembler.take(frame)
    # Both ends were cut: the sender does not know whether the second arrived, and sends it again.
    assembler.resume()
    assert assembler.take(second) == []
    # The gap was told when the line came back, and is not told twice.
    assert assembler.take(fifth) == [("fifth", {"to": "fifth"})]
    [seventh] = frames_of("a", 7, "seventh")
    assert assembler.take(seventh) == [(bus.GAP, {"topic": bus.GAP}), ("seventh", {"to": "seventh"})]


def test_a_batch_of_another_version_is_missed_and_the_next_is_heard() -> None:
    assembler = Assembler("own")
    assert assembler.take('a:1:0:1:{"v": 9}') == [(bus.GAP, {"topic": bus.GAP})]
    [following] = frames_of("a", 2, "second")
    assert assembler.take(following) == [("second", {"to": "second"})]


@pytest.mark.parametrize("noise", ["", "hello", "a:b:c:d:e", "a:1:0:1"])
def test_noise_on_the_channel_is_passed_over(noise: str) -> None:
    assert Assembler("own").take(noise) == []
