"""The way from the event loop into a thread and back: once each for a page, piece by piece for what is long."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest

from careline.kit import threads
from careline.kit.threads import IN_MEMORY, PIECE, REFUSED, Threads

HEADERS = [("Content-Type", "text/plain"), ("X-Name", "Zoë")]


class Asked:
    """One request: what is sent in, and what came back."""

    def __init__(self, *bodies: bytes, gone: bool = False) -> None:
        self.bodies, self.gone = list(bodies or [b""]), gone
        self.told: list[dict[str, Any]] = []
        self.scope = {
            "type": "http", "http_version": "1.1", "method": "POST", "path": "/a b", "query_string": b"q=1",
            "headers": [(b"x-one", b"1"), (b"cookie", b"a=b")], "scheme": "http", "server": ("127.0.0.1", 80),
            "client": ("127.0.0.1", 5),
        }  # fmt: skip

    async def receive(self) -> dict[str, Any]:
        if self.bodies:
            piece = self.bodies.pop(0)
            return {"type": "http.request", "body": piece, "more_body": bool(self.bodies) or self.gone}
        return {"type": "http.disconnect"}

    async def send(self, message: dict[str, Any]) -> None:
        self.told.append(message)

    def of(self, app: Any) -> list[dict[str, Any]]:
        asyncio.run(Threads(app, 2)(self.scope, self.receive, self.send))
        return self.told


def test_a_page_comes_back_in_one_piece():
    seen: dict[str, Any] = {}

    def app(environ, start):
        seen.update(environ, thread=threading.current_thread(), read=environ["wsgi.input"].read())
        start("201 Created", HEADERS)
        return [b"one ", b"two"]

    head, body = Asked(b"ab", b"cd").of(app)
    assert head == {
        "type": "http.response.start",
        "status": 201,
        "headers": [(b"content-type", b"text/plain"), (b"x-name", "Zoë".encode("latin-1"))],
    }
    assert (body["body"], body.get("more_body", False)) == (b"one two", False)
    assert (seen["PATH_INFO"], seen["QUERY_STRING"], seen["HTTP_X_ONE"], seen["read"]) == ("/a b", "q=1", "1", b"abcd")
    assert seen["thread"] is not threading.main_thread()


def test_what_is_long_goes_piece_by_piece_and_is_closed():
    closed = threading.Event()

    class Long:
        def __iter__(self) -> Iterator[bytes]:
            return (b"x" * 100_000 for _ in range(20))

        def close(self) -> None:
            closed.set()

    def app(environ, start):
        start("200 OK", HEADERS)
        return Long()

    _head, *pieces = Asked().of(app)
    assert sum(len(piece["body"]) for piece in pieces) == 2_000_000
    assert all(len(piece["body"]) < PIECE + 100_000 for piece in pieces)
    assert [piece["more_body"] for piece in pieces][-2:] == [True, False]
    assert closed.wait(60)


def length(environ, start):
    start("200 OK", HEADERS)
    return [f"{len(environ['wsgi.input'].read())} of {environ['CONTENT_LENGTH']}".encode()]


def test_a_long_body_waits_in_a_file_and_its_length_is_known():
    [_head, body] = Asked(b"x" * IN_MEMORY, b"y" * 10, b"z" * 500_000).of(length)
    assert body["body"] == b"%d of %d" % (IN_MEMORY + 500_010, IN_MEMORY + 500_010)


def refused(environ, start):
    start(f"{environ[REFUSED].status} No", HEADERS)
    return [str(environ[REFUSED]).encode(), environ["wsgi.input"].read()]


def test_a_body_that_is_too_long_is_told_to_the_application():
    asked = Asked(b"x" * 3_000_000, b"y" * 3_000_000)
    asyncio.run(Threads(refused, 2, lambda _scope: 4 * 1024 * 1024)(asked.scope, asked.receive, asked.send))
    assert (asked.told[0]["status"], asked.told[1]["body"]) == (413, b"A request may have at most 4 MB here.")


def test_who_sends_slowly_keeps_no_thread_and_is_not_waited_for(monkeypatch):
    monkeypatch.setattr(threads, "PATIENCE", 0.2)

    async def stalled(asked: Asked) -> dict[str, Any]:
        if not asked.bodies:
            await asyncio.Event().wait()  # which never comes
        return {"type": "http.request", "body": asked.bodies.pop(), "more_body": True}

    async def all_of_them() -> list[Asked]:
        pages = Threads(refused, 1)
        slow, quick = [Asked(b"x" * 100_000) for _n in range(6)], Asked(b"")
        waiting = [asyncio.create_task(pages(one.scope, partial(stalled, one), one.send)) for one in slow]
        while any(one.bodies for one in slow):
            await asyncio.sleep(0)
        pages.app = length
        await pages(quick.scope, quick.receive, quick.send)
        assert quick.told[1]["body"] == b"0 of 0"
        pages.app = refused
        await asyncio.gather(*waiting)
        return slow

    assert [one.told[0]["status"] for one in asyncio.run(all_of_them())] == [408] * 6


def test_who_has_gone_is_not_answered():
    assert Asked(b"half", gone=True).of(lambda environ, start: pytest.fail("nobody is there")) == []


def test_a_fault_is_the_servers_and_closes_what_was_begun():
    closed = threading.Event()

    class Broken:
        def __iter__(self) -> Iterator[bytes]:
            yield b"so far"
            raise RuntimeError("broken")

        def close(self) -> None:
            closed.set()

    def app(environ, start):
        start("200 OK", HEADERS)
        return Broken()

    with pytest.raises(RuntimeError, match="broken"):
        Asked().of(app)
    assert closed.is_set()


def test_what_breaks_off_while_it_goes_out_is_closed_too():
    closed = threading.Event()

    class Long:
        def __iter__(self) -> Iterator[bytes]:
            return iter([b"x" * PIECE] * 3)

        def close(self) -> None:
            closed.set()

    def app(environ, start):
        start("200 OK", HEADERS)
        return Long()

    asked = Asked()

    async def lost(message: dict[str, Any]) -> None:
        asked.told.append(message)
        if len(asked.told) == 2:
            raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        asyncio.run(Threads(app, 2)(asked.scope, asked.receive, lost))
    assert closed.wait(60)
