"""The same Idempotency-Key and request get the same answer, also when both come at once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from careline.service.conversations.models import Conversation, Message


def test_the_answer_of_the_first_is_given_again(bos, inbox):
    asked = {"inbox_id": inbox.pk, "body": "Where is it?", "customer": {"name": "Lin"}}
    first = bos.post("conversations", asked, idempotency_key="k-1")
    again = bos.post("conversations", asked, idempotency_key="k-1")
    assert (again.status, again.body) == (first.status, first.body) == (201, first.body)
    assert "idempotency-replayed" not in first.headers
    assert again.headers["idempotency-replayed"] == "true"
    assert Conversation.objects.count() == 1
    other = bos.post("conversations", asked, idempotency_key="k-2")
    assert other.json["id"] != first.json["id"]


def test_another_request_with_the_key_is_refused(bos, inbox):
    asked = {"inbox_id": inbox.pk, "body": "Where is it?"}
    first = bos.post("conversations", asked, idempotency_key="k-1").json
    assert bos.post("conversations", asked | {"body": "Else"}, idempotency_key="k-1").told[0] == 422
    assert bos.post(f"conversations/{first['id']}/messages", {"body": "x"}, idempotency_key="k-1").told[0] == 422


def test_a_key_belongs_to_its_token(program, bo, cy, inbox):
    asked = {"inbox_id": inbox.pk, "body": "Where is it?"}
    one = program(bo).post("conversations", asked, idempotency_key="k-1").json
    assert program(cy).post("conversations", asked, idempotency_key="k-1").json["id"] != one["id"]


def test_what_was_refused_is_not_kept(bos, inbox):
    asked = {"inbox_id": inbox.pk, "body": ""}
    assert bos.post("conversations", asked, idempotency_key="k-1").told[0] == 422
    assert bos.post("conversations", asked | {"body": "Now"}, idempotency_key="k-1").status == 201


@pytest.mark.parametrize("key", ["", " ", "x" * 256])
def test_a_key_that_cannot_be_one_is_refused(bos, inbox, key):
    answer = bos.post("conversations", {"inbox_id": inbox.pk, "body": "Hm"}, idempotency_key=key)
    assert answer.told[0] == 422
    assert Conversation.objects.count() == 0


def test_a_stranger_with_a_key_stays_a_stranger(program, inbox):
    answer = program(None).post("conversations", {"inbox_id": inbox.pk, "body": "Hm"}, idempotency_key="k")
    assert answer.told[0] == 401


def test_reading_keeps_nothing(bos):
    from careline.accounts.models import Idempotency

    assert bos.get("conversations", idempotency_key="k").status == 200
    assert Idempotency.objects.count() == 0


def test_every_write_is_done_once(bos, bo, conversation, ada):
    """Resolving twice is a conflict; with a key it is the same answer."""
    address = f"conversations/{conversation.pk}"
    for n, (method, path, body) in enumerate(
        [
            ("PUT", f"{address}/closure", None), ("DELETE", f"{address}/closure", None),
            ("PUT", f"{address}/assignment", {"agent_id": bo.agent_id}), ("DELETE", f"{address}/assignment", None),
            ("PUT", f"{address}/snooze", {"until": "2030-01-01T00:00:00Z"}), ("DELETE", f"{address}/snooze", None),
            ("PATCH", address, {"priority": 3}), ("POST", f"{address}/messages", {"body": "Hm"}),
            ("POST", f"{address}/messages", {"body": "Hm", "kind": "note"}),
            ("POST", f"{address}/messages", {"body": "Hm", "author": "customer"}),
            ("POST", "customers", {"name": "New"}), ("PATCH", f"customers/{ada.pk}", {"name": "Ada"}),
        ]
    ):  # fmt: skip
        first = bos.ask(method, path, body, idempotency_key=f"w-{n}")
        assert first.status < 300, (method, path, first.body)
        assert bos.ask(method, path, body, idempotency_key=f"w-{n}").body == first.body


@pytest.mark.parametrize("round_", range(3))
def test_of_many_at_once_one_is_carried_out(database_url, program, bo, inbox, round_):
    asked = {"inbox_id": inbox.pk, "body": "At once", "customer": {"name": "Lin"}}
    knocking = program(bo)
    together = threading.Barrier(8)

    def knock(_n: int):
        from django.test import Client

        from tests.api.conftest import Program

        together.wait(20)
        try:
            return Program(knocking.secret, Client()).post("conversations", asked, idempotency_key="k")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(knock, range(8)))
    given = {answer.body for answer in answers if answer.status == 201}
    assert len(given) == 1
    assert {answer.status for answer in answers} <= {201, 409}
    assert Conversation.objects.count() == Message.objects.count() == 1


def test_of_many_with_one_client_id_at_both_doors_one_is_written(database_url, program, raw, loop, bo, inbox):
    import asyncio

    asked = {
        "inbox_id": str(inbox.pk), "body": "At once", "client_id": "c-1", "customer": {"email": "lin@example.com"},
    }  # fmt: skip
    knocking = raw(program(bo))

    async def together():
        import msgspec

        headers = {"authorization": f"Bearer {knocking.secret}"}
        content = msgspec.json.encode(asked)
        knocks = [
            knocking._knock("POST", "/api/v1/conversations", content, "application/json", headers) for _n in range(12)
        ]
        return await asyncio.gather(*knocks)

    answers = loop.run_until_complete(together())
    assert {answer.status for answer in answers} == {201}
    assert len({answer.json["message"]["id"] for answer in answers}) == 1
    assert Conversation.objects.count() == Message.objects.count() == 1
