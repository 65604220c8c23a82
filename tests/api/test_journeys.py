"""Journeys by the API: what is counted is what the token's agent sees."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.accounts.models import Role
from careline.channels.models import Membership
from careline.insights.warehouse.copy import keeping
from tests.touchpoints.conftest import wait_for_the_horizon

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def columnar(tmp_path, settings):
    settings.DATA = tmp_path


@pytest.fixture
def lived(ada, inbox, elsewhere):
    """Five moments: beside every inbox, in the chat, in the partners' inbox, in the chat, beside."""
    with transaction.atomic():
        for n, (name, where) in enumerate(
            [("saw", None), ("asked", inbox.pk), ("secret", elsewhere.pk), ("thanked", inbox.pk), ("saw", None)]
        ):
            touchpoints.record(
                "event.tracked", person=ada.pk, actor=SYSTEM, source="track:1", inbox=where, name=name,
                occurred_at=NOON + timedelta(minutes=10 * n),
            )  # fmt: skip
    wait_for_the_horizon()
    keeping.follow()


@pytest.fixture
def reader(hire, inbox, program):
    """`reader("conversations.view", …)`: reads reports, works in the chat alone."""

    def reader(*permissions):
        Role.objects.create(name="reader", permissions=["reports.view", *permissions])
        agent = hire("Rea Der", role="reader")
        Membership.objects.create(agent=agent, inbox=inbox)
        return program(agent.as_actor((inbox.pk,)))

    return reader


def edges(answer):
    return {(edge["start"], edge["to"]): (edge["n"], edge["median_seconds"]) for edge in answer.json["edges"]}


def test_who_sees_every_inbox_sees_every_step(lived, cy, program):
    answer = program(cy).get("journeys/map")
    assert edges(answer) == {
        ("saw", "asked"): (1, 600.0), ("asked", "secret"): (1, 600.0), ("secret", "thanked"): (1, 600.0),
        ("thanked", "saw"): (1, 600.0),
    }  # fmt: skip
    assert {one["kind"]: (one["n"], one["firsts"], one["lasts"]) for one in answer.json["activities"]} == {
        "saw": (2, 1, 1), "asked": (1, 0, 0), "secret": (1, 0, 0), "thanked": (1, 0, 0),
    }  # fmt: skip
    assert answer.json["as_of"] is not None


def test_what_lies_in_another_inbox_leaves_no_trace(lived, reader):
    program = reader("conversations.view", "customers.view")
    assert edges(program.get("journeys/map")) == {
        ("saw", "asked"): (1, 600.0), ("asked", "thanked"): (1, 1200.0), ("thanked", "saw"): (1, 600.0),
    }  # fmt: skip
    for name in ("map", "variants", "paths", "funnel?steps=asked,secret", "retention?entry=secret", "sessions"):
        assert b'"secret"' not in program.get(f"journeys/{name}").body.replace(b'"kind":"secret","n":0', b"")
    assert program.get("journeys/funnel?steps=asked,secret").json["steps"][1]["n"] == 0
    assert program.get("journeys/sessions").json["moments"] == 4


def test_moments_beside_every_inbox_need_customers(lived, reader):
    assert edges(reader("conversations.view").get("journeys/map")) == {("asked", "thanked"): (1, 1200.0)}


def test_moments_of_inboxes_need_conversations(lived, reader):
    assert edges(reader("customers.view").get("journeys/map")) == {("saw", "saw"): (1, 2400.0)}


def test_every_question_is_answered(lived, cy, program):
    asking = program(cy)
    ways = asking.get("journeys/variants").json
    assert ways["items"] == [
        {"steps": ["saw", "asked", "secret", "thanked", "saw"], "n": 1, "repeats": 1, "median_seconds": 2400.0}
    ]
    assert asking.get("journeys/paths?length=2").json["items"] == [
        {"steps": ["saw", "asked"], "n": 1, "repeats": 0, "median_seconds": None}
    ]
    steps = asking.get("journeys/funnel?steps=saw,thanked,never&window_days=1").json["steps"]
    assert [(one["n"], one["median_seconds"]) for one in steps] == [(1, 0.0), (1, 1800.0), (0, None)]
    cells = asking.get("journeys/retention?mode=unbounded&days=0,1&unit=day&zone=Asia/Tokyo").json["cells"]
    assert cells == [
        {"cohort": "2026-03-02", "day": 0, "size": 1, "mature": 1, "returned": 1},
        {"cohort": "2026-03-02", "day": 1, "size": 1, "mature": 1, "returned": 0},
    ]
    told = asking.get("journeys/sessions?pause_minutes=9").json
    assert (told["sessions"], told["single"], told["p90_seconds"]) == (5, 5, 0.0)
    since = asking.get("journeys/map?from=2026-03-02T12:15:00Z&to=2026-03-02T12:35:00Z").json
    assert [(edge["start"], edge["to"]) for edge in since["edges"]] == [("secret", "thanked")]
    assert edges(asking.get("journeys/map?kinds=saw")) == {("saw", "saw"): (1, 2400.0)}


@pytest.mark.parametrize(
    ("question", "field"),
    [
        ("funnel", "steps"), ("funnel?steps=a,,b", "steps"), ("funnel?steps=a&window_days=0", "window_days"),
        ("map?from=yesterday", "from"), ("map?to=0000-00-00", "to"), ("retention?days=1,x", "days"),
        ("retention?days=99999", "days"), ("retention?zone=Mars/Base", "zone"), ("retention?mode=daily", "mode"),
        ("retention?zone=../../etc/passwd", "zone"), ("paths?length=99", "length"), ("variants?limit=201", "limit"),
        ("sessions?pause_minutes=-1", "pause_minutes"), ("retention?unit=year", "unit"),
        ("map?format=xlsx", "format"), ("map?case=order:7", "case"), ("map?case=", "case"),
        ("funnel?steps=a,b&exclude=1:c", "exclude"), ("funnel?steps=a,b&exclude=3:c", "exclude"),
        ("funnel?steps=a,b&exclude=c&order=strict", "exclude"), ("funnel?steps=a&order=any", "order"),
        ("funnel?steps=a&by=weather", "by"), ("funnel?steps=a&by=channel:1", "by"), ("funnel?steps=a&by=fact:", "by"),
        ("funnel?steps=a&by=segment:" + ",".join(map(str, range(1, 12))), "by"), ("between?start=a", "finish"),
        ("between?finish=a", "start"), ("between?start=a&finish=b&zone=Moon", "zone"), ("flows", "start"),
        ("between?start=a&finish=b&unit=hour", "unit"), ("flows?start=a&finish=b", "start"),
        ("flows?start=a&top=51", "top"), ("flows?finish=a&length=13", "length"), ("rework?limit=0", "limit"),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_refused_by_name(cy, program, question, field):
    answer = program(cy).get(f"journeys/{question}")
    assert answer.told[0] == 422
    assert answer.json["field"] == field


def test_without_a_copy_everything_is_empty(cy, program):
    asking = program(cy)
    told = asking.get("journeys/map").json
    assert told == {"as_of": None, "activities": [], "edges": []}
    assert asking.get("journeys/retention").json["cells"] == []
    assert asking.get("journeys/sessions").json["sessions"] == 0


def test_an_agent_reads_no_reports(bos):
    assert bos.get("journeys/map").told[0] == 403
