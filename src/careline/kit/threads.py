"""Django in a few fixed threads: a request goes there once and its answer comes back once."""

from __future__ import annotations

import asyncio
import contextvars
import errno
import io
import tempfile
from collections.abc import Awaitable, Callable, Iterable, Iterator, MutableMapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import IO, Any

import msgspec
from a2wsgi.wsgi import build_environ
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused, TooLarge, TooSlow

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Wsgi = Callable[[Any, Callable[..., Any]], Iterable[bytes]]

# Bytes of a body that wait in memory; a longer one waits in a file without a name.
IN_MEMORY = 1024 * 1024
# Bytes a body may have where nothing else is said.
AT_MOST = 26 * 1024 * 1024
# Seconds in which the next piece of a body comes, or it is not waited for.
PATIENCE = 30.0
# Under this name the application finds why it does not get a body.
REFUSED = "careline.refused"
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
    costs as much as its statements do. A body is there whole before a thread is taken: whoever sends slowly keeps
    nobody waiting. `most` says how long it may be.
    """

    def __init__(self, app: Wsgi, count: int, most: Callable[[Scope], int] = lambda _scope: AT_MOST) -> None:
        self.app, self.most = app, most
        self.pool = ThreadPoolExecutor(count, thread_name_prefix="pages")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        body: IO[bytes] = io.BytesIO()
        refusal: Refused | None = None
        try:
            found = await _body(receive, self.most(scope))
        except Refused as refused:
            refusal = refused
        else:
            if found is None:
                return
            body = found
        environ = _environ(scope, body, refusal)
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


async def _body(receive: Receive, most: int) -> IO[bytes] | None:
    """What was sent; None when whoever sent it has gone, Refused when it is not to be waited for."""
    read: IO[bytes] = tempfile.SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # whoever reads it is done with it last
    while True:
        try:
            async with asyncio.timeout(PATIENCE):
                message = await receive()
        except TimeoutError:
            raise TooSlow(_("The request stopped arriving. Send it again.")) from None
        if message["type"] == "http.disconnect":
            return None
        piece = message.get("body", b"")
        if read.tell() + len(piece) > most:
            raise TooLarge(_("A request may have at most %(most)s MB here.") % {"most": most // (1024 * 1024)})
        try:
            read.write(piece)
        except OSError as error:
            if error.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
            raise TooLarge(_("The disk is full. The request cannot be taken.")) from error
        if not message.get("more_body"):
            return read


def _environ(scope: Scope, body: IO[bytes], refusal: Refused | None) -> Any:
    environ: Any = build_environ(scope, body)  # type: ignore[arg-type]  # its own names for the same things
    # Also of a body that came in chunks, without its length being said.
    environ.update(CONTENT_LENGTH=str(body.tell()))
    body.seek(0)
    if refusal is not None:
        environ[REFUSED] = refusal
    return environ
