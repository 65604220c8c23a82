"""kill -9 around deadlines, and several workers at one: each is warned of, broken and escalated once, none is lost."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections import Counter
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.house import PROGRAM, House, own_database

pytestmark = pytest.mark.long
TALKS = 120
# Each was begun so many minutes ago; after half an hour it is warned of, after an hour it is late.
SETTLE = """
from datetime import timedelta
from careline.accounts import actions as accounts
from careline.accounts.actor import Actor, SYSTEM
from careline.channels import actions as channels
from careline.kit import clock
from careline.service.conversations import actions
from careline.service.conversations.hot import words
from careline.service.rules import actions as rules
from careline.service.rules.models import Rule
from careline.service.sla import actions as promises
from careline.service.sla.terms import Step, Terms
from careline.touchpoints.subscribers import enroll
enroll()
accounts.set_up(
    organization_name="Harbor", name="Rosa", email="rosa@harbor.example", password="long enough a word", zone="UTC"
)
chat = channels.create_inbox(actor=SYSTEM, kind="webchat", name="Chat", settings={{}})
terms = Terms(first=60, warn_minutes=30, steps=(Step("tell_leads"), Step("priority", 0, 4)))
promises.keep_policy(promises.Ruling(name="Usual", terms=terms), actor=SYSTEM)
rule = rules.keep(
    "Late", {{"since": "opened", "minutes": 60}}, {{}}, [{{"do": "note", "words": "An hour."}}], actor=SYSTEM
)
rules.switch(rule.pk, on=True, actor=SYSTEM)
begun = clock.now() - timedelta(minutes={ago})
Rule.objects.update(asked_at=begun)
for n in range({talks}):
    actions.open_with(
        actor=Actor.customer(0, chat.pk), inbox_id=chat.pk, person=words.who(visitor=f"v{{n}}"), body=str(n), at=begun
    )
"""
LATE = """
import sys
from careline.service.rules import timing
from careline.service.sla import actions
print("ready", flush=True)
sys.stdin.readline()
actions.pass_due()
timing.run_due()
"""
# A transaction that others on the same server have open holds back what is heard.
HEAR = f"""
import time
from careline.service.sla.models import Promise
from careline.touchpoints.subscribers import advance_all
deadline = time.monotonic() + 90
while Promise.objects.count() < {TALKS} and time.monotonic() < deadline:
    advance_all()
    time.sleep(0.1)
assert Promise.objects.count() == {TALKS}
"""
TOLD = (
    "SELECT kind, (facts->>'conversation')::int, facts->>'act' FROM touchpoints_touchpoint WHERE kind LIKE 'promise.%'"
)
NOTED = "SELECT conversation_id FROM conversations_message WHERE kind = 'note'"
RAISED = "SELECT count(*) FROM conversations_conversation WHERE priority = 4"


@pytest.fixture
def house(server_url: str, template: str, tmp_path: Path):
    for url in own_database(server_url, f"promised_{os.getpid()}", template):
        house = House(tmp_path, url)
        yield house
        house.kill()


@pytest.fixture
def looked(house: House):
    with psycopg.connect(house.database_url or "", autocommit=True) as looked:
        yield looked


def run(house: House, code: str) -> None:
    done = house.run("shell", "-c", code)
    assert done.returncode == 0, done.stderr


def told(looked: Any) -> Counter[str]:
    """How often each came to pass, over all conversations."""
    return Counter(f"{kind}:{act}" if act else kind for kind, _talk, act in looked.execute(TOLD).fetchall())


def each_once(looked: Any) -> None:
    found = looked.execute(TOLD).fetchall()
    assert len(found) == len(set(found)), Counter(found).most_common(3)
    assert told(looked) == {
        "promise.warned": TALKS, "promise.broken": TALKS, "promise.escalated:tell_leads": TALKS,
        "promise.escalated:priority": TALKS,
    }  # fmt: skip
    assert looked.execute(RAISED).fetchone() == (TALKS,)


def until(looked: Any, house: House, kind: str, count: int, patience: float = 120) -> None:
    deadline = time.monotonic() + patience
    while told(looked)[kind] < count:
        assert time.monotonic() < deadline, (told(looked), house.log.exists() and house.tail())
        time.sleep(0.02)


def test_a_worker_killed_before_between_and_after_loses_and_doubles_nothing(house: House, looked: Any):
    run(house, SETTLE.format(ago=54, talks=TALKS))
    house.up()
    for kind, count in (("promise.warned", TALKS // 4), ("promise.warned", TALKS), ("promise.broken", TALKS // 4)):
        # In the middle of the warnings, between them and the deadline, and in the middle of what was not kept.
        until(looked, house, kind, count, patience=480)
        house.kill()
        was = told(looked)
        assert (was["promise.broken"] == 0) == (kind == "promise.warned")
        house.up()
    until(looked, house, "promise.escalated:priority", TALKS)
    each_once(looked)
    # Whatever came back to life has nothing left to tell.
    deadline = time.monotonic() + 120
    while len(looked.execute(NOTED).fetchall()) < TALKS:
        assert time.monotonic() < deadline, house.tail()
        time.sleep(0.1)
    time.sleep(65)
    each_once(looked)
    assert Counter(looked.execute(NOTED).fetchall()).most_common(1)[0][1] == 1


def begin(house: House, ready: int) -> list[subprocess.Popen[str]]:
    """Processes that have started and wait for a word."""
    found = [
        subprocess.Popen(
            [PROGRAM, "shell", "-c", LATE], env=house.env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            start_new_session=True,
        )
        for _n in range(ready)
    ]  # fmt: skip
    for one in found:
        assert one.stdout is not None
        assert one.stdout.readline() == "ready\n"
    return found


def go(one: subprocess.Popen[str]) -> None:
    assert one.stdin is not None
    one.stdin.write("\n")
    one.stdin.flush()


def test_of_processes_at_the_same_deadlines_one_fires_each_though_another_is_killed(house: House, looked: Any):
    run(house, SETTLE.format(ago=180, talks=TALKS) + HEAR)
    both = begin(house, 3)
    try:
        for one in both:
            go(one)
        until(looked, house, "promise.broken", TALKS // 4)
        os.killpg(both[0].pid, signal.SIGKILL)
        assert [one.wait(300) for one in both[1:]] == [0, 0]
    finally:
        for one in both:
            one.kill()
    # What the killed one held is taken by whoever looks next.
    [last] = begin(house, 1)
    go(last)
    assert last.wait(300) == 0
    each_once(looked)
    noted = looked.execute(NOTED).fetchall()
    assert (len(noted), len(set(noted))) == (TALKS, TALKS)
