"""One request at a raw door: read within limits, answered in one piece."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from careline.api import reading
from careline.api.problems import Answer

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

_JSON = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]


class Gone(Exception):
    """The client hung up before it had said everything."""


class Request:
    __slots__ = ("body", "headers", "path", "query", "receive", "scope", "too_large")

    def __init__(self, scope: Scope, receive: Receive) -> None:
        self.scope = scope
        self.receive = receive
        self.path: str = scope["path"]
        # Of a repeated header the last counts, as it does at Django's door.
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        self.query: str = scope["query_string"].decode("latin-1")
        self.body = b""
        self.too_large = False

    @property
    def address(self) -> str:
        return str((self.scope.get("client") or ("",))[0])

    def header(self, name: bytes) -> str | None:
        found = self.headers.get(name)
        return None if found is None else found.decode("latin-1")

    async def read(self) -> None:
        """All of the body, or as much as shows that it is too large."""
        said = self.headers.get(b"content-length", b"")
        if said.isdigit() and int(said) > reading.LARGEST:
            self.too_large = True
            return
        pieces: list[bytes] = []
        size = 0
        while True:
            event = await self.receive()
            if event["type"] != "http.request":
                raise Gone
            piece = event.get("body", b"")
            size += len(piece)
            if size > reading.LARGEST:
                self.too_large = True
                return
            pieces.append(piece)
            if not event.get("more_body", False):
                break
        self.body = pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def again_scope(self) -> Scope:
        """The request as if it had come in one piece, whose length is known."""
        length = (b"content-length", b"%d" % len(self.body))
        left_out = (b"content-length", b"transfer-encoding")
        headers = [given for given in self.scope["headers"] if given[0] not in left_out]
        return {**self.scope, "headers": [*headers, length] if self.body else headers}

    async def again(self) -> MutableMapping[str, Any]:
        """For an application that reads the body from the start."""
        return {"type": "http.request", "body": self.body, "more_body": False}


def ok(body: bytes, status: int = 200) -> Answer:
    return Answer(status, body, {})


async def answered(answer: Answer, send: Send) -> None:
    headers = [*_JSON, (b"content-length", b"%d" % len(answer.body))]
    if answer.headers:
        given = {name.lower().encode(): value.encode("latin-1") for name, value in answer.headers.items()}
        headers = [(name, value) for name, value in headers if name not in given] + list(given.items())
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
