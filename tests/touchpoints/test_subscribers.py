"""Delivery: each touchpoint to each subscriber once, effects and cursor together."""

from __future__ import annotations

import threading
import time

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.touchpoints.actions import INSERT
from careline.touchpoints.models import Cursor, Touchpoint
from careline.touchpoints.moments import COLUMNS
from careline.touchpoints.subscribers import advance, hot, on, registered
from careline.touchpoints.subscribers.registry import forget
from careline.touchpoints.subscribers.rounds import BATCH, WINDOW, go_round
from tests.touchpoints.conftest import delivered, track, wait_for_the_horizon

pytestmark = pytest.mark.django_db(transaction=True)


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

    deadline = time.monotonic() + 240
    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for one in names:
        track(one)
    writing.set()
    for worker in workers:
        worker.join(250)
    assert clashes == []
    assert seen == names


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
    # The empty months cost nothing however they are read; the one that holds the moments is what counts.
    full = f"touchpoints_touchpoint_{Touchpoint.objects.latest('recorded_at').occurred_at:%Y_%m}"
    assert f"Seq Scan on {full}" not in plan, plan
    assert f"{full}_xid_id_idx" in plan, plan
