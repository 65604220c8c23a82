"""A line that was restored into another cluster, whose transaction ids are smaller."""

from __future__ import annotations

import pytest
from django.db import connection, transaction

from careline.touchpoints.models import Cursor, Parked, Touchpoint
from careline.touchpoints.subscribers import advance, settle
from careline.touchpoints.subscribers.rounds import look
from careline.touchpoints.subscribers.settling import is_foreign
from tests.touchpoints.conftest import delivered, track, wait_for_the_horizon

pytestmark = pytest.mark.django_db(transaction=True)
FAR = 5_000_000_000


def as_if_restored() -> None:
    """What a dump of a cluster far ahead of this one leaves behind."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL careline.erasing = 'on'")
        for table in ("touchpoints_touchpoint", "touchpoints_cursor"):
            cursor.execute(f"UPDATE {table} SET xid = (xid::text::bigint + {FAR})::text::xid8")


@pytest.fixture
def three(listen):
    """Three subscribers that have come to different places when the backup is made."""
    got: dict[str, list[str]] = {}

    def hear_as(who):
        got[who] = []
        return lambda moments: got[who].extend(moment.facts["name"] for moment in moments)

    fast, slow = listen(hear_as("fast")), listen(hear_as("slow"))
    asleep = listen(hear_as("asleep"))
    track("a", "b")
    delivered(fast, 2)
    delivered(slow, 2)
    track("c")
    delivered(fast, 1)
    track("d")
    wait_for_the_horizon()
    assert got == {"fast": ["a", "b", "c"], "slow": ["a", "b"], "asleep": []}
    return got, (fast, slow, asleep)


def test_everyone_gets_the_rest_and_nothing_twice(three):
    got, names = three
    as_if_restored()
    assert is_foreign(look())
    settle()
    assert not is_foreign(look())
    for who in got:
        assert got[who] == ["a", "b", "c", "d"], who
    track("e")
    for name in names:
        assert delivered(name, 1) == 1
    for who in got:
        assert got[who] == ["a", "b", "c", "d", "e"], who
    assert not Parked.objects.exists()


def test_without_settling_the_new_would_be_lost(three):
    got, (fast, _slow, _asleep) = three
    as_if_restored()
    track("e")
    wait_for_the_horizon()
    assert advance(fast) == 0


def test_what_a_reaction_records_while_settling_is_delivered_too(three, listen):
    from careline import touchpoints
    from careline.accounts.actor import SYSTEM

    echoed: list[str] = []

    def echo(moments):
        for moment in moments:
            touchpoints.record("page.viewed", person=7, actor=SYSTEM, source="echo", title=moment.facts["name"])

    listen(echo)
    echo_name = listen(lambda moments: echoed.extend(m.facts["title"] for m in moments), "page.viewed")
    track("x", "y")
    wait_for_the_horizon()
    as_if_restored()
    settle()
    if len(echoed) < 2:
        delivered(echo_name, 2 - len(echoed))
    assert echoed == ["x", "y"]


def test_settling_twice_changes_nothing(three):
    got, names = three
    as_if_restored()
    settle()
    places = list(Cursor.objects.order_by("subscriber").values("subscriber", "xid", "id"))
    settle()
    assert list(Cursor.objects.order_by("subscriber").values("subscriber", "xid", "id")) == places
    assert got["slow"] == ["a", "b", "c", "d"]


def test_settling_that_stops_before_delivery_owes_everything_in_order(three, monkeypatch):
    got, names = three
    as_if_restored()
    monkeypatch.setattr("careline.touchpoints.subscribers.settling.advance_all", lambda: 0)
    settle()
    assert Parked.objects.filter(error="", subscriber__in=names).count() == 1 + 2 + 4
    track("e")
    wait_for_the_horizon()
    for name in names:
        advance(name)
        advance(name)
    for who in got:
        assert got[who] == ["a", "b", "c", "d", "e"], who


def test_what_was_parked_before_stays_parked(three):
    got, (fast, _slow, _asleep) = three
    known = Touchpoint.objects.order_by("id")[0]
    Parked.objects.create(subscriber=fast, touchpoint_id=known.id, occurred_at=known.occurred_at, error="ValueError")
    as_if_restored()
    settle()
    assert Parked.objects.get().error == "ValueError"
    assert got["fast"] == ["a", "b", "c", "d"]
