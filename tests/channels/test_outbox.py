"""Messages on their way out: with one key, in order, patiently, and never twice."""

from __future__ import annotations

import json
import threading
import uuid
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from careline import contact
from careline.accounts.actor import Actor
from careline.channels import actions, outbox, queries
from careline.channels.models import Inbox, Outbox
from careline.channels.outbox import delivery
from careline.customers.models import Person
from careline.kit import bus, clock, sentences, signing
from careline.kit.refusals import Refused
from careline.touchpoints.models import Touchpoint
from tests.channels.counterpart import Counterpart
from tests.channels.together import in_threads


def deliver_later(seconds: float) -> int:
    with time_machine.travel(clock.now() + timedelta(seconds=seconds), tick=True):
        return outbox.deliver()


def told(message: uuid.UUID) -> list[str]:
    moments = Touchpoint.objects.filter(kind="delivery.updated").order_by("occurred_at", "id")
    return [moment.facts["status"] for moment in moments if moment.facts.get("message") == str(message)]


@pytest.mark.django_db
class TestDelivery:
    def test_a_reply_is_brought_signed_and_once(self, thread: Any, other_side: Counterpart, pushing: Inbox) -> None:
        message = thread("Yes, in blue.")
        assert outbox.deliver() == 1
        assert outbox.deliver() == 0
        [(key, headers, body)] = other_side.requests
        assert key == f"msg_{message}"
        assert signing.standard_webhooks_verify(queries.endpoint(pushing.pk).secret, headers, body) == key
        sent = json.loads(body)
        assert (sent["body"], sent["to"], sent["id"]) == ("Yes, in blue.", "user-42", key)
        row = Outbox.objects.get()
        assert (row.state, row.external_id, row.error) == ("sent", f"ext-{key}", "")
        assert told(message) == ["sent"]

    def test_an_attached_file_leaves_as_a_link(self, thread: Any, other_side: Counterpart, boss: Actor) -> None:
        from careline.files.actions import store
        from careline.files.queries import by_link, read

        thread("See this.")
        row = Outbox.objects.get()
        file = store(b"%PDF-1.7 how to", name="how to.pdf", person_id=row.person_id)
        row.payload["attachments"] = [{"file_id": str(file.pk)}, {"file_id": str(uuid.uuid4())}]
        row.save()
        outbox.deliver()
        [sent] = other_side.messages
        [attached] = sent["attachments"]
        assert (attached["name"], attached["size"]) == ("how to.pdf", 15)
        assert read(by_link(attached["url"].rpartition("/")[2])) == b"%PDF-1.7 how to"

    def test_trouble_is_retried_with_the_same_key_and_growing_patience(
        self, thread: Any, other_side: Counterpart
    ) -> None:
        message = thread("Yes.")
        other_side.answer = lambda *_: (503, b'{"error": "closed for lunch"}')
        outbox.deliver()
        row = Outbox.objects.get()
        assert (row.state, row.attempts) == ("sending", 1)
        assert "503" in row.error
        assert "closed for lunch" in row.error
        assert outbox.deliver() == 0
        assert deliver_later(3) == 1
        assert deliver_later(3.5) == 0
        other_side.answer = lambda *_: (200, b"{}")
        assert deliver_later(10) == 1
        assert other_side.keys == [f"msg_{message}"] * 3
        row.refresh_from_db()
        # Told no id of theirs, the key is the one both know.
        assert (row.state, row.external_id) == ("sent", f"msg_{message}")
        assert told(message) == ["sent"]

    def test_the_waits_double_and_scatter(self) -> None:
        for attempts in range(1, 12):
            waits = [delivery.wait_after(attempts) for _round in range(50)]
            assert 0.75 * 2**attempts <= min(waits) < max(waits) <= 1.25 * 2**attempts
        assert delivery.wait_after(40) <= 1.25 * 3600

    @pytest.mark.parametrize("status", [400, 410, 422])
    def test_what_is_refused_for_good_fails_in_the_other_sides_words(
        self, thread: Any, other_side: Counterpart, boss: Actor, status: int
    ) -> None:
        message = thread("Yes.")
        other_side.answer = lambda *_: (status, b'{"detail": "no such customer"}')
        outbox.deliver()
        row = Outbox.objects.get()
        assert row.state == "failed"
        assert sentences.told(row.error).endswith(f" answered {status}. no such customer")
        assert told(message) == ["failed"]
        [failure] = queries.failures(boss)
        assert (failure.way, failure.words) == ("out", sentences.told(row.error))
        assert not queries.health(boss, row.inbox_id).well
        assert deliver_later(86400) == 0

    def test_patience_ends(self, thread: Any, other_side: Counterpart) -> None:
        thread("Yes.")
        other_side.answer = lambda *_: (500, b"oops")
        Outbox.objects.update(attempts=delivery.MOST_ATTEMPTS - 1)
        outbox.deliver()
        assert Outbox.objects.get().state == "failed"

    def test_a_server_that_is_killed_and_comes_back_gets_every_message_once(
        self, thread: Any, other_side: Counterpart
    ) -> None:
        bodies = [f"Answer {n}" for n in range(6)]
        for body in bodies[:3]:
            thread(body)
        outbox.deliver()
        other_side.kill()
        for body in bodies[3:]:
            thread(body)
        outbox.deliver()
        assert "not reached" in Outbox.objects.filter(state="sending").first().error
        other_side.start()
        for later in range(1, 12):
            deliver_later(30 * later)
        assert [one["body"] for one in other_side.messages] == bodies
        assert set(Outbox.objects.values_list("state", flat=True)) == {"sent"}

    def test_an_answer_lost_on_its_way_is_a_repetition_they_recognize(
        self, thread: Any, other_side: Counterpart
    ) -> None:
        thread("Yes.")
        other_side.answer = lambda *_: (0, b"")
        outbox.deliver()
        other_side.answer = lambda *_: (200, b"{}")
        deliver_later(5)
        assert len(other_side.requests) == 2
        assert len(other_side.messages) == 1

    def test_a_crash_in_the_middle_of_sending_is_repeated_with_the_same_key(
        self, thread: Any, other_side: Counterpart, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        message = thread("Yes.")

        class Killed(BaseException):
            pass

        def die(*_given: object) -> None:
            raise Killed

        with monkeypatch.context() as broken:
            broken.setattr(delivery, "_settle", die)
            with pytest.raises(Killed):
                outbox.deliver()
        row = Outbox.objects.get()
        assert row.state == "sending"
        assert outbox.deliver() == 0, "a claim whose lease runs belongs to whoever took it"
        assert deliver_later(delivery.LEASE.total_seconds() + 1) == 1
        assert other_side.keys == [f"msg_{message}"] * 2
        row.refresh_from_db()
        assert row.state == "sent"

    def test_an_older_message_goes_first(self, thread: Any, other_side: Counterpart) -> None:
        for body in ("one", "two", "three"):
            thread(body)
        assert [outbox.deliver() for _round in range(4)] == [1, 1, 1, 0]
        assert [one["body"] for one in other_side.messages] == ["one", "two", "three"]

    def test_a_message_in_trouble_does_not_hold_up_others_for_ever(self, thread: Any, other_side: Counterpart) -> None:
        for body in ("poison", "good"):
            thread(body)
        other_side.answer = lambda _key, body: (500 if b"poison" in body else 200, b"{}")
        for later in (0, 10, 100, 1000, 10_000, 10_001):
            deliver_later(later)
        assert [row.state for row in Outbox.objects.order_by("id")] == ["sending", "sent"]

    def test_nobody_to_send_to_fails_with_a_word(self, pushing: Inbox, other_side: Counterpart, ada: Person) -> None:
        yes = contact.decide(ada.pk, "survey", "api", "survey:1")
        outbox.enqueue(yes, inbox_id=pushing.pk, person_id=ada.pk, words="Hello")
        ada.identities.all().delete()
        outbox.deliver()
        assert (Outbox.objects.get().state, other_side.requests) == ("failed", [])

    def test_a_message_of_an_erased_person_is_gone(self, thread: Any, other_side: Counterpart) -> None:
        from careline.channels.personal import _erase_outbox

        thread("Yes.")
        person = Outbox.objects.get().person_id

        def erased_meanwhile(_key: str, _body: bytes) -> tuple[int, bytes]:
            return 200, b"{}"

        other_side.answer = erased_meanwhile
        assert _erase_outbox(person) == 1
        assert outbox.deliver() == 0

    def test_an_adapter_that_breaks_is_a_failed_attempt(
        self, thread: Any, other_side: Counterpart, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from careline.channels import adapter

        thread("Yes.")
        monkeypatch.setattr(type(adapter.of("api")), "send", lambda *_given: 1 / 0)
        outbox.deliver()
        assert "ZeroDivisionError" in Outbox.objects.get().error

    def test_one_that_cannot_be_made_does_not_hold_up_the_others(
        self, thread: Any, other_side: Counterpart, pushing: Inbox, ada: Person
    ) -> None:
        thread("Yes.")
        yes = contact.decide(ada.pk, "survey", "api", "survey:1")
        broken = outbox.enqueue(yes, inbox_id=pushing.pk, person_id=ada.pk, words="Hello")
        Outbox.objects.filter(pk=broken.pk).update(payload={"attachments": "none"})
        assert outbox.deliver() == 2
        assert [row.state for row in Outbox.objects.order_by("id")] == ["sent", "sending"]

    def test_the_private_network_is_not_reached(self, thread: Any, other_side: Counterpart, settings: Any) -> None:
        settings.CARELINE_ALLOW_PRIVATE_HTTP = False
        thread("Yes.")
        outbox.deliver()
        assert "private network" in Outbox.objects.get().error
        assert other_side.requests == []

    def test_the_way_out_can_be_tried(self, pushing: Inbox, other_side: Counterpart, boss: Actor) -> None:
        assert actions.test_inbox(pushing.pk, actor=boss)
        assert json.loads(other_side.requests[0][2])["type"] == "test"
        other_side.kill()
        with pytest.raises(Refused, match="not reached"):
            actions.test_inbox(pushing.pk, actor=boss)

    def test_an_answer_without_end_is_not_waited_for(self, thread: Any, other_side: Counterpart) -> None:
        other_side.answer = lambda *_: (200, b'{"id": "' + b"x" * 1_000_000)
        message = thread("Yes.")
        outbox.deliver()
        assert Outbox.objects.get().external_id == f"msg_{message}"


@pytest.mark.django_db(transaction=True)
def test_two_workers_bring_each_message_once(thread: Any, other_side: Counterpart, pushing: Inbox) -> None:
    people = [Person.objects.create(name=f"P{n}") for n in range(12)]
    for person in people:
        person.identities.create(kind="external", value=f"p-{person.pk}", original=f"p-{person.pk}")
        yes = contact.decide(person.pk, "survey", "api", f"survey:{person.pk}")
        outbox.enqueue(yes, inbox_id=pushing.pk, person_id=person.pk, words=f"to {person.pk}")
    in_threads(lambda: [outbox.deliver(3) for _round in range(4)], 3)
    assert len(other_side.requests) == len(set(other_side.keys)) == 12
    assert set(Outbox.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.django_db(transaction=True)
def test_the_worker_is_woken_and_stops(thread: Any, other_side: Counterpart) -> None:
    stop, arrived = threading.Event(), threading.Event()
    leave = bus.subscribe("delivery", lambda *_: arrived.set())
    worker = threading.Thread(target=outbox.run, args=(stop,))
    worker.start()
    try:
        thread("Yes.")
        assert arrived.wait(60)
    finally:
        stop.set()
        worker.join(5)
        leave()
    assert not worker.is_alive()
    assert [one["body"] for one in other_side.messages] == ["Yes."]
