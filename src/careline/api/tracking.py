"""The tracking API, `/v1/…`: events as Segment's clients send them, durable before they are acknowledged.

The event loop reads; two threads of their own take in, each with its lasting connection. What waits when one of them is
free goes in one transaction, so that many clients cost hardly more than one. When more waits than they can do soon, the
next request is told when to come again: nothing is dropped and nothing piles up.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import logging
import threading
import time
import zlib
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any, NamedTuple

import django.db
import msgspec

from careline.api import problems
from careline.api.problems import NotKnown
from careline.api.wire import App, Gone, Receive, Scope, Send
from careline.kit import clock, outages
from careline.kit.refusals import Refused, TooMany
from careline.tracking import hot, limits, reading

ROOT = "/v1/"
# One reads while the other waits for the database.
THREADS = 2
# Requests that go together at most: whoever came last waits for all of them.
TOGETHER = 8
# Requests read and not yet taken; beyond that a client waits at home.
WAITING = 48
# One source may use this much, as others of its kind do.
A_SECOND = 1000
TYPES = {"identify": "identify", "i": "identify", "track": "track", "t": "track", "page": "page", "p": "page",
    "screen": "screen", "s": "screen", "group": "group", "g": "group", "alias": "alias", "a": "alias", "batch": "",
    "b": "", "import": ""}  # fmt: skip
SUCCESS = b'{"success":true}'
# A compressed body is opened piece by piece, and no further than is allowed.
_PIECE = 64 * 1024
_ANY_ORIGIN = (b"access-control-allow-origin", b"*")
_PREFLIGHT = [
    _ANY_ORIGIN,
    (b"access-control-allow-methods", b"POST, OPTIONS"),
    (b"access-control-allow-headers", b"authorization, content-type, content-encoding, x-write-key"),
    (b"access-control-max-age", b"86400"),
    (b"content-length", b"0"),
]
_log = logging.getLogger(__name__)


class _Waiting(NamedTuple):
    headers: dict[bytes, bytes]
    type: str
    body: bytes | None
    answered: asyncio.Future[None]


class _Room:
    """Who is inside, who waits, and how often each source has knocked in this second."""

    def __init__(self) -> None:
        self.threads: ThreadPoolExecutor | None = None
        self.waiting: deque[_Waiting] = deque()
        self.lock = threading.Lock()
        self.at_work = 0
        self.inside = 0
        self.second = 0
        self.knocked: dict[str, int] = {}

    def enter(self) -> None:
        if self.inside >= WAITING:
            raise TooMany("More events are coming in than can be written. Send this again in a second.", retry_after=1)
        self.inside += 1

    def knock(self, key: str) -> None:
        now = int(time.time())
        if now != self.second:
            self.second, self.knocked = now, {}
        count = self.knocked[key] = self.knocked.get(key, 0) + 1
        if count > A_SECOND:
            raise TooMany(f"A source may send {A_SECOND} requests a second.", retry_after=1)

    def join(self, one: _Waiting) -> None:
        with self.lock:
            self.waiting.append(one)
            if self.at_work == THREADS:
                return
            self.at_work += 1
        self.pool().submit(self.work)

    def work(self) -> None:
        """In a thread, for as long as anybody waits."""
        while group := self.next():
            _answer_all(group)

    def next(self) -> list[_Waiting]:
        with self.lock:
            group = [self.waiting.popleft() for _n in range(min(TOGETHER, len(self.waiting)))]
            if not group:
                self.at_work -= 1
            return group

    def pool(self) -> ThreadPoolExecutor:
        if self.threads is None:
            self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="tracking")
        return self.threads


room = _Room()


def match(scope: Scope) -> App | None:
    path: str = scope["path"]
    return door if path.startswith(ROOT) and path[len(ROOT) :].rstrip("/") in TYPES else None


async def door(scope: Scope, receive: Receive, send: Send) -> None:
    method = scope["method"]
    if method == "OPTIONS":
        await send({"type": "http.response.start", "status": 204, "headers": _PREFLIGHT})
        await send({"type": "http.response.body", "body": b""})
        return
    try:
        if method != "POST":
            raise problems.WrongMethod("POST, OPTIONS")
        answer = await _taken(scope, receive)
    except Gone:
        return
    except Exception as error:
        answer = _told(error)
    await _answer(send, *answer)


async def _taken(scope: Scope, receive: Receive) -> tuple[int, bytes, dict[str, str]]:
    headers = dict(scope["headers"])
    # Whoever is slow to say what they have takes nobody's place.
    body = await _body(receive)
    room.enter()
    try:
        type = TYPES[scope["path"][len(ROOT) :].rstrip("/")]
        answered: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        room.join(_Waiting(headers, type, body, answered))
        await answered
    finally:
        room.inside -= 1
    return 200, SUCCESS, {}


def _answer_all(group: Sequence[_Waiting]) -> None:
    """Each is read by itself, so that what is wrong with one is told to that one; those of a source land together."""
    outcomes: list[tuple[_Waiting, BaseException | None]] = []
    by_source: dict[hot.Source, list[tuple[_Waiting, hot.Read]]] = {}
    known: dict[str, hot.Source | None] = {}
    for one in group:
        try:
            source, read = _read(one, known)
            by_source.setdefault(source, []).append((one, read))
        except Exception as error:
            outcomes.append((one, error))
    for source, pairs in by_source.items():
        wrong = _landed(source, [read for _one, read in pairs])
        if wrong is None or len(pairs) == 1 or isinstance(wrong, (Refused, *outages.LOST)):
            outcomes += [(one, wrong) for one, _read in pairs]
        else:  # one of them is at fault, and the others are not
            outcomes += [(one, _landed(source, [read])) for one, read in pairs]
    group[0].answered.get_loop().call_soon_threadsafe(_tell, outcomes)


def _tell(outcomes: Sequence[tuple[_Waiting, BaseException | None]]) -> None:
    for one, wrong in outcomes:
        if one.answered.cancelled():
            continue
        if wrong is None:
            one.answered.set_result(None)
        else:
            one.answered.set_exception(wrong)


def _landed(source: hot.Source, requests: Sequence[hot.Read]) -> BaseException | None:
    try:
        hot.land(source, requests)
    except Exception as error:
        if isinstance(error, outages.LOST):
            django.db.connection.close()
        return error
    return None


def _read(one: _Waiting, known: dict[str, hot.Source | None]) -> tuple[hot.Source, hot.Read]:
    """Whose it is comes first: a stranger learns nothing else."""
    key = key_of(one.headers)
    source = _source(key, known)
    if key and source is None:
        raise _stranger()
    if one.body is None:
        raise reading.Unreadable("The body is larger than is accepted.")
    packed = one.headers.get(b"content-encoding", b"").lower() in (b"gzip", b"deflate")
    request = reading.opened(inflated(one.body) if packed else one.body, is_batch=not one.type)
    if source is None:
        source = _source(request.around.write_key if isinstance(request.around.write_key, str) else "", known)
    if source is None:
        raise _stranger()
    room.knock(source.name)
    return source, hot.read(source, request, type=one.type, received_at=clock.now())


def _source(key: str, known: dict[str, hot.Source | None]) -> hot.Source | None:
    if key and key not in known:
        known[key] = outages.once_more(lambda: hot.source_of(key))
    return known.get(key)


def _stranger() -> NotKnown:
    return NotKnown("This write key is not known.")


def key_of(headers: dict[bytes, bytes]) -> str:
    """The user of Basic authorization, with or without the colon after it; else of X-Write-Key. Empty: in the body."""
    scheme, _space, token = headers.get(b"authorization", b"").strip().partition(b" ")
    if scheme.lower() == b"basic":
        try:
            return base64.b64decode(token.strip(), validate=True).decode("latin-1").partition(":")[0]
        except (binascii.Error, ValueError):
            return "?"  # nobody's
    return headers.get(b"x-write-key", b"").decode("latin-1").partition(":")[0]


async def _body(receive: Receive) -> bytes | None:
    """All of it, or nothing when it is more than any request may bring; then it is read to its end and thrown away."""
    pieces: list[bytes] = []
    size = 0
    while True:
        event = await receive()
        if event["type"] != "http.request":
            raise Gone
        piece = event.get("body", b"")
        size += len(piece)
        if size <= limits.BATCH:
            pieces.append(piece)
        elif size > 8 * limits.BATCH:
            return None
        if not event.get("more_body", False):
            return b"".join(pieces) if size <= limits.BATCH else None


def inflated(body: bytes) -> bytes:
    """A few kilobytes may hold gigabytes of nothing: it is opened no further than a batch may be long."""
    opener = zlib.decompressobj(wbits=47)  # gzip or zlib, as the first bytes say
    out: list[bytes] = []
    size, rest = 0, body
    try:
        while rest and not opener.eof:
            piece = opener.decompress(rest, _PIECE)
            rest = opener.unconsumed_tail
            size += len(piece)
            if size > limits.BATCH:
                raise reading.Unreadable("A batch may have at most 500 KB.", field="batch")
            out.append(piece)
    except zlib.error:
        raise reading.Unreadable("The body is not valid gzip.") from None
    if not opener.eof:
        raise reading.Unreadable("The body is not valid gzip: it ends early.")
    return b"".join(out)


def _told(error: Exception) -> tuple[int, bytes, dict[str, str]]:
    if isinstance(error, TooMany):
        seconds = error.retry_after or 1
        headers = {"Retry-After": str(seconds), "X-RateLimit-Reset": str(int(time.time()) + seconds)}
        return _refusal(429, error.code, str(error), headers)
    if isinstance(error, Refused):
        return _refusal(error.status, error.code, str(error), dict(problems.of(error).headers))
    answer = problems.of(error)
    detail: Any = msgspec.json.decode(answer.body)
    return _refusal(answer.status, detail["code"], detail["detail"], dict(answer.headers))


def _refusal(status: int, code: str, why: str, headers: dict[str, str]) -> tuple[int, bytes, dict[str, str]]:
    headers.pop("Content-Type", None)
    if status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Basic realm="careline"'
    return status, msgspec.json.encode({"success": False, "code": code, "message": why}), headers


async def _answer(send: Send, status: int, body: bytes, headers: dict[str, str]) -> None:
    given = [(name.lower().encode(), value.encode("latin-1")) for name, value in headers.items()]
    start = [
        (b"content-type", b"application/json"), (b"cache-control", b"no-store"), _ANY_ORIGIN,
        (b"content-length", b"%d" % len(body)), *given,
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": status, "headers": start})
    await send({"type": "http.response.body", "body": body})
