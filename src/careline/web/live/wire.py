"""One WebSocket: frames in and out as JSON, a bounded queue between the hub and a slow line."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from typing import Any

import msgspec
from django.utils.translation import gettext as _

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

QUEUE = 256
FRAME_LIMIT = 256 * 1024
# "Try again later", as programs know it.
AWAY = 1013
RELOAD = b'{"type":"reload"}'


def no_such_frame(type_: str) -> str:
    return _("There is no frame of type “%(type)s”.") % {"type": type_[:40]}


class Gone(Exception):
    """The other side has left."""


class Socket:
    """A line that falls behind is not waited for: its queue is emptied and it is told to load afresh."""

    def __init__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scope = scope
        self._receive, self._send = receive, send
        self._queue: asyncio.Queue[bytes] = asyncio.Queue(QUEUE)
        self._writer: asyncio.Task[None] | None = None

    @property
    def address(self) -> str:
        return str((self.scope.get("client") or ("",))[0])

    def header(self, name: bytes) -> str:
        for key, value in self.scope["headers"]:
            if key == name:
                return str(value.decode("latin-1"))
        return ""

    def same_origin(self) -> bool:
        """Browsers name the page's origin; another site's page must not speak with our cookies."""
        origin = self.header(b"origin")
        return origin.partition("://")[2] == self.header(b"host") if origin else True

    async def accept(self) -> None:
        if (await self._receive())["type"] != "websocket.connect":
            raise Gone
        await self._send({"type": "websocket.accept"})
        self._writer = asyncio.create_task(self._write())

    async def refuse(self, code: int, reason: str) -> None:
        """Accept and close with the reason: a browser cannot read why a handshake failed."""
        if (await self._receive())["type"] != "websocket.connect":
            return
        await self._send({"type": "websocket.accept"})
        await self._send({"type": "websocket.close", "code": code, "reason": reason})

    async def close(self, code: int = 1000, reason: str = "") -> None:
        if self._writer is not None:
            self._writer.cancel()
        with contextlib.suppress(Exception):
            await self._send({"type": "websocket.close", "code": code, "reason": reason})

    def push(self, frame: bytes) -> None:
        try:
            self._queue.put_nowait(frame)
        except asyncio.QueueFull:
            while not self._queue.empty():
                self._queue.get_nowait()
            self._queue.put_nowait(RELOAD)

    def tell(self, **frame: Any) -> None:
        self.push(msgspec.json.encode(frame))

    async def _write(self) -> None:
        with contextlib.suppress(Exception):  # a broken line is noticed by the reading side
            while True:
                frame = await self._queue.get()
                await self._send({"type": "websocket.send", "text": frame.decode()})

    async def frames(self) -> AsyncIterator[dict[str, Any]]:
        """What the other side says, until it leaves; nonsense is answered in words and skipped."""
        try:
            while True:
                event = await self._receive()
                if event["type"] != "websocket.receive":
                    return
                text = event.get("text") or ""
                try:
                    if len(text) > FRAME_LIMIT:
                        raise ValueError
                    frame = msgspec.json.decode(text)
                    if not isinstance(frame, dict) or not isinstance(frame.get("type"), str):
                        raise ValueError
                except (ValueError, msgspec.DecodeError):
                    self.tell(type="error", error=_("A frame is a JSON object with a type, at most 256 kB long."))
                    continue
                yield frame
        finally:
            if self._writer is not None:
                self._writer.cancel()
