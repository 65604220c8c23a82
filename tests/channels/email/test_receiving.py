"""The worker and a real Dovecot: mail becomes conversations, every look is on record, one worker at a time."""

from __future__ import annotations

import threading
from datetime import timedelta

import psycopg
import pytest
import time_machine
from django.conf import settings as django_settings
from django.db import connections

from careline.accounts.actor import SYSTEM
from careline.channels import actions, adapter, fetching, inbound, queries, satchel, visits
from careline.channels.fetching.runner import waits
from careline.channels.fetching.worker import Worker
from careline.channels.models import Bookmark, Inbound, Inbox, Visit
from careline.kit import clock
from careline.service.conversations.models import Conversation, Message
from tests.channels.email.mailboxes import PATIENCE, mail, until
from tests.mail.dovecot import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


def user(inbox: adapter.Endpoint) -> str:
    return str(inbox.settings["address"])


def visits_of(inbox: adapter.Endpoint) -> list[Visit]:
    return list(Visit.objects.filter(inbox_id=inbox.inbox_id).order_by("id"))


def test_a_mail_in_the_mailbox_becomes_a_conversation_at_once(dove, fetched, worker):
    box = fetched()
    dove.deliver(user(box), mail("Before"))
    assert worker.round()
    until(lambda: Inbound.objects.count() == 1)
    dove.deliver(user(box), mail("Lamp"))
    until(lambda: Inbound.objects.count() == 2)
    while inbound.take():
        pass
    assert [one.subject for one in Conversation.objects.order_by("id")] == ["Before", "Lamp"]
    assert Message.objects.get(conversation__subject="Lamp").body.strip() == "Where is my lamp?"
    mark = until(lambda: Bookmark.objects.filter(inbox_id=box.inbox_id, uid=2).first())
    assert mark.folder == "INBOX"
    looked = until(lambda: [one for one in visits_of(box) if one.seen])
    assert sum(one.new for one in looked) == 2
    health = queries.health(SYSTEM, box.inbox_id)
    assert health.words == "Nothing can be answered: there is no server for sending."  # fetching itself is well


def test_a_conversation_begins_when_its_mail_came_in_however_late_it_is_fetched(dove, fetched, worker):
    box = fetched()
    dove.deliver(user(box), mail("Late"))
    before = clock.now()
    worker.round()
    row = until(Inbound.objects.first)
    assert row.headers["x-imap-uid"] == "1"
    while inbound.take():
        pass
    said = Message.objects.get()
    assert abs((said.occurred_at - before).total_seconds()) < 10
    assert str(said.occurred_at) in row.headers["x-received-at"].replace("T", " ") + "+00:00"


def test_what_is_wrong_stands_in_the_log_and_on_the_settings_screen_until_it_is_mended(dove, fetched, monkeypatch):
    monkeypatch.setattr("careline.channels.fetching.runner.LASTING_WAIT", 0.1)
    monkeypatch.setattr("careline.channels.fetching.runner.LONGEST_LASTING_WAIT", 0.1)
    box = fetched(imap_password="wrong")
    stop = threading.Event()
    running = threading.Thread(target=fetching.run, args=(stop,))
    running.start()
    try:
        until(lambda: [one for one in visits_of(box) if one.looks >= 2])
        [failed] = visits_of(box)  # the same failure again is no news
        assert "did not accept the name and password" in failed.error
        health = queries.health(SYSTEM, box.inbox_id)
        assert not health.well
        assert health.words.startswith("No mail could be fetched yet. 127.0.0.1 did not accept")
        dove.deliver(user(box), mail("Waiting"))
        # Whoever fetches hears of it: nobody waits for the next round.
        actions.update_inbox(box.inbox_id, actor=SYSTEM, settings=box.settings | {"imap_password": PASSWORD})
        until(lambda: Inbound.objects.count() == 1)
        until(lambda: not visits_of(box)[-1].error)
        actions.archive_inbox(box.inbox_id, actor=SYSTEM)
        until(lambda: not [one for one in threading.enumerate() if one.name == f"fetch-{box.inbox_id}"])
    finally:
        stop.set()
        running.join(PATIENCE)
    assert not running.is_alive()


