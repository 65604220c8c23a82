"""Delivery: each touchpoint to each subscriber once, effects and cursor together."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.touchpoints import queries
from careline.touchpoints.actions import INSERT
from careline.touchpoints.models import Cursor, Parked
from careline.touchpoints.moments import COLUMNS
from careline.touchpoints.subscribers import advance, advance_all, hot, on, registered, retry_parked
from careline.touchpoints.subscribers.delivery import PATIENCE
from careline.touchpoints.subscribers.registry import forget
from careline.touchpoints.subscribers.rounds import BATCH, WINDOW, go_round
from tests.touchpoints.conftest import delivered

pytestmark = pytest.mark.django_db(transaction=True)


def track(*names: str, kind: str = "event.tracked") -> None:
    with transaction.atomic():
        rows = []
        for name in names:
            facts = {"name": name} if kind == "event.tracked" else {}
            rows.append(touchpoints.row(kind, person=7, actor=SYSTEM, source="track:1", **facts))
        touchpoints.record_many(rows)


def let_it_try_again(name: str) -> None:
    Cursor.objects.filter(subscriber=name).update(retry_at=None)


def test_what_was_recorded_is_delivered_once_and_in_order(listen, hear, heard):
    name = listen(hear)
    track("a", "b")
    track("c")
    assert delivered(name, 3) == 3
    assert heard == ["a", "b", "c"]
    assert advance(name) == 0
    track("d")
    assert delivered(name, 1) == 1
    assert heard == ["a", "b", "c", "d"]


def test_other_kinds_are_passed_over(listen, hear, heard):
    name = listen(hear)
    track(*"x" * 20, kind="page.viewed")
    track("a")
    track("x", kind="page.viewed")
    assert delivered(name, 1) == 1
    assert heard == ["a"]
    [place] = Cursor.objects.filter(subscriber=name)
    assert hot.WINDOW.all(xid=str(place.xid), id=place.id, limit=10, kinds=["page.viewed"]) == []


def test_a_long_backlog_comes_in_batches(listen):
    sizes: list[int] = []
    name = listen(lambda moments: sizes.append(len(moments)))
    track(*("x" for _ in range(WINDOW + BATCH)))
    assert delivered(name, WINDOW + BATCH) == WINDOW + BATCH
    assert max(sizes) == BATCH
    assert sum(sizes) == WINDOW + BATCH


def test_what_concerns_nobody_is_passed_over_in_one_step_by_all(listen, hear):
    names = [listen(hear) for _ in range(5)]
    track("x", kind="page.viewed")
    wait_for_the_horizon()
    everybody = [one for one in registered() if one.name in names]
    done = go_round(everybody)
    assert (done.delivered, done.moved) == (0, True)
    assert len(set(Cursor.objects.filter(subscriber__in=names).values_list("xid", "id"))) == 1
    with CaptureQueriesContext(connection) as asked:
        assert not go_round(everybody).moved
    assert len(asked) == 2, "what they stand at together they read together"


def test_a_newcomer_begins_at_the_end_unless_it_wants_the_history(listen, heard):
    track("old")
    late: list[str] = []
    historian: list[str] = []
    wait_for_the_horizon()
    at_end = listen(lambda moments: late.extend(m.facts["name"] for m in moments))
    at_start = listen(lambda moments: historian.extend(m.facts["name"] for m in moments), from_start=True)
    track("new")
    assert delivered(at_end, 1) == 1
    assert delivered(at_start, 2) == 2
    assert late == ["new"]
    assert historian == ["old", "new"]


def wait_for_the_horizon() -> None:
    """Until everything written so far is certainly committed for everybody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint")
        [target] = cursor.fetchone()
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
            if cursor.fetchone()[0] >= target:
                return
            time.sleep(0.02)
    raise AssertionError("a transaction stayed open")


def test_a_late_commit_with_a_smaller_id_is_not_lost(listen, hear, heard, database_url):
    name = listen(hear)
    with psycopg.connect(database_url) as slow:
        values = touchpoints.row("event.tracked", person=7, actor=SYSTEM, source="track:1", name="slow")
        places = ", ".join(["%s"] * (len(COLUMNS) - 1))
        slow.execute(f"INSERT INTO touchpoints_touchpoint ({', '.join(COLUMNS)}) VALUES ({places}, %s::jsonb)", values)
        track("quick")  # begins later and is committed first
        assert advance(name) == 0
        slow.commit()
    assert delivered(name, 2) == 2
    assert heard == ["slow", "quick"]


def test_what_was_rolled_back_is_never_delivered(listen, hear, heard):
    name = listen(hear)
    values = touchpoints.row("event.tracked", person=7, actor=SYSTEM, source="track:1", name="x")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        INSERT.one(**dict(zip(COLUMNS, values, strict=True)))
        raise ZeroDivisionError
    track("a")
    assert delivered(name, 1) == 1
    assert heard == ["a"]


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


def test_two_workers_never_run_one_subscriber_at_once(listen):
    inside = threading.Semaphore(1)
    seen: list[str] = []
    clashes: list[str] = []

    def react(moments):
        if not inside.acquire(blocking=False):
            clashes.append(moments[0].facts["name"])
        time.sleep(0.002)
        seen.extend(moment.facts["name"] for moment in moments)
        inside.release()

    name = listen(react)
    names = [f"{n:04}" for n in range(120)]
    writing = threading.Event()

    def work() -> None:
        try:
            while not writing.is_set() or len(seen) < len(names):
                advance(name)
                if time.monotonic() > deadline:
                    return
        finally:
            connection.close()

    deadline = time.monotonic() + 40
    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for one in names:
        track(one)
    writing.set()
    for worker in workers:
        worker.join(45)
    assert clashes == []
    assert seen == names


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


def test_names_and_kinds_are_checked_when_the_program_starts(listen, hear):
    with pytest.raises(ValueError, match="no touchpoint of the kind"):
        on("message.recieved")
    listen(hear)
    with pytest.raises(ValueError, match="two subscribers"):
        on("event.tracked", name="tests.0")(hear)


def test_a_subscriber_is_called_after_its_room():
    def keep(moments):
        pass

    keep.__module__ = "careline.service.conversations.reactions"
    on("event.tracked")(keep)
    with pytest.raises(ValueError, match=r"service\.conversations\.keep"):
        on("event.tracked")(keep)
    forget("service.conversations.keep")


def test_the_read_of_a_round_uses_the_index_of_commits(listen, hear):
    listen(hear)
    track(*("x" for _ in range(3000)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE touchpoints_touchpoint")
        text = hot.WINDOW.text
        given = {"xid": "0", "id": hot.NIL, "limit": 100, "kinds": ["event.tracked"]}
        for n in range(len(hot.WINDOW.names), 0, -1):
            text = text.replace(f"${n}", f"%({hot.WINDOW.names[n - 1]})s")
        cursor.execute("EXPLAIN " + text, given)
        plan = "\n".join(line for (line,) in cursor.fetchall())
    assert "Seq Scan" not in plan, plan
    assert "xid_id_idx" in plan, plan
