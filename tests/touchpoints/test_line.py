"""Looking at the line."""

from __future__ import annotations

import json
import random
from datetime import timedelta

import msgspec
import pytest
from django.db import connection

from careline import touchpoints
from careline.accounts.actor import SYSTEM, Actor
from careline.kit.refusals import NotAllowed
from careline.touchpoints import hot, queries
from careline.touchpoints.models import Touchpoint
from careline.touchpoints.partitions import ensure_partitions

WATCHER = Actor(
    kind="agent", id=1, name="Bo", agent_id=1, permissions=frozenset({"conversations.view", "customers.view"})
)


def seeing(*inboxes: int, **changed: object) -> Actor:
    return msgspec.structs.replace(WATCHER, inbox_ids=inboxes, **changed)


@pytest.fixture
def a_busy_line(db, nine):
    """Two hundred moments of person 7 in inboxes 1, 2 and none, many at the same instant."""
    chance = random.Random(7)
    rows = [
        touchpoints.row(
            "event.tracked", person=7, inbox=chance.choice([1, 2, None]), actor=SYSTEM, source="track:1", name=str(n),
            occurred_at=nine - timedelta(days=chance.randrange(20) * 9),
        )
        for n in range(200)
    ]  # fmt: skip
    touchpoints.record_many(rows)
    return rows


def test_the_newest_come_first_in_a_total_order(a_busy_line):
    found = queries.line(seeing(1, 2), [7], limit=500)
    assert len(found) == 200
    assert found == sorted(found, key=lambda moment: (moment.occurred_at, moment.id), reverse=True)


def test_a_part_of_the_line_is_what_a_look_at_each_moment_finds(db, nine):
    chance = random.Random(3)
    for n in range(60):
        at = nine - timedelta(hours=chance.randrange(40))
        told = {"actor": SYSTEM, "source": "t", "occurred_at": at}
        touchpoints.record("page.viewed", person=chance.choice([7, 8]), url=f"https://a.example/{n}", **told)
        touchpoints.record("event.tracked", person=chance.choice([7, 8]), name=str(n), **told)
    whole = queries.line(seeing(), [7, 8], limit=500)
    assert len(whole) == 120
    wanted = [one for one in whole if one.kind == "page.viewed"]
    assert queries.line(seeing(), [7, 8], limit=500, kinds=["page.viewed"]) == wanted
    last = wanted[20]
    later = queries.line(seeing(), [7, 8], before=(last.occurred_at, last.id), limit=500, kinds=["page.viewed"])
    assert later == wanted[21:]
    assert queries.line(seeing(), [7, 8], kinds=["page.viewed"], channel="webchat") == []


def test_pages_put_together_are_the_whole_line(a_busy_line):
    whole = queries.line(seeing(1, 2), [7], limit=500)
    pages = []
    before = None
    while page := queries.line(seeing(1, 2), [7], before=before, limit=7):
        pages += page
        before = page[-1].occurred_at, page[-1].id
    assert pages == whole


@pytest.mark.parametrize(
    ("actor", "visible"),
    [
        (seeing(1, 2), {1, 2, None}),
        (seeing(1), {1, None}),
        (seeing(), {None}),
        (seeing(2, permissions=frozenset({"conversations.view"})), {2}),
        (seeing(1, 2, permissions=frozenset({"customers.view"})), {None}),
    ],
)
def test_only_moments_of_ones_own_inboxes_are_seen(a_busy_line, actor, visible):
    assert {moment.inbox_id for moment in queries.line(actor, [7], limit=500)} == visible


@pytest.mark.parametrize("actor", [seeing(1, permissions=frozenset()), Actor.customer(7, 1)])
def test_who_may_see_neither_is_told_so(a_busy_line, actor):
    with pytest.raises(NotAllowed):
        queries.line(actor, [7])


def test_a_moment_is_read_as_it_was_written(a_busy_line):
    [newest] = queries.line(seeing(1, 2), [7], limit=1)
    row = Touchpoint.objects.get(id=newest.id)
    for column in newest.__struct_fields__:
        assert getattr(newest, column) == getattr(row, column)


@pytest.fixture
def three_years(db, nine):
    """Thirty-six months with other people's moments in each, so that a plan has something to get wrong."""
    ensure_partitions((nine - timedelta(days=1095)).date(), nine.date())
    chance = random.Random(1)
    touchpoints.record_many(
        touchpoints.row(
            "event.tracked", person=chance.randrange(400), actor=SYSTEM, source="track:1", name="x",
            occurred_at=nine - timedelta(minutes=chance.randrange(1095 * 1440)),
        )
        for _ in range(12_000)
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE touchpoints_touchpoint")


def explained(statement, **given) -> str:
    with connection.cursor() as cursor:
        text = statement.text
        for n in range(len(statement.names), 0, -1):
            text = text.replace(f"${n}", f"%({statement.names[n - 1]})s")
        # The months of a test are so small that reading one whole can look cheaper; what counts is that none need be.
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {text}", given)
        [[plan]] = cursor.fetchall()
    return plan if isinstance(plan, str) else json.dumps(plan)


def sorted_rows(plan: str) -> list[int]:
    """How many rows each sort of a plan was given."""
    found: list[int] = []

    def walk(node: dict) -> None:
        if "Sort" in node["Node Type"]:
            found.append(sum(child["Actual Rows"] for child in node["Plans"]))
        for child in node.get("Plans", ()):
            walk(child)

    walk(json.loads(plan)[0]["Plan"])
    return found


def test_a_page_reads_the_index_and_leaves_the_older_months_alone(three_years):
    given = {"people": [7, 8], "inboxes": [1], "beside": True, "limit": 5}
    plan = explained(hot.NEWEST, **given)
    assert "Seq Scan" not in plan
    # A page of each id is put in order, and nothing else.
    assert sorted_rows(plan) == [10]
    assert "person_id_occurred_at_id_idx" in plan
    # The months are read in order and left as soon as the page is full.
    assert plan.count('"Actual Loops": 0') > 20
    last = queries.line(seeing(1), [7], limit=20)[-1]
    older = explained(hot.BEFORE, **given, at=last.occurred_at, id=last.id)
    assert "Seq Scan" not in older
    [rows] = sorted_rows(older)
    assert rows <= 10
    assert older.count("Index Scan") < plan.count("Index Scan"), "younger months are left out"
