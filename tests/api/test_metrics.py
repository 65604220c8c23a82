"""Metrics by the API: figures with how sure they are, as far as the token's agent sees, and what is behind them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM, Actor
from careline.customers.models import Person
from careline.insights.metrics.catalog import DEFINITIONS, WAITING
from careline.insights.warehouse.copy import keeping
from careline.service.conversations import actions
from careline.service.routing import actions as routing
from careline.service.routing import placing
from tests.touchpoints.conftest import wait_for_the_horizon

pytestmark = pytest.mark.django_db(transaction=True)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
MARCH = "from=2026-03-01T00:00:00Z&to=2026-04-01T00:00:00Z"
SCORES = (10, 10, 9, 9, 9, 9, 7, 8, 0, 6)


@pytest.fixture(autouse=True)
def columnar(tmp_path, settings):
    settings.DATA = tmp_path


def answered(person: int, at: datetime, score: float, metric: str = "nps", inbox=None, text: str = "") -> None:
    touchpoints.record(
        "survey.answered", person=person, actor=SYSTEM, source="test", occurred_at=at, inbox=inbox, survey="recommend",
        metric=metric, score=score, scale_max={"nps": 10, "csat": 5, "ces": 7}[metric], text=text,
    )  # fmt: skip


def follow() -> None:
    wait_for_the_horizon()
    keeping.follow()


@pytest.fixture
def heard(organization):
    """Ten answers, one of them zero; two more in the week after."""
    with transaction.atomic():
        people = [Person.objects.create(name=f"Person {n}").pk for n in range(10)]
        for n, score in enumerate(SCORES):
            answered(people[n], NOON + timedelta(minutes=n), score, text="Never again." if score == 0 else "")
        answered(people[0], NOON + timedelta(days=8), 9)
        answered(people[1], NOON + timedelta(days=8), 3)
    follow()
    return people


def test_a_figure_says_how_sure_it_is(heard, cy, program):
    answer = program(cy).get(f"metrics/nps?{MARCH}")
    assert answer.status == 200
    told = answer.json
    assert (told["name"], told["version"], told["unit"], told["zone"]) == ("nps", 1, "points", "UTC")
    assert told["definition"] == DEFINITIONS["nps"].formula
    assert told["waits_for"] is None
    assert told["as_of"]
    [point] = told["points"]
    assert (point["at"], point["group"], point["n"]) == ("2026-03-01T00:00:00Z", None, 12)
    assert point["value"] == pytest.approx(100 * (7 - 3) / 12)
    low, high = point["interval"]
    assert low < point["value"] < high


def test_under_ten_there_is_only_the_count(heard, cy, program):
    points = program(cy).get(f"metrics/nps?{MARCH}&by=week").json["points"]
    assert [(one["at"], one["n"]) for one in points][:3] == [
        ("2026-03-01T00:00:00Z", 0), ("2026-03-02T00:00:00Z", 10), ("2026-03-09T00:00:00Z", 2)
    ]  # fmt: skip
    assert points[1]["value"] == pytest.approx(40)
    assert (points[2]["value"], points[2]["interval"]) == (None, None)
    [count] = program(cy).get(f"metrics/answers?{MARCH}&by=survey").json["points"]
    assert (count["group"], count["value"], count["n"]) == ("recommend", 12, 12)


def test_zero_is_an_answer_and_the_words_are_behind_it(heard, cy, program):
    told = program(cy).get(f"metrics/nps/cases?{MARCH}&limit=5").json
    rest = program(cy).get(f"metrics/nps/cases?{MARCH}&limit=50&cursor={told['next']}").json
    assert rest["next"] is None
    rows = told["items"] + rest["items"]
    assert len(rows) == 12
    [zero] = [one for one in rows if one["score"] == 0]
    assert (zero["value"], zero["words"], zero["customer"]) == (-1, "Never again.", "Person 8")
    assert zero["customer_id"] == str(heard[8])


def test_the_first_reply_is_measured_to_the_second(ada, bo, inbox, cy, program):
    talks = []
    for n in range(10):
        at = NOON + timedelta(hours=n)
        said = actions.open_with(
            actor=Actor.customer(ada.pk, inbox.pk), inbox_id=inbox.pk, person=_who(ada), body=f"Question {n}", at=at
        )
        actions.reply(said.conversation_id, actor=bo, body="Here.", at=at + timedelta(seconds=60 * (n + 1)))
        talks.append(said.conversation_id)
    follow()
    [point] = program(cy).get(f"metrics/first_response_time?{MARCH}").json["points"]
    assert (point["value"], point["n"], point["interval"]) == (330, 10, [120, 540])
    assert point["beside"] == {"p90": 540}
    [mine] = program(cy).get(f"metrics/first_response_time?{MARCH}&by=agent").json["points"]
    assert (mine["group"], mine["label"]) == (str(bo.agent_id), "Bo Lindgren")
    [latest, *_rest] = program(cy).get(f"metrics/first_response_time/cases?{MARCH}").json["items"]
    assert (latest["conversation_id"], latest["value"]) == (str(talks[-1]), 600)


def test_waits_are_told_by_queue(ada, bo, inbox, cy, program):
    front, back = (
        routing.keep_queue(routing.Ruling(name=name, target_s=60), actor=SYSTEM) for name in ("Front", "Back")
    )
    for n in range(12):
        at = NOON + timedelta(hours=n)
        number = actions.open_with(
            actor=Actor.customer(ada.pk, inbox.pk), inbox_id=inbox.pk, person=_who(ada), body=f"Question {n}", at=at
        ).conversation_id
        with transaction.atomic():
            placing.place([number], at=at)
        taken = at + timedelta(seconds=30 if n % 4 else 90)
        actions.assign(number, actor=bo, agent_id=bo.agent_id, at=taken)
        with transaction.atomic():
            placing.place([number], at=taken)
    follow()
    [point] = program(cy).get(f"metrics/service_level?{MARCH}&by=queue").json["points"]
    assert (point["group"], point["label"], point["value"], point["n"]) == (str(front.pk), "Front", 75, 12)
    [none] = program(cy).get(f"metrics/abandonment?{MARCH}&queue={back.pk}").json["points"]
    assert (none["value"], none["n"]) == (None, 0)
    [late, *_rest] = program(cy).get(f"metrics/service_level/cases?{MARCH}").json["items"]
    assert (late["conversation_id"], late["value"]) == (str(number), 1)
    refused = program(cy).get(f"metrics/service_level?{MARCH}&by=agent")
    assert refused.told[0] == 422


def _who(person):
    from careline.service.conversations.hot import words

    return words.who(name=person.name, email="ada@example.com")


def test_what_may_not_be_seen_leaves_no_trace(ada, inbox, elsewhere, hire, cy, program):
    from careline.accounts.models import Role
    from careline.channels.models import Membership

    with transaction.atomic():
        for n in range(10):
            answered(ada.pk, NOON + timedelta(minutes=n), 5, "csat", inbox=inbox.pk)
            answered(ada.pk, NOON + timedelta(minutes=n), 1, "csat", inbox=elsewhere.pk)
    follow()
    Role.objects.create(name="reader", permissions=["reports.view", "conversations.view"])
    agent = hire("Rea Der", role="reader")
    Membership.objects.create(agent=agent, inbox=inbox)
    [whole] = program(cy).get(f"metrics/csat?{MARCH}").json["points"]
    [part] = program(agent.as_actor((inbox.pk,))).get(f"metrics/csat?{MARCH}").json["points"]
    assert (whole["value"], whole["n"]) == (50, 20)
    assert (part["value"], part["n"]) == (100, 10)
    # Without customers nobody is named.
    [row, *_rest] = program(agent.as_actor((inbox.pk,))).get(f"metrics/csat/cases?{MARCH}").json["items"]
    assert (row["customer_id"], row["customer"]) == (None, "")


def test_who_may_not_read_reports_sees_their_own_work_alone(heard, bo, cy, program):
    own = program(bo)
    assert own.get(f"metrics/first_response_time?{MARCH}").status == 200
    assert own.get(f"metrics/first_response_time?{MARCH}&agent={cy.agent_id}").status == 403
    [point] = own.get(f"metrics/nps?{MARCH}").json["points"]
    assert point["n"] == 0
    assert own.get(f"metrics/retention?{MARCH}").status == 422


def test_what_waits_says_what_for_and_has_no_figures(organization, cy, program):
    for name, one in WAITING.items():
        told = program(cy).get(f"metrics/{name}").json
        assert (told["waits_for"], told["points"], told["version"]) == (one.waits_for, [], None)
    assert program(cy).get("metrics/wisdom").status == 404


def test_every_definition_is_told(organization, cy, program):
    items = {one["name"]: one for one in program(cy).get("metrics").json["items"]}
    assert set(items) == {*DEFINITIONS, *WAITING}
    assert items["fcr"]["maturity_days"] == 7
    assert items["aht"]["waits_for"]
    assert items["retention"]["goes_by"] == ["segment"]


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ("nps?by=mood", "by"), ("nps?by=week,", "by"), ("nps?by=segment", "by"), ("nps?from=then", "from"),
        ("nps?from=2026-03-02&to=2026-03-01", "from"), ("nps?zone=Mars/Dune", "zone"), ("retention?by=team", "by"),
        ("orders?channel=email", "channel"), ("nps?by=day&from=1990-01-01", "by"), ("nps?channel=%00", "channel"),
        ("nps?format=xml", "format"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_refused_by_its_name(organization, cy, program, asked, field):
    answer = program(cy).get(f"metrics/{asked}")
    assert answer.status == 422
    assert answer.json["field"] == field


def test_who_answers_without_a_name_counts_and_is_nobody(organization, cy, program):
    """Nothing else is on any line, and more of them come later."""
    for n in range(10):
        if n % 5 == 0 and n:
            follow()
        with transaction.atomic():
            touchpoints.record(
                "survey.answered-anonymously", actor=SYSTEM, source="test", occurred_at=NOON + timedelta(minutes=n),
                survey="kiosk", metric="csat", score=n % 2 * 4 + 1, scale_max=5,
            )  # fmt: skip
    follow()
    [point] = program(cy).get(f"metrics/csat?{MARCH}&by=survey").json["points"]
    assert (point["group"], point["n"], point["value"]) == ("kiosk", 10, 50)
    rows = program(cy).get(f"metrics/csat/cases?{MARCH}").json["items"]
    assert {(row["customer_id"], row["customer"]) for row in rows} == {(None, "")}


def test_segments_part_figures(heard, cy, boss, program):
    from careline.customers.models import Segment, SegmentMember

    segment = Segment.objects.create(name="Loud", rule={"of": "trait", "name": "x", "test": "set"}, inboxes=None)
    SegmentMember.objects.create(segment=segment, person_id=heard[8])
    [point] = program(boss).get(f"metrics/answers?{MARCH}&by=segment:{segment.pk}").json["points"]
    assert (point["group"], point["n"]) == (str(segment.pk), 1)
    [only] = program(boss).get(f"metrics/answers?{MARCH}&segment={segment.pk}").json["points"]
    assert only["n"] == 1
    assert program(boss).get(f"metrics/answers?{MARCH}&segment=99").status == 404


def test_figures_come_as_a_sheet(heard, cy, program):
    answer = program(cy).get(f"metrics/nps?{MARCH}&by=week&format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    lines = answer.body.decode().splitlines()
    assert lines[0].startswith("table,as_of,name,definition,version")
    assert sum(line.startswith("points,") for line in lines) == 6


def test_annotations_and_views_are_kept_and_taken_away(organization, cy, bo, program):
    lead = program(cy)
    made = lead.post("annotations", {"at": "2026-03-02T12:00:00Z", "kind": "outage", "words": "The shop was down"})
    assert made.status == 201
    assert [one["words"] for one in lead.get("annotations").json["items"]] == ["The shop was down"]
    assert lead.get("annotations?to=2026-03-01").json["items"] == []
    assert program(bo).post("annotations", {"at": "2026-03-02T12:00:00Z", "words": "Mine"}).status == 403
    assert lead.post("annotations", {"at": "2026-03-02T12:00:00Z", "words": " "}).status == 422
    view = lead.post("scoreboard-views", {"name": "Mail", "chosen": {"channel": "email"}, "shared": True}).json
    assert [one["name"] for one in program(bo).get("scoreboard-views").json["items"]] == ["Mail"]
    assert program(bo).delete(f"scoreboard-views/{view['id']}").status == 403
    assert lead.post("scoreboard-views", {"name": "Mail", "chosen": {}}).status == 409
    assert lead.post("scoreboard-views", {"name": "Odd", "chosen": {"mood": "1"}}).status == 422
    assert lead.delete(f"scoreboard-views/{view['id']}").status == 200
    assert lead.delete(f"annotations/{made.json['id']}").status == 200
    assert lead.get("annotations").json["items"] == []
