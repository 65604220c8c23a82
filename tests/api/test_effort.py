"""Effort weighed by a house's own answers about ease: told, chosen, in every figure from then on, and taken back."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM, Actor
from careline.customers.models import Person
from careline.insights.warehouse.copy import keeping
from careline.touchpoints.feelings import PARTS
from tests.touchpoints.conftest import wait_for_the_horizon

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MARCH = "from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z"
COSTS = {"contacts": 1.0, "waits": 0.0, "transfers": 0.5, "switches": 0.5}


@pytest.fixture(autouse=True)
def columnar(tmp_path, settings):
    settings.DATA = tmp_path


@pytest.fixture
def asked(organization, inbox):
    """110 talks whose answers follow from what they cost, by one person each."""
    draw, moments = random.Random(4), []
    with transaction.atomic():
        for n in range(110):
            person, source = Person.objects.create(name=f"Person {n}").pk, f"conversation:{n + 1}"
            parts = dict.fromkeys(PARTS, 0) | {draw.choice(PARTS): draw.choice((0, 1, 2, 3))}
            ease = round(7 - sum(COSTS[name] * count for name, count in parts.items()))
            about = {"person": person, "source": source, "inbox": inbox.pk}
            at = NOON + timedelta(minutes=n)
            moments += [
                touchpoints.row(
                    "conversation.opened", actor=Actor.customer(person, inbox.pk), occurred_at=at, conversation=n + 1,
                    channel="webchat", **about,
                ),
                touchpoints.row(
                    "effort.counted", actor=SYSTEM, occurred_at=at + timedelta(seconds=5), conversation=n + 1,
                    effort=sum(parts.values()), channel="webchat", **parts, **about,
                ),
                touchpoints.row(
                    "survey.answered", actor=SYSTEM, occurred_at=at + timedelta(seconds=9), survey="ease", metric="ces",
                    score=max(1, ease), scale_max=7, text="", journey=source, conversation=n + 1, **about,
                ),
            ]  # fmt: skip
        touchpoints.record_many(moments)
    wait_for_the_horizon()
    keeping.follow()


def figure(house) -> tuple[float, int]:
    told = house.get(f"metrics/effort?{MARCH}").json
    return told["points"][0]["value"], told["version"]


def test_answers_weigh_effort_until_somebody_takes_it_back(asked, cy, program):
    house = program(cy)
    before, version = figure(house)
    assert version == 1
    told = house.get("metrics/effort/weights").json
    assert (told["way"], told["n"], told["holds"]) == ("alike", 110, True)
    assert told["weighed"][0] > told["alike"][0] > 0
    assert {one["part"]: one["weight"] for one in told["parts"]} == dict.fromkeys(PARTS, 1.0)
    found = {one["part"]: one["by_answers"] for one in told["parts"]}
    assert found["contacts"] > found["transfers"] > found["waits"] == pytest.approx(0, abs=0.15)

    told = house.put("metrics/effort/weights", {"way": "answers"}).json
    assert {one["part"]: one["weight"] for one in told["parts"]} == found
    after, version = figure(house)
    assert version == 2
    assert after != before
    cases = house.get(f"metrics/effort/cases?{MARCH}&limit=200").json["items"]
    assert sum(one["value"] for one in cases) / len(cases) == pytest.approx(after)

    assert house.put("metrics/effort/weights", {"way": "alike"}).json["way"] == "alike"
    assert figure(house) == (before, 3)


def test_too_few_answers_weigh_nothing(organization, cy, program):
    house = program(cy)
    assert house.get("metrics/effort/weights").json["n"] == 0
    refused = house.put("metrics/effort/weights", {"way": "answers"})
    assert (refused.status, refused.json["detail"]) == (422, "These answers do not tell how much each part weighs.")
    assert house.get("metrics/effort/weights").json["way"] == "alike"


def test_who_may_not_read_reports_neither_sees_nor_weighs(organization, bo, program):
    house = program(bo)
    assert house.get("metrics/effort/weights").status == 403
    assert house.put("metrics/effort/weights", {"way": "alike"}).status == 403
