"""The worker and a real Dovecot: mail becomes conversations, every look is on record, one worker at a time."""

from __future__ import annotations

import base64
import threading
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
import time_machine
from aiosmtpd.smtp import SMTP, AuthResult
from django.conf import settings as django_settings
from django.db import connections

from careline.accounts.actor import SYSTEM
from careline.channels import actions, adapter, fetching, inbound, queries, satchel, visits
from careline.channels.email import receiving
from careline.channels.email.adapter import Email
from careline.channels.fetching.runner import waits
from careline.channels.fetching.worker import Worker
from careline.channels.models import Bookmark, Inbound, Inbox, Visit
from careline.kit import clock
from careline.service.conversations.models import Conversation, Message
from tests.channels.email.consents import CLIENT, SECRET, Consents, giving_consent
from tests.channels.email.servers import Desk, serving
from tests.mail.dovecot import PASSWORD, Dovecot, dovecot

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def consents() -> Iterator[Consents]:
    with giving_consent() as running:
        yield running


@pytest.fixture(scope="module")
def server(consents: Consents) -> Iterator[Dovecot]:
    with dovecot(introspection=f"{consents.url}/introspect") as running:
        yield running


@pytest.fixture
def mailbox(server: Dovecot, consents: Consents, settings: Any, open_inbox: Any) -> Callable[..., adapter.Endpoint]:
    settings.CARELINE_ALLOW_PRIVATE_HTTP = True
    settings.CARELINE_OAUTH_URLS = {"google": consents.url, "microsoft": consents.url}

    def made(**given: str) -> adapter.Endpoint:
        address = f"{uuid4().hex[:12]}@shop.example"
        server.mailbox(address)
        usual = {
            "address": address, "imap_host": "127.0.0.1", "imap_port": str(server.tls_port),
            "imap_password": PASSWORD, "authority": server.authority, "imap_old": "on",
        }  # fmt: skip
        endpoint: adapter.Endpoint = open_inbox("email", **(usual | given))
        return endpoint

    return made


@pytest.fixture
def worker() -> Iterator[Worker]:
    working = Worker()
    yield working
    working.end()


def mail(subject: str, text: str = "Where is my lamp?") -> bytes:
    return (
        f"From: Ada <ada@example.com>\r\nTo: help@shop.example\r\nSubject: {subject}\r\n"
        f"Message-ID: <{uuid4()}@example.com>\r\n\r\n{text}\r\n"
    ).encode()


def user(inbox: adapter.Endpoint) -> str:
    return str(inbox.settings["address"])


def until(said: Callable[[], Any], seconds: float = 20.0) -> Any:
    end = time.monotonic() + seconds
    while not (found := said()):
        assert time.monotonic() < end, list(Visit.objects.values())
        time.sleep(0.03)
    return found


def visits_of(inbox: adapter.Endpoint) -> list[Visit]:
    return list(Visit.objects.filter(inbox_id=inbox.inbox_id).order_by("id"))


def test_a_mail_in_the_mailbox_becomes_a_conversation_at_once(server, mailbox, worker):
    box = mailbox()
    server.deliver(user(box), mail("Before"))
    assert worker.round()
    until(lambda: Inbound.objects.count() == 1)
    server.deliver(user(box), mail("Lamp"))
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


def test_a_conversation_begins_when_its_mail_came_in_however_late_it_is_fetched(server, mailbox, worker):
    box = mailbox()
    server.deliver(user(box), mail("Late"))
    before = clock.now()
    worker.round()
    row = until(Inbound.objects.first)
    assert row.headers["x-imap-uid"] == "1"
    while inbound.take():
        pass
    said = Message.objects.get()
    assert abs((said.occurred_at - before).total_seconds()) < 10
    assert str(said.occurred_at) in row.headers["x-received-at"].replace("T", " ") + "+00:00"


def test_what_is_wrong_stands_in_the_log_and_on_the_settings_screen_until_it_is_mended(server, mailbox, monkeypatch):
    monkeypatch.setattr("careline.channels.fetching.runner.LASTING_WAIT", 0.1)
    monkeypatch.setattr("careline.channels.fetching.runner.LONGEST_LASTING_WAIT", 0.1)
    box = mailbox(imap_password="wrong")
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
        server.deliver(user(box), mail("Waiting"))
        # Whoever fetches hears of it: nobody waits for the next round.
        actions.update_inbox(box.inbox_id, actor=SYSTEM, settings=box.settings | {"imap_password": PASSWORD})
        until(lambda: Inbound.objects.count() == 1, 10)
        until(lambda: not visits_of(box)[-1].error)
        actions.archive_inbox(box.inbox_id, actor=SYSTEM)
        until(lambda: not [one for one in threading.enumerate() if one.name == f"fetch-{box.inbox_id}"])
    finally:
        stop.set()
        running.join(15)
    assert not running.is_alive()


def test_a_mailbox_is_served_by_one_worker_and_taken_over_when_that_one_goes(server, mailbox):
    box = mailbox()
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


def test_a_worker_that_lost_its_claim_to_the_database_ends_and_begins_again(server, mailbox, worker):
    box = mailbox()
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


