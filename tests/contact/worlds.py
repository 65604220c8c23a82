"""Small worlds of customers, rules and questions, and processes that ask all at once."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from hypothesis import strategies as st

from careline.contact.scopes import PRIORITIES, Cap, around

BEGUN = datetime(2026, 3, 2, 9, tzinfo=UTC)
CHANNELS = ("api", "email", "webchat")
PURPOSES = ("surveys", "surveys/nps", "outreach", "news")
SCOPES = ("any", "surveys", "surveys/nps", "outreach")
# One process of the race: reads lines, answers each once it is decided.
ASKING = """
import json, sys
import time_machine
from careline.cli import begin
with begin.visit():
    from careline import contact
    print("ready", flush=True)
    for line in sys.stdin:
        one = json.loads(line)
        with time_machine.travel(one["at"], tick=False):
            made = contact.decide(one["person"], one["purpose"], one["channel"], one["key"])
        print(json.dumps([made.pk, made.allowed, made.reason]), flush=True)
"""


class Question(msgspec.Struct, frozen=True):
    """Who is asked about for what, by which channel, how many minutes after the beginning."""

    person: int
    purpose: str
    channel: str
    minutes: int


class World(msgspec.Struct, frozen=True):
    caps: dict[str, list[Cap]]
    priorities: dict[str, str]
    questions: list[Question]


def worlds(*, people: int, questions: int) -> st.SearchStrategy[World]:
    caps = st.builds(
        Cap, most=st.integers(1, 3), hours=st.sampled_from([1, 2, 24]), upto=st.sampled_from(PRIORITIES),
        channel=st.sampled_from(["", *CHANNELS]),
    )  # fmt: skip
    asked = st.builds(
        Question, person=st.integers(0, people - 1), purpose=st.sampled_from(PURPOSES),
        channel=st.sampled_from(CHANNELS), minutes=st.integers(0, 180),
    )  # fmt: skip
    return st.builds(
        World,
        caps=st.fixed_dictionaries({name: st.lists(caps, max_size=2) for name in SCOPES}),
        priorities=st.fixed_dictionaries({name: st.sampled_from(PRIORITIES) for name in SCOPES}),
        questions=st.lists(asked, min_size=1, max_size=questions).map(
            lambda several: sorted(several, key=lambda one: one.minutes)
        ),
    )


def settled(world: World) -> None:
    """The rules of the world and no others; nobody was written to yet."""
    from careline.contact.models import Decision, Scope

    Decision.objects.all().delete()
    Scope.objects.all().delete()
    Scope.objects.bulk_create(
        Scope(
            name=name, label=name, priority=world.priorities[name], caps=msgspec.to_builtins(world.caps[name]),
            talks="ignored", promise_days=0,
        )
        for name in SCOPES
    )  # fmt: skip


def at(question: Question) -> datetime:
    return BEGUN + timedelta(minutes=question.minutes)


def beyond(world: World) -> list[str]:
    """Every limit that was broken by what was allowed, counted anew in plain Python from the log alone."""
    log = _log()
    broken = [
        f"{no_more} was full when {one.purpose} by {one.channel} was allowed at {one.at}"
        for one in log if one.allowed for no_more in _full(world, log, one)
    ]  # fmt: skip
    for scope, cap in ((scope, cap) for scope, caps in world.caps.items() for cap in caps if cap.upto == "high"):
        # What binds everything holds in any stretch of time, whoever came first.
        for end in log:
            within = [
                one for one in log
                if _counts(scope, cap, one, end) and end.at - timedelta(hours=cap.hours) < one.at <= end.at
            ]  # fmt: skip
            if len(within) > cap.most:
                broken.append(f"{scope} {cap}: {[(one.purpose, one.channel, one.at) for one in within]}")
    return broken


def forgone(world: World) -> list[str]:
    """Every refusal that no limit asked for: silence is no way to keep within them."""
    log = _log()
    return [
        f"{no.purpose} by {no.channel} at {no.at}: {no.reason}"
        for no in log if not no.allowed and not _full(world, log, no)
    ]  # fmt: skip


def _log() -> list[Any]:
    from careline.contact.models import Decision

    return list(Decision.objects.order_by("pk"))


def _full(world: World, log: Sequence[Any], asked: Any) -> list[str]:
    """The limits that bind this question and had no room left by what was decided before it."""
    return [
        f"{scope} {cap}"
        for scope in around(asked.purpose)
        for cap in world.caps.get(scope, [])
        if cap.binds(world.priorities[_nearest(asked.purpose)]) and cap.channel in ("", asked.channel)
        and sum(
            _counts(scope, cap, one, asked) and one.pk < asked.pk and one.at > asked.at - timedelta(hours=cap.hours)
            for one in log
        ) >= cap.most
    ]  # fmt: skip


def _counts(scope: str, cap: Cap, one: Any, asked: Any) -> bool:
    return (
        one.allowed and one.person_id == asked.person_id and scope in around(one.purpose)
        and cap.channel in ("", one.channel)
    )  # fmt: skip


def _nearest(purpose: str) -> str:
    return next(name for name in reversed(around(purpose)) if name in SCOPES)


class Askers:
    """Processes of their own, as two machines that send at once would be."""

    def __init__(self, count: int, env: dict[str, str]) -> None:
        self.processes = [
            subprocess.Popen(
                [sys.executable, "-c", ASKING], env=os.environ | env, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                text=True,
            )
            for _n in range(count)
        ]  # fmt: skip
        for one in self.processes:
            assert self._read(one) == "ready"

    def ask(self, questions: Sequence[tuple[int, Question, str]]) -> list[Any]:
        """Each of them asks its share, all at the same time; their answers, in no order."""
        answers = []
        shares = [questions[n :: len(self.processes)] for n in range(len(self.processes))]
        for number in range(max(len(share) for share in shares)):
            pairs = zip(self.processes, shares, strict=True)
            asked = [(process, share[number]) for process, share in pairs if number < len(share)]
            for process, (person, question, key) in asked:
                given = {
                    "person": person, "purpose": question.purpose, "channel": question.channel, "key": key,
                    "at": at(question).isoformat(),
                }  # fmt: skip
                assert process.stdin is not None
                process.stdin.write(json.dumps(given) + "\n")
                process.stdin.flush()
            answers += [json.loads(self._read(process)) for process, _asked in asked]
        return answers

    def _read(self, process: subprocess.Popen[str]) -> str:
        assert process.stdout is not None
        line = process.stdout.readline().strip()
        assert line, "a process that asks has ended"
        return line

    def leave(self) -> None:
        for one in self.processes:
            one.communicate(timeout=60)
