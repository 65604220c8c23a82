"""The raw doors by themselves: which requests they take, and what they do when the database or the client goes away."""

from __future__ import annotations

import asyncio

import psycopg
import pytest
from psycopg_pool import PoolTimeout

from careline.api import hot, problems
from careline.kit import bus, pool


@pytest.mark.parametrize(
    ("method", "path", "headers", "taken"),
    [
        ("GET", "/api/v1/conversations", [], True),
        ("POST", "/api/v1/conversations", [], True),
        ("GET", "/api/v1/conversations/7/messages", [], True),
        ("POST", "/api/v1/conversations/7/messages", [], True),
        ("GET", "/api/v1/customers/7/touchpoints", [], True),
        ("POST", "/api/v1/customers/7/touchpoints", [], False),
        ("GET", "/api/v1/customers/7", [], False),
        ("GET", "/api/v1/customers/7/8/touchpoints", [], False),
        ("POST", "/api/v1/conversations", [(b"idempotency-key", b"k")], False),
        ("HEAD", "/api/v1/conversations", [], False),
        ("PUT", "/api/v1/conversations", [], False),
        ("DELETE", "/api/v1/conversations/7/messages", [], False),
        ("GET", "/api/v1/conversations/", [], False),
        ("GET", "/api/v1/conversations/7", [], False),
        ("PUT", "/api/v1/conversations/7/closure", [], False),
        ("GET", "/api/v1/conversations/7/8/messages", [], False),
        ("GET", "/api/v1/conversations/7/messages/", [], False),
        ("GET", "/api/v1/conversationsmessages", [], False),
        ("GET", "/api/v2/conversations", [], False),
    ],
)
def test_a_raw_door_takes_what_it_was_measured_for(method, path, headers, taken):
    assert (hot.match({"method": method, "path": path, "headers": headers}) is not None) is taken


def test_words_are_told_to_the_windows_once_they_are_written(raw, bos, conversation):
    heard: list[dict] = []
    leave = bus.subscribe("conversation", lambda _topic, message: heard.append(message))
    try:
        room = f"conversations/{conversation.pk}/messages"
        raw(bos).post(room, {"body": "Hm", "client_id": "c-1"})
        raw(bos).post(room, {"body": "Hm", "client_id": "c-1"})
        raw(bos).post(room, {"body": ""})
    finally:
        leave()
    assert [(message["id"], message["seq"]) for message in heard if "seq" in message] == [(conversation.pk, 2)]


def test_a_restarted_database_is_not_noticed_by_who_asks_next(raw, bos, conversation, database_url):
    knocking = raw(bos)
    address = f"conversations/{conversation.pk}/messages"
    for ask in (lambda: knocking.get("conversations"), lambda: knocking.post(address, {"body": "Still here"})):
        with psycopg.connect(database_url, autocommit=True) as server:
            server.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        assert ask().status < 300


def test_a_database_that_is_away_is_said_with_a_time_to_come_back(raw, bos, inbox, monkeypatch):
    knocking = raw(bos)

    def away():
        raise PoolTimeout("couldn't get a connection after 10.00 sec")

    monkeypatch.setattr(pool, "connection", away)
    for answer in (knocking.get("conversations"), knocking.post("conversations", {"inbox_id": inbox.pk, "body": "x"})):
        assert answer.told == (503, problems.AWAY)
        assert answer.headers["retry-after"] == "2"


def test_a_fault_of_ours_tells_nothing_of_our_insides(raw, bos, monkeypatch, caplog):
    from careline.service.conversations.hot import doors

    async def broken(*_args, **_given):
        raise ZeroDivisionError("secret detail")

    monkeypatch.setattr(doors, "listed", broken)
    assert raw(bos).get("conversations").told == (500, problems.FAULT)
    assert "secret detail" in caplog.text


def test_a_client_that_hangs_up_in_the_middle_is_not_answered(loop, bos, conversation):
    sent: list[dict] = []
    events = [{"type": "http.request", "body": b'{"body":', "more_body": True}, {"type": "http.disconnect"}]

    async def receive():
        return events.pop(0)

    async def send(event):
        sent.append(event)

    scope = {
        "type": "http", "method": "POST", "path": f"/api/v1/conversations/{conversation.pk}/messages",
        "query_string": b"", "headers": [(b"content-type", b"application/json")],
    }  # fmt: skip
    door = hot.match(scope)
    assert door is not None
    loop.run_until_complete(door(scope, receive, send))
    assert sent == []
    conversation.refresh_from_db()
    assert conversation.last_seq == 1


def test_nothing_is_read_beyond_the_limit(loop, bos):
    asked = 0

    async def receive():
        nonlocal asked
        asked += 1
        return {"type": "http.request", "body": b"x" * 65536, "more_body": True}

    sent: list[dict] = []

    async def send(event):
        sent.append(event)

    scope = {
        "type": "http", "method": "POST", "path": "/api/v1/conversations", "query_string": b"",
        "headers": [(b"authorization", f"Bearer {bos.secret}".encode()), (b"content-type", b"application/json")],
    }  # fmt: skip
    door = hot.match(scope)
    assert door is not None
    loop.run_until_complete(asyncio.wait_for(door(scope, receive, send), 20))
    assert sent[0]["status"] == 413
    assert asked <= 17


def test_the_use_of_a_token_is_written_down_at_most_once_a_minute(raw, loop, bos):
    from careline.accounts.models import Token
    from careline.api import used

    used._marked.clear()
    knocking = raw(bos)
    knocking.get("conversations")
    loop.run_until_complete(loop.shutdown_default_executor())
    first = Token.objects.get().last_used_at
    assert first is not None
    knocking.get("conversations")
    assert Token.objects.get().last_used_at == first