def test_between_looks_no_connection_to_the_database_is_held(server, mailbox, worker):
    mailbox()
    worker.round()
    until(lambda: Visit.objects.filter(error="").exists())
    connections.close_all()

    def held() -> int:
        with psycopg.connect(django_settings.DATABASE_URL, autocommit=True) as other:
            row = other.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
                "AND pid <> pg_backend_pid() AND application_name <> 'careline fetching' "
                "AND backend_type = 'client backend'"
            ).fetchone()
            assert row is not None
            return int(row[0])

    until(lambda: held() == 0, 5)


def test_looks_that_tell_the_same_stand_in_one_row(mailbox):
    box = mailbox()
    for error in ("", "", "", "It is away.", "It is away.", ""):
        visits.record(box.inbox_id, clock.now(), error=error)
    visits.record(
        box.inbox_id, clock.now(), seen=2, new=1, skipped=[{"folder": "INBOX", "uid": 1, "why": "known", "n": 1}]
    )
    visits.record(box.inbox_id, clock.now())
    told = [(one.looks, one.error, one.seen, one.new) for one in visits_of(box)]
    assert told == [(3, "", 0, 0), (2, "It is away.", 0, 0), (1, "", 0, 0), (1, "", 2, 1), (1, "", 0, 0)]
    assert satchel.words("known") == "It was here already."


def test_ten_minutes_without_a_look_are_an_alarm_and_two_weeks_are_forgotten(mailbox):
    box = mailbox()
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


def agreed(consents: Consents, box: dict[str, str]) -> dict[str, str]:
    """The settings of a mailbox somebody has given consent for."""
    lasting = consents.new("refresh")
    consents.lasting.add(lasting)
    return box | {
        "client_id": CLIENT, "client_secret": SECRET, "refresh_token": lasting, "imap_password": "",
    }  # fmt: skip


@pytest.mark.parametrize("provider", ["google", "microsoft"])
def test_gmail_and_microsoft_are_fetched_by_token(server, mailbox, worker, consents, provider):
    box = mailbox(**agreed(consents, {"sign_in": provider}))
    consents.user = user(box)
    server.deliver(user(box), mail("By token"))
    worker.round()
    until(lambda: Inbound.objects.count() == 1)
    kept = queries.endpoint(box.inbox_id).credentials["refresh_token"]
    assert kept in consents.lasting
    # Microsoft's replaces itself each time; the newer one is kept, and the worker goes on undisturbed.
    assert (kept == box.credentials["refresh_token"]) is (provider == "google")
    serving_before = worker._runners[box.inbox_id]
    worker.round()
    assert worker._runners[box.inbox_id] is serving_before


def test_a_token_taken_back_before_its_time_is_replaced_and_a_consent_taken_back_is_told(server, mailbox, consents):
    box = mailbox(**agreed(consents, {"sign_in": "google"}))
    consents.user = user(box)
    assert "can be read" in Email().test_fetching(box)
    consents.open.clear()
    assert "can be read" in Email().test_fetching(box)
    consents.take_back()
    with pytest.raises(satchel.FetchFailed) as failed:
        Email().test_fetching(box)
    assert failed.value.reason.startswith("Google does not let us into this mailbox anymore: connect it again.")
    assert failed.value.lasting
    stranger = mailbox(**agreed(consents, {"sign_in": "google"}))
    consents.user = "somebody@else.example"
    with pytest.raises(satchel.FetchFailed, match="did not accept the sign-in of this mailbox: connect it again"):
        Email().test_fetching(stranger)
    with pytest.raises(satchel.FetchFailed, match="Nobody has let us into this mailbox at Google yet"):
        Email().test_fetching(mailbox(sign_in="google"))


class Gmail(Desk):
    """Lets in whoever shows a token that opens now."""

    def __init__(self, consents: Consents) -> None:
        super().__init__()
        self.consents = consents

    async def auth_XOAUTH2(self, server: SMTP, args: list[str]) -> AuthResult:
        said = base64.b64decode(args[1]).decode()
        self.tries += 1
        token = said.partition("auth=Bearer ")[2].rstrip("\x01")
        if self.consents.open.get(token) == said.partition("\x01")[0].removeprefix("user="):
            self.signed_in.append("XOAUTH2")
            return AuthResult(success=True)
        await server.push("334 " + base64.b64encode(b'{"status":"400"}').decode())
        await server._reader.readline()
        return AuthResult(success=False, handled=False)


def test_answers_leave_by_token_too(mailbox, consents):
    desk = Gmail(consents)
    with serving(desk) as port:
        box = mailbox(
            **agreed(consents, {"sign_in": "google", "smtp_host": "127.0.0.1", "smtp_port": str(port)}),
            smtp_security="none",
        )
        consents.user = user(box)
        assert Email().test(box) == "127.0.0.1 lets this mailbox in."
        consents.open.clear()
        assert Email().test(box) == "127.0.0.1 lets this mailbox in."
    assert (desk.tries, desk.signed_in) == (3, ["XOAUTH2", "XOAUTH2"])
    assert receiving.by_token(box)
