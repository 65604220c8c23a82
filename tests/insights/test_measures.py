"""What is measured follows the line: new, late, joined and erased, it equals what is laid out from all of it."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM, Actor
from careline.customers import actions as customers
from careline.customers.models import Person
from careline.insights.warehouse import engine
from careline.insights.warehouse.copy import laying, measures, source, whole
from careline.insights.warehouse.reading import reading
from tests.insights.test_copy import NOON, follow, people

pytestmark = pytest.mark.django_db(transaction=True)


def talk(person: int, number: int, at: datetime, chance: random.Random) -> None:
    """Some moments of a conversation, an order and an answer, as verbs record them."""
    source, now = f"conversation:{number}", {"conversation": number}
    moments: list[tuple[str, dict[str, object]]] = [
        ("conversation.opened", now | {"channel": "webchat"}),
        ("conversation.assigned", now | {"agent_id": 4, "agent_name": "Bo", "team_id": chance.choice((None, 2))}),
        ("message.sent", now | {"message": "0190e0a0-0000-7000-8000-000000000000", "seq": 2, "channel": "webchat"}),
        ("message.weighed", now | {"message": "0190e0a0-0000-7000-8000-000000000000", "channel": "webchat",
                                   "score": -0.5, "by": "vader"}),
        ("effort.counted", now | {"effort": 2, "contacts": 1, "waits": 1}),
        ("conversation.resolved", now | {"minutes_open": 5}),
        ("conversation.reopened", now),
        ("promise.met", now | {"promise": "Usual", "what": "first", "policy": 1, "version": 1, "minutes": 60,
                               "due_at": "2026-03-02T10:00:00Z", "taken": 5}),
        ("promise.broken", now | {"promise": "Usual"}),
        ("queue.left", now | {"queue": 1, "name": "All", "how": "taken", "waited_s": 61.5, "target_s": 120}),
        ("order.placed", {"order": f"A-{number}", "total_minor": 100, "currency": "EUR"}),
        ("order.delivered", {"order": f"A-{number}", "days_late": 2}),
        ("survey.answered", {"survey": "s", "metric": "csat", "score": 4.0, "scale_max": 5.0}),
    ]  # fmt: skip
    with transaction.atomic():
        for kind, facts in moments:
            if chance.random() < 0.8:
                actor = SYSTEM if kind.startswith(("order", "effort")) else Actor.customer(person, 1)
                touchpoints.record(
                    kind, person=person, actor=actor, source=source, inbox=1,
                    occurred_at=at + timedelta(minutes=chance.randrange(90)), **facts,
                )  # fmt: skip


def assert_same_measures() -> None:
    """What is measured equals what is laid out from the whole line at once."""
    with engine.opened() as conn:
        conn.execute("ATTACH ':memory:' AS staging")
        laying.staging(conn, "staging.")
        with source.snapshot() as stand:
            whole.load(conn, source.since("0", stand.xmin))
            whole.load_told(conn, source.told_since("0", stand.xmin))
            whole.load_joined(conn)
        laying.lay(conn, whole.column(conn, "SELECT DISTINCT kind FROM staging.raw"), at="staging.")
        expected = {name: conn.execute(f"FROM {name} ORDER BY ALL").fetchall() for name in measures.TABLES}
    with reading() as copy:
        found = {name: copy.conn.execute(f"FROM {name} ORDER BY ALL").fetchall() for name in measures.TABLES}
    assert found == expected


def test_what_is_measured_follows_late_moments_joins_and_erasures(keeper, columnar):
    """Of new, late, joined, parted and erased people, across versions and merges of the copy."""
    chance = random.Random(7)
    crowd = people(4)
    for n in range(3):
        talk(crowd[n % 4], n + 1, NOON - timedelta(days=n), chance)
        follow(keeper)
        assert_same_measures()
    Person.objects.filter(pk=crowd[1]).update(canonical=crowd[0])
    follow(keeper)
    assert_same_measures()
    talk(crowd[1], 3, NOON - timedelta(days=40), chance)
    follow(keeper)
    keeper.merge_now()
    assert_same_measures()
    Person.objects.filter(pk=crowd[1]).update(canonical=None)
    customers.erase(crowd[2], actor=SYSTEM)
    follow(keeper)
    assert_same_measures()
    keeper.merge_now()
    assert_same_measures()
    with reading() as copy:
        assert all(copy.conn.execute(f"SELECT count(*) FROM {name}").fetchone() != (0,) for name in measures.TABLES)
        there = copy.conn.execute("SELECT count(*) FROM told WHERE person = ?", [crowd[2]]).fetchone()
    assert there == (0,)
