"""A line that is asked for while the database is away: closed with the code for "later", and no fault of ours."""

from __future__ import annotations

from contextlib import asynccontextmanager

import psycopg
import pytest

from careline.kit import pool
from careline.web import live


@pytest.fixture
def away(monkeypatch):
    @asynccontextmanager
    async def connection():
        raise psycopg.OperationalError("gone")
        yield

    monkeypatch.setattr(pool, "connection", connection)


async def told(socket, *given, headers=()):
    """What a window that connects is told."""
    sent = []

    async def receive():
        return {"type": "websocket.connect"}

    async def send(message):
        sent.append(message)

    await socket({"type": "websocket", "headers": list(headers), "path": "/"}, receive, send, *given)
    return [(message["type"], message.get("code"), message.get("reason")) for message in sent]


async def test_a_visitor_is_asked_to_come_again(away):
    answer = await told(live.visitor_socket, "shop-chat")
    assert answer == [("websocket.accept", None, None), ("websocket.close", 1013, "")]


async def test_a_desk_is_asked_to_come_again(away):
    answer = await told(live.agent_socket, headers=[(b"authorization", b"Bearer cl_any")])
    assert answer[1] == ("websocket.close", 1013, "The database does not answer just now. Try again in a moment.")
