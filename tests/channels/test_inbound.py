"""Deliveries are kept raw first, taken in afterwards, and never lost over a message nobody could read."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import OperationalError, connections

from careline.accounts.actor import Actor
from careline.channels import actions, adapter, backlog, inbound, queries
from careline.channels.adapter import Endpoint, Unreadable
from careline.channels.models import Inbound, ParkedStatus
from careline.kit import clock, personal, retention
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused, TooLarge
from careline.service.conversations.models import Message
from tests.channels.api.provider import headers


@pytest.fixture
def api(open_inbox: Callable[..., Endpoint]) -> Endpoint:
    return open_inbox("api")


def body(number: int = 1, **changed: Any) -> bytes:
    return json.dumps({"id": f"m-{number}", "from": {"external_id": "u"}, "body": f"Word {number}"} | changed).encode()


def deliver(inbox: Endpoint, raw: bytes) -> inbound.Accepted:
    return inbound.accept("api", inbox.key, raw, headers(inbox, raw))


@pytest.mark.django_db
class TestAccept:
    def test_the_bytes_are_kept_as_they_came(self, api: Endpoint) -> None:
        raw = b' {"body": "caf\\u00e9 \xf0\x9f\x98\x80", "id": 1, "from": {"external_id": "u"}}\n'
        deliver(api, raw)
        kept = Inbound.objects.get()
        assert backlog.raw_of(kept) == raw
        assert b"caf" not in bytes(kept.raw), "on the disk it is sealed"
        assert (kept.state, kept.headers["content-type"]) == ("new", "application/json")

    def test_a_repetition_gets_the_same_answer(self, api: Endpoint) -> None:
        first, again = deliver(api, body()), deliver(api, body())
        assert (first.id, first.repeated, again.id, again.repeated) == (again.id, False, first.id, True)

    @pytest.mark.parametrize(("kind", "key"), [("api", "nobody"), ("pigeon", None), ("webchat", None), ("api", "\0")])
    def test_an_unknown_address_is_no_address(self, api: Endpoint, kind: str, key: str | None) -> None:
        with pytest.raises(NotVisible):
            inbound.accept(kind, key or api.key, body(), headers(api, body()))

    def test_an_archived_inbox_takes_nothing(self, api: Endpoint, boss: Actor) -> None:
        actions.archive_inbox(api.inbox_id, actor=boss)
        with pytest.raises(NotVisible):
            deliver(api, body())

    def test_more_than_a_megabyte_is_refused_in_words(self, api: Endpoint) -> None:
        with pytest.raises(TooLarge, match="1 MB"):
            deliver(api, body(body="x" * adapter.of("api").capabilities.largest))

    def test_an_old_signature_is_refused(self, api: Endpoint) -> None:
        given = headers(api, body())
        with time_machine.travel(clock.now() + timedelta(minutes=6)), pytest.raises(Refused) as refusal:
            inbound.accept("api", api.key, body(), given)
        assert refusal.value.status == 403

    def test_the_old_secret_is_worth_nothing(self, api: Endpoint, boss: Actor) -> None:
        actions.rotate_secret(api.inbox_id, actor=boss)
        with pytest.raises(Refused):
            deliver(api, body())
        deliver(queries.endpoint(api.inbox_id), body())

    def test_headers_that_open_doors_are_not_kept(self, api: Endpoint) -> None:
        secret = {"Authorization": "Bearer x", "Cookie": "a=b", "X-Api-Token": "t", "X-Request-Id": "7\0"}
        inbound.accept("api", api.key, body(), headers(api, body()) | secret)
        kept = Inbound.objects.get().headers
        assert kept["x-request-id"] == "7"
        assert not {"authorization", "cookie", "x-api-token"} & set(kept)


@pytest.mark.django_db(transaction=True)
def test_racing_repetitions_are_one_row(api: Endpoint) -> None:
    answers: list[inbound.Accepted] = []

    def run() -> None:
        try:
            answers.append(deliver(api, body()))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _n in range(6)]
    for one in threads:
        one.start()
    for one in threads:
        one.join(20)
    assert len(answers) == 6
    assert len({answer.id for answer in answers}) == Inbound.objects.count() == 1
    assert sum(not answer.repeated for answer in answers) == 1


@pytest.mark.django_db
class TestTake:
    def test_messages_become_conversations_and_raw_rows_know_their_person(self, api: Endpoint, intake: Any) -> None:
        deliver(api, body(1))
        deliver(api, body(2))
        assert inbound.take() == 2
        assert inbound.take() == 0
        assert [one.body for one in Message.objects.order_by("seq")] == ["Word 1", "Word 2"]
        assert {row.state for row in Inbound.objects.all()} == {"taken"}
        assert all(row.person_id for row in Inbound.objects.all())

    def test_without_an_intake_everything_waits(self, api: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(inbound, "_intake", None)
        deliver(api, body())
        assert inbound.take() == 0
        assert Inbound.objects.get().state == "new"

    def test_what_cannot_be_read_is_kept_with_its_reason_and_can_be_tried_again(
        self, api: Endpoint, intake: Any, boss: Actor, bo: Actor, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for number in (1, 2, 3):
            deliver(api, body(number))
        with monkeypatch.context() as broken:
            readable = adapter.of("api").parse

            def parse(inbox: Endpoint, raw: bytes, given: Any) -> Any:
                if b"m-2" in raw:
                    raise Unreadable("There is no head on this letter.")
                return readable(inbox, raw, given)

            broken.setattr(adapter.of("api"), "parse", parse)
            inbound.take()
        assert [row.state for row in Inbound.objects.order_by("id")] == ["taken", "failed", "taken"]
        [failure] = queries.failures(boss)
        assert (failure.way, failure.words) == ("in", "There is no head on this letter.")
        assert queries.failures(bo) == []
        with pytest.raises((NotVisible, NotAllowed)):
            actions.retry_inbound(failure.id, actor=bo)
        actions.retry_inbound(failure.id, actor=boss)
        inbound.take()
        assert Message.objects.count() == 3
        with pytest.raises(Conflicting):
            actions.retry_inbound(failure.id, actor=boss)

    def test_an_intake_that_refuses_leaves_the_raw_row_and_the_word(
        self, api: Endpoint, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_given: object) -> int:
            raise Refused("Too many words.")

        monkeypatch.setattr(inbound, "_intake", refuse)
        deliver(api, body())
        inbound.take()
        assert Inbound.objects.values_list("state", "error").get() == ("failed", "Too many words.")

    def test_a_fault_of_ours_is_tried_again_and_harms_no_neighbor(
        self, api: Endpoint, intake: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def clumsy(inbox_id: int, item: adapter.Inbound) -> int:
            if item.external_id == "m-1":
                intake(inbox_id, item)
                raise KeyError("oops")
            return intake(inbox_id, item)

        deliver(api, body(1))
        deliver(api, body(2))
        with monkeypatch.context() as broken:
            broken.setattr(inbound, "_intake", clumsy)
            inbound.take()
        assert [one.body for one in Message.objects.all()] == ["Word 2"]
        row = Inbound.objects.get(state="new")
        assert (row.attempts, "KeyError" in row.error) == (1, True)
        assert inbound.take() == 0
        with time_machine.travel(clock.now() + timedelta(minutes=1)):
            assert inbound.take() == 1
        assert Message.objects.count() == 2
        assert not Inbound.objects.exclude(state="taken").exclude(error="").exists()

    def test_a_fault_that_stays_is_shown_in_the_end(self, api: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(inbound, "_intake", lambda *_given: 1 / 0)
        deliver(api, body())
        for later in range(inbound.MOST_ATTEMPTS + 2):
            with time_machine.travel(clock.now() + timedelta(hours=later)):
                inbound.take()
        row = Inbound.objects.get()
        assert (row.state, row.attempts) == ("failed", inbound.MOST_ATTEMPTS)
        assert "ZeroDivisionError" in row.error

    def test_a_database_that_goes_away_takes_the_batch_back(
        self, api: Endpoint, intake: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(inbox_id: int, item: adapter.Inbound) -> int:
            if item.external_id == "m-2":
                raise OperationalError("gone")
            return intake(inbox_id, item)

        deliver(api, body(1))
        deliver(api, body(2))
        with monkeypatch.context() as broken:
            broken.setattr(inbound, "_intake", away)
            with pytest.raises(OperationalError):
                inbound.take()
        assert not Message.objects.exists()
        assert set(Inbound.objects.values_list("state", "attempts")) == {("new", 0)}
        inbound.take()
        assert Message.objects.count() == 2

    def test_the_intake_is_told_which_raw_row_it_reads(self, api: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[adapter.Inbound] = []
        monkeypatch.setattr(inbound, "_intake", lambda _inbox, item: seen.append(item))
        accepted = deliver(api, body())
        inbound.take()
        assert [item.raw_id for item in seen] == [accepted.id]


@pytest.mark.django_db
def test_a_person_takes_their_raw_words_along_or_has_them_erased(api: Endpoint, intake: Any) -> None:
    deliver(api, body(body="My secret"))
    inbound.take()
    person = Inbound.objects.get().person_id
    assert "My secret" in json.dumps(personal.export(person)["channels.Inbound"])
    from careline.channels.personal import _erase_inbound

    assert _erase_inbound(person) == 1
    assert bytes(Inbound.objects.get().raw) == b""
    deliver(api, body(body="My secret"))
    assert Inbound.objects.count() == 1, "a repetition does not bring back what was erased"


@pytest.mark.django_db
def test_what_was_taken_or_given_up_long_ago_is_cleared_away(api: Endpoint, intake: Any) -> None:
    deliver(api, body(1))
    inbound.take()
    deliver(api, body(2))
    deliver(api, body(3))
    Inbound.objects.filter(pk=Inbound.objects.latest("pk").pk).update(state="failed", error="Nobody could read it.")
    ParkedStatus.objects.create(inbox_id=api.inbox_id, external_id="x", status="read")
    raw = retention.named("raw")
    assert raw is not None
    old, young = clock.now() + timedelta(seconds=1), clock.now() - timedelta(days=1)
    assert (raw.going(young).rows, raw.remove(young, 10).rows, inbound.purge()) == (0, 0, 0)
    going = raw.going(old)
    assert (going.rows, going.people) == (2, 1)
    assert going.size > 100
    assert [raw.remove(old, 1).rows for _turn in range(3)] == [1, 1, 0]
    assert Inbound.objects.get().state == "new"
    with time_machine.travel(clock.now() + timedelta(days=31)):
        assert inbound.purge() == 1


@pytest.mark.django_db(transaction=True)
def test_one_takes_while_the_others_wait(api: Endpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two processes would otherwise take the words of one customer out of their order."""
    inside, go_on, seen = threading.Event(), threading.Event(), []

    def slow(_inbox_id: int, item: adapter.Inbound) -> int:
        seen.append(item.external_id)
        inside.set()
        assert go_on.wait(60)
        raise Unreadable("enough")

    monkeypatch.setattr(inbound, "_intake", slow)
    deliver(api, body(1))

    def run() -> None:
        try:
            inbound.take()
        finally:
            connections.close_all()

    other = threading.Thread(target=run)
    other.start()
    assert inside.wait(60)
    deliver(api, body(2))
    assert inbound.take() == 0
    go_on.set()
    other.join(10)
    assert inbound.take() == 1
    assert seen == ["m-1", "m-2"]


@pytest.mark.django_db
def test_only_a_channel_with_a_handshake_answers_one(api: Endpoint) -> None:
    with pytest.raises(NotVisible):
        inbound.handshake("api", api.key, {"hub.challenge": "1"})
