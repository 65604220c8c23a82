"""Questions about chosen steps by the API: broken down, by case, as CSV, and never more than the token's agent sees."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.accounts.models import Role
from careline.channels.models import Membership
from careline.customers.models import Company, CompanyMember, CompanyTrait, Person, Segment, SegmentMember
from careline.insights.warehouse.copy import keeping
from tests.touchpoints.conftest import wait_for_the_horizon

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def columnar(tmp_path, settings):
    settings.DATA = tmp_path


@pytest.fixture
def lin() -> Person:
    return Person.objects.create(name="Lin Osei")


def happen(person, *moments) -> None:
    """Each (name, minutes after noon, and what else is told)."""
    with transaction.atomic():
        for name, minutes, *more in moments:
            touchpoints.record(
                "event.tracked", person=person.pk, actor=SYSTEM, source="track:1", name=name,
                occurred_at=NOON + timedelta(minutes=minutes), **(more[0] if more else {}),
            )  # fmt: skip


@pytest.fixture
def lived(ada, lin, inbox, elsewhere) -> None:
    """Ada asks in the chat and gets an answer, after complaining; Lin asks the partners, twice, and gets none."""
    happen(
        ada, ("asked", 0, {"inbox": inbox.pk, "properties": {"plan": "gold", "deep": {"x": 1}}}), ("complained", 5),
        ("answered", 10, {"inbox": inbox.pk}), ("ordered", 20, {"journey": "order:A"}),
        ("ordered", 21, {"journey": "order:B"}), ("brought", 80, {"journey": "order:B"}),
        ("brought", 90, {"journey": "order:A"}),
    )  # fmt: skip
    happen(
        lin, ("asked", 0, {"inbox": elsewhere.pk, "properties": {"plan": "=basic"}}), ("asked", 3),
    )  # fmt: skip
    wait_for_the_horizon()
    keeping.follow()


def parts(answer):
    return {(one["name"], one["others"]): [step["n"] for step in one["steps"]] for one in answer.json["parts"]}


def test_a_funnel_leaves_out_who_came_by_the_wrong_way(lived, cy, program):
    asking = program(cy)
    plain, without, later = (
        asking.get(f"journeys/funnel?steps=asked,answered,ordered{more}").json["steps"]
        for more in ("", "&exclude=complained", "&exclude=3:complained,2:never")
    )
    assert [(one["n"], one["excluded"]) for one in plain] == [(2, 0), (1, 0), (1, 0)]
    assert [(one["n"], one["excluded"]) for one in without] == [(2, 0), (0, 1), (0, 0)]
    assert [(one["n"], one["excluded"]) for one in later] == [(2, 0), (1, 0), (1, 0)]
    strict = asking.get("journeys/funnel?steps=asked,answered&order=strict").json["steps"]
    assert [one["n"] for one in strict] == [2, 0]
    seen = asking.get("journeys/funnel?steps=asked,answered&order=strict&kinds=asked,answered").json["steps"]
    assert [one["n"] for one in seen] == [2, 1]


def test_an_answer_is_broken_down_by_channel_segment_company_and_fact(lived, ada, lin, cy, program):
    asking = program(cy)
    late = Segment.objects.create(name="Late payers", rule={})
    calm = Segment.objects.create(name="Calm", rule={})
    for segment, person in ((late, ada), (calm, ada), (calm, lin)):
        SegmentMember.objects.create(segment=segment, person=person)
    firm = Company.objects.create(name="Harbor Ltd")
    CompanyTrait.objects.create(company=firm, name="size", value=40)
    CompanyMember.objects.create(company=firm, person=lin)
    funnel = "journeys/funnel?steps=asked,answered&by="
    assert parts(asking.get(f"{funnel}channel")) == {("webchat", False): [1, 1], ("api", False): [1, 0]}
    assert parts(asking.get(f"{funnel}segment:{late.pk},{calm.pk}")) == {
        ("Calm", False): [2, 1], ("Late payers", False): [1, 1],
    }  # fmt: skip
    assert parts(asking.get(f"{funnel}segment:{late.pk}")) == {("Late payers", False): [1, 1], (None, False): [1, 0]}
    assert parts(asking.get(f"{funnel}company:size")) == {("40", False): [1, 0], (None, False): [1, 1]}
    assert parts(asking.get(f"{funnel}fact:properties.plan")) == {("gold", False): [1, 1], ("=basic", False): [1, 0]}
    assert parts(asking.get(f"{funnel}fact:properties.deep")) == {(None, False): [2, 1]}
    assert asking.get(f"{funnel}segment:999").told[0] == 404


def test_between_two_steps_the_unanswered_are_counted_and_said(lived, cy, program):
    asking = program(cy)
    told = asking.get("journeys/between?start=asked&finish=answered&unit=day&by=channel").json
    assert {name: told[name] for name in ("n", "unanswered", "waiting", "median_seconds", "p90_seconds")} == {
        "n": 1, "unanswered": 1, "waiting": 0, "median_seconds": 600.0, "p90_seconds": 600.0,
    }  # fmt: skip
    assert [one["from_seconds"] for one in told["bins"] if one["n"]] == [300.0]
    assert told["trend"] == [
        {"n": 1, "unanswered": 1, "waiting": 0, "median_seconds": 600.0, "p90_seconds": 600.0, "begins": "2026-03-02"}
    ]
    assert [(one["name"], one["n"], one["unanswered"]) for one in told["parts"]] == [("webchat", 1, 0), ("api", 0, 1)]
    early = asking.get("journeys/between?start=asked&finish=answered&to=2026-03-02T12:04:00Z").json
    assert (early["n"], early["unanswered"], early["waiting"]) == (0, 0, 2)


def test_a_case_may_be_an_order(lived, cy, program):
    asking = program(cy)
    by_order = asking.get("journeys/between?start=ordered&finish=brought&case=order").json
    assert (by_order["n"], by_order["median_seconds"]) == (2, (70 + 59) / 2 * 60)
    by_customer = asking.get("journeys/between?start=ordered&finish=brought").json
    assert (by_customer["n"], by_customer["median_seconds"]) == (1, 3600.0)
    ways = asking.get("journeys/variants?case=order").json
    assert (ways["customers"], ways["items"][0]["steps"], ways["items"][0]["n"]) == (2, ["ordered", "brought"], 2)
    assert asking.get("journeys/rework?case=order").json["again"] == 0
    again = asking.get("journeys/rework?case=customer").json
    assert (again["cases"], again["again"], again["repeats"]) == (2, 2, 3)
    assert again["loops"][0] == {
        "kind": "asked", "over": [], "n": 1, "cases": 1, "median_seconds": 180.0, "p90_seconds": 180.0
    }  # fmt: skip


def test_flows_lead_on_and_back(lived, cy, program):
    asking = program(cy)
    told = asking.get("journeys/flows?start=asked&length=2&top=1").json
    assert [(one["step"], one["kind"], one["n"], one["stops"]) for one in told["nodes"]] == [
        (0, "asked", 2, 1), (1, "complained", 1, 0), (2, "answered", 1, 0),
    ]  # fmt: skip
    back = asking.get("journeys/flows?finish=answered&length=5").json
    assert [(one["step"], one["start"], one["to"], one["n"]) for one in back["links"]] == [
        (-2, "asked", "complained", 1), (-1, "complained", "answered", 1),
    ]  # fmt: skip
    assert [one["stops"] for one in back["nodes"]] == [1, 0, 0]


def test_what_lies_in_another_inbox_leaves_no_trace(lived, inbox, hire, program):
    Role.objects.create(name="reader", permissions=["reports.view", "conversations.view"])
    agent = hire("Rea Der", role="reader")
    Membership.objects.create(agent=agent, inbox=inbox)
    asking = program(agent.as_actor((inbox.pk,)))
    assert parts(asking.get("journeys/funnel?steps=asked,answered&by=channel")) == {("webchat", False): [1, 1]}
    told = asking.get("journeys/between?start=asked&finish=answered").json
    assert (told["n"], told["unanswered"]) == (1, 0)
    assert [one["kind"] for one in asking.get("journeys/flows?start=asked").json["nodes"]] == ["asked", "answered"]
    assert asking.get("journeys/rework").json["cases"] == 1
    for by in ("company:size", "fact:properties.plan", "segment:1"):
        assert asking.get(f"journeys/funnel?steps=asked&by={by}").told[0] in (403, 404)


def test_an_agent_asks_none_of_these(bos):
    for asked in ("funnel?steps=a", "between?start=a&finish=b", "flows?start=a", "rework", "map?format=csv"):
        assert bos.get(f"journeys/{asked}").told[0] == 403


def rows(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.body.decode())))


def test_every_answer_is_told_as_csv_too(lived, cy, program):
    asking = program(cy)
    for asked in (
        "map", "variants", "paths", "rework", "retention", "sessions", "funnel?steps=asked,answered",
        "between?start=asked&finish=answered", "flows?start=asked",
    ):  # fmt: skip
        answer = asking.get(f"journeys/{asked}{'&' if '?' in asked else '?'}format=csv")
        assert answer.headers["content-type"] == "text/csv"
        found = rows(answer)
        told = asking.get(f"journeys/{asked}").json
        assert {one["as_of"] for one in found} == {told["as_of"]}
        for name, items in told.items():
            if isinstance(items, list):
                assert sum(row["table"] == name for row in found) == len(items), (asked, name)
    accepted = asking.get("journeys/funnel?steps=asked,answered&by=fact:properties.plan", accept="text/csv")
    found = rows(accepted)
    assert [(row["table"], row["name"], row["kind"], row["n"]) for row in found] == [
        ("steps", "", "asked", "2"), ("steps", "", "answered", "1"), ("parts", "'=basic", "asked", "1"),
        ("parts", "'=basic", "answered", "0"), ("parts", "gold", "asked", "1"), ("parts", "gold", "answered", "1"),
    ]  # fmt: skip
    assert accepted.headers["content-disposition"] == 'attachment; filename="funnel.csv"'
    both = asking.get("journeys/map?format=json", accept="text/csv")
    assert both.headers["content-type"] == "application/json"
