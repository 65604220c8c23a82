"""When a subscriber fails: it is put off, its touchpoint at fault is parked, and nobody else notices."""

from __future__ import annotations

import psycopg
import pytest
from django.db import DatabaseError, connection

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.touchpoints import queries
from careline.touchpoints.models import Cursor, Parked
from careline.touchpoints.subscribers import advance, advance_all, retry_parked
from careline.touchpoints.subscribers.delivery import PATIENCE
from tests.touchpoints.conftest import delivered, track, wait_for_the_horizon

pytestmark = pytest.mark.django_db(transaction=True)


def let_it_try_again(name: str) -> None:
    Cursor.objects.filter(subscriber=name).update(retry_at=None)


def test_an_effect_and_its_cursor_are_committed_together_or_not_at_all(listen, heard):
    def react(moments):
        track_effect(moments)
        raise ZeroDivisionError

    def track_effect(moments):
        touchpoints.record("page.viewed", person=7, actor=SYSTEM, source="effect:1")

    name = listen(react)
    track("a")
    wait_for_the_horizon()
    place = Cursor.objects.get(subscriber=name)
    assert advance(name) == 0
    after = Cursor.objects.get(subscriber=name)
    assert (after.xid, after.id, after.failures) == (place.xid, place.id, 1)
    assert "ZeroDivisionError" in after.error
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM touchpoints_touchpoint WHERE kind = 'page.viewed'")
        assert cursor.fetchone() == (0,)


def test_a_failure_waits_longer_each_time_and_is_forgotten_after_success(listen, heard):
    broken = [True]

    def react(moments):
        if broken:
            raise ZeroDivisionError
        heard.extend(moment.facts["name"] for moment in moments)

    name = listen(react)
    track("a")
    wait_for_the_horizon()
    waits = []
    for _ in range(3):
        let_it_try_again(name)
        assert advance(name) == 0
        place = Cursor.objects.get(subscriber=name)
        with connection.cursor() as cursor:
            cursor.execute("SELECT extract(epoch FROM %s - clock_timestamp())::float", [place.retry_at])
            waits.append(cursor.fetchone()[0])
        assert advance(name) == 0, "it is put off"
    assert Cursor.objects.get(subscriber=name).failures == 3
    for wait, wanted in zip(waits, (1, 2, 4), strict=True):
        assert wanted - 0.9 < wait <= wanted
    broken.clear()
    let_it_try_again(name)
    assert delivered(name, 1) == 1
    place = Cursor.objects.get(subscriber=name)
    assert (place.failures, place.retry_at, place.error) == (0, None, "")


def exhaust(name: str) -> None:
    """As many failures as it takes until the touchpoint at fault is looked for."""
    wait_for_the_horizon()
    for _ in range(PATIENCE):
        let_it_try_again(name)
        assert advance(name) == 0
    let_it_try_again(name)


def test_a_poisonous_touchpoint_is_parked_and_the_rest_go_on(listen, heard):
    def react(moments):
        for moment in moments:
            if moment.facts["name"].startswith("poison"):
                raise ValueError(f"cannot take {moment.facts['name']}")
            touchpoints.record("page.viewed", person=7, actor=SYSTEM, source=f"effect:{moment.facts['name']}")

    name = listen(react)
    names = [f"ok-{n}" for n in range(40)]
    names[13], names[14], names[39] = "poison-1", "poison-2", "poison-3"
    track(*names)
    exhaust(name)
    advance(name)
    with connection.cursor() as cursor:
        cursor.execute("SELECT source FROM touchpoints_touchpoint WHERE kind = 'page.viewed' ORDER BY id")
        effects = [source.removeprefix("effect:") for (source,) in cursor.fetchall()]
    assert effects == [one for one in names if one.startswith("ok")], "each once, in order"
    assert [trouble.error.rpartition(" ")[2] for trouble in queries.parked()] == ["poison-1", "poison-2", "poison-3"]
    place = Cursor.objects.get(subscriber=name)
    assert place.failures == 0
    assert "poison" not in place.error
    track("after")
    assert delivered(name, 1) == 1


def test_an_error_of_a_cursor_never_quotes_a_customer(listen):
    def react(moments):
        raise ValueError("ada@example.com")

    name = listen(react)
    track("a")
    wait_for_the_horizon()
    advance(name)
    assert "ada" not in Cursor.objects.get(subscriber=name).error
    assert "react" in Cursor.objects.get(subscriber=name).error


def test_parked_touchpoints_can_be_had_again_before_newer_ones(listen, heard):
    broken = [True]

    def react(moments):
        for moment in moments:
            if broken and moment.facts["name"] == "poison":
                raise ValueError
            heard.append(moment.facts["name"])

    name = listen(react)
    track("poison")
    exhaust(name)
    advance(name)
    assert Parked.objects.exclude(error="").count() == 1
    broken.clear()
    assert retry_parked(name) == 1
    track("newer")
    wait_for_the_horizon()
    assert delivered(name, 2) == 2
    assert heard[-2:] == ["poison", "newer"]
    assert not Parked.objects.exists()


def test_what_is_still_poisonous_is_parked_again(listen):
    def react(moments):
        raise ValueError("no")

    name = listen(react)
    track("poison", "poison")
    exhaust(name)
    advance(name)
    assert retry_parked(name) == 2
    exhaust(name)
    advance(name)
    assert Parked.objects.exclude(error="").count() == 2
    assert not Parked.objects.filter(error="").exists()


def test_one_subscriber_in_trouble_does_not_hold_up_the_others(listen, hear, heard):
    def react(moments):
        raise ValueError

    broken = listen(react)
    well = listen(hear)
    track("a")
    wait_for_the_horizon()
    advance_all()
    assert heard == ["a"]
    assert Cursor.objects.get(subscriber=broken).failures == 1
    assert Cursor.objects.get(subscriber=well).failures == 0


def test_a_database_that_goes_away_is_nobodys_failure(listen, heard, database_url):
    cut = [True]

    def react(moments):
        if cut:
            cut.clear()
            with psycopg.connect(database_url, autocommit=True) as other:
                other.execute("SELECT pg_terminate_backend(%s)", [connection.connection.info.backend_pid])
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
        heard.extend(moment.facts["name"] for moment in moments)

    name = listen(react)
    track("a")
    wait_for_the_horizon()
    with pytest.raises(DatabaseError):
        advance(name)
    connection.close()
    assert Cursor.objects.get(subscriber=name).failures == 0
    assert delivered(name, 1) == 1
    assert heard == ["a"]