def test_a_mailbox_is_served_by_one_worker_and_taken_over_when_that_one_goes(dove, fetched):
    box = fetched()
    first, second = Worker(), Worker()
    try:
        assert first.round()
        assert second.round()
        assert ([*first._runners], [*second._runners]) == ([box.inbox_id], [])
        until(lambda: visits_of(box))
        first.end()
        second.round()
        assert [*second._runners] == [box.inbox_id]
    finally:
        first.end()
        second.end()


def test_a_worker_that_lost_its_claim_to_the_database_ends_and_begins_again(dove, fetched, worker):
    box = fetched()
    worker.round()
    serving_before = worker._runners[box.inbox_id]
    with psycopg.connect(django_settings.DATABASE_URL, autocommit=True) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE application_name = 'careline fetching' AND datname = current_database()"
        )
    worker.round()
    assert not serving_before.thread.is_alive()
    assert worker._runners[box.inbox_id] is not serving_before


def test_between_looks_no_connection_to_the_database_is_held(dove, fetched, worker):
    def held() -> int:
        with psycopg.connect(django_settings.DATABASE_URL, autocommit=True) as other:
            row = other.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND application_name <> 'careline fetching' "
                "AND backend_type = 'client backend'"
            ).fetchone()
            assert row is not None
            return int(row[0])

    connections.close_all()
    before = held()
    fetched()
    worker.round()
    until(lambda: Visit.objects.filter(error="").exists())
    connections.close_all()
    until(lambda: held() <= before)


def test_looks_that_tell_the_same_stand_in_one_row(fetched):
    box = fetched()
    for error in ("", "", "", "It is away.", "It is away.", ""):
        visits.record(box.inbox_id, clock.now(), error=error)
    visits.record(
        box.inbox_id, clock.now(), seen=2, new=1, skipped=[{"folder": "INBOX", "uid": 1, "why": "known", "n": 1}]
    )
    visits.record(box.inbox_id, clock.now())
    told = [(one.looks, one.error, one.seen, one.new) for one in visits_of(box)]
    assert told == [(3, "", 0, 0), (2, "It is away.", 0, 0), (1, "", 0, 0), (1, "", 2, 1), (1, "", 0, 0)]
    assert satchel.words("known") == "It was here already."


def test_ten_minutes_without_a_look_are_an_alarm_and_two_weeks_are_forgotten(fetched):
    box = fetched()
    inbox = Inbox.objects.get(pk=box.inbox_id)
    assert visits.health(inbox) == adapter.Health(True, "The mailbox is looked into in a moment.")
    assert not visits.overdue()
    visits.record(box.inbox_id, clock.now())
    with time_machine.travel(clock.now() + timedelta(minutes=9), tick=False):
        assert visits.health(inbox).well
    with time_machine.travel(clock.now() + timedelta(minutes=12), tick=False):
        health = visits.health(inbox)
        assert not health.well
        assert health.words == "Minutes since the mailbox was last looked into: 12. Are the workers running?"
        assert [name for name, _health in visits.overdue()] == [inbox.name]
        assert queries.health(SYSTEM, box.inbox_id) == health
    with time_machine.travel(clock.now() + timedelta(minutes=3), tick=False):
        visits.record(box.inbox_id, clock.now(), error="It is away.")
        assert visits.health(inbox).words == "Minutes without mail being fetched: 3. It is away."
    with time_machine.travel(clock.now() + timedelta(days=13), tick=False):
        assert visits.purge() == 0
    with time_machine.travel(clock.now() + timedelta(days=15), tick=False):
        assert visits.purge() == 2


def test_a_failing_server_is_left_alone_ever_longer():
    waited, found = 0.0, []
    for _n in range(9):
        found.append(waited := waits(waited, lasting=False))
    assert found == [2, 4, 8, 16, 32, 64, 128, 240, 240]
    assert [waits(0, lasting=True), waits(60, lasting=True), waits(500, lasting=True)] == [60, 120, 540]
