"""Django in a few fixed threads: a request goes there once and its answer comes back once."""

from __future__ import annotations

import asyncio
import contextvars
import io
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import msgspec
from a2wsgi.wsgi import Body, build_environ

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Wsgi = Callable[[Any, Callable[..., Any]], Iterable[bytes]]

# Bytes of a body that are read before a thread is taken; of a longer one the rest is fetched while the thread reads.
AT_ONCE = 64 * 1024
# Bytes that go back in one piece; a page is one, a file is many.
PIECE = 256 * 1024


class Answer(msgspec.Struct):
    status: int
    headers: list[tuple[bytes, bytes]]
    piece: bytes
    rest: Iterator[bytes] | None
    close: Callable[[], None]


class Threads:
    """An application of one thread a request, seen from the event loop.

    The library's own way back hands over head, body and end one by one, each time waiting for the loop: on a page that
    costs as much as its statements do.
    """

    def __init__(self, app: Wsgi, count: int) -> None:
        self.app = app
        self.pool = ThreadPoolExecutor(count, thread_name_prefix="pages")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        body = await _body(loop, receive)
        if body is None:
            return
        environ = build_environ(scope, body)  # type: ignore[arg-type]  # its own name for the same mapping
        answer = await loop.run_in_executor(self.pool, partial(contextvars.copy_context().run, self._begin, environ))
        await send({"type": "http.response.start", "status": answer.status, "headers": answer.headers})
        if answer.rest is None:
            await send({"type": "http.response.body", "body": answer.piece})
            return
        try:
            await send({"type": "http.response.body", "body": answer.piece, "more_body": True})
            more = True
            while more:
                piece, more = await loop.run_in_executor(self.pool, _gathered, answer.rest)
                await send({"type": "http.response.body", "body": piece, "more_body": more})
        finally:
            # Also when whoever asked has gone.
            self.pool.submit(answer.close)

    def _begin(self, environ: Any) -> Answer:
        head: list[Any] = []

        def start(status: str, headers: list[tuple[str, str]], error: object = None) -> None:
            head[:] = status, headers

        made = self.app(environ, start)
        close = getattr(made, "close", _nothing)
        rest = iter(made)
        try:
            piece, more = _gathered(rest)
        except BaseException:
            close()
            raise
        if not more:
            close()
        headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in head[1]]
        return Answer(int(head[0][:3]), headers, piece, rest if more else None, close)


def _nothing() -> None:
    """What need not be closed."""


def _gathered(pieces: Iterator[bytes]) -> tuple[bytes, bool]:
    """As much as goes back at once, and whether there may be more."""
    found, size = [], 0
    for piece in pieces:
        found.append(piece)
        size += len(piece)
        if size >= PIECE:
            return b"".join(found), True
    return b"".join(found), False


async def _body(loop: asyncio.AbstractEventLoop, receive: Receive) -> io.BytesIO | Body | None:
    """What was sent; None when whoever sent it has gone."""
    read = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        read += message.get("body", b"")
        if not message.get("more_body"):
            return io.BytesIO(read)
        if len(read) >= AT_ONCE:
            body = Body(loop, receive)  # type: ignore[arg-type]
            body.buffer += read
            return body
