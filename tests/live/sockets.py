"""Both ends of a conversation as programs hold them: a visitor's socket and a desk's."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import websockets

from tests.house import House
from tests.live.firm import Chat, Staff

# What must come, on a machine that has other work to do.
PATIENCE = 60.0


class Line:
    """One socket; frames are waited for by type, and what else came is kept."""

    def __init__(self, socket: websockets.ClientConnection) -> None:
        self.socket = socket
        self.frames: list[dict[str, Any]] = []

    async def send(self, **frame: Any) -> None:
        await self.socket.send(json.dumps(frame))

    async def next(self) -> dict[str, Any]:
        frame: dict[str, Any] = json.loads(await asyncio.wait_for(self.socket.recv(), PATIENCE))
        self.frames.append(frame)
        return frame

    async def until(self, type_: str, /, **wanted: Any) -> dict[str, Any]:
        while True:
            frame = await self.next()
            if frame["type"] == type_ and all(frame.get(name) == value for name, value in wanted.items()):
                return frame

    async def settled(self) -> list[dict[str, Any]]:
        """Everything said before now: a pong comes after all of it."""
        begun = len(self.frames)
        await self.send(type="ping")
        await self.until("pong")
        return self.frames[begun:-1]

    async def ended(self) -> tuple[int, str]:
        """How the other side closed the line."""
        try:
            async with asyncio.timeout(PATIENCE):
                while True:
                    self.frames.append(json.loads(await self.socket.recv()))
        except websockets.ConnectionClosed as closed:
            assert closed.rcvd is not None
            return closed.rcvd.code, closed.rcvd.reason

    async def drop(self) -> None:
        """As a train into a tunnel: no goodbye."""
        self.socket.transport.abort()

    async def leave(self) -> None:
        await self.socket.close()


def address(house: House, path: str) -> str:
    return house.url.replace("http", "ws", 1) + path


async def desk(staff: Staff, *, origin: str | None = "", token: str = "", session: str | None = None) -> Line:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    if not token:
        headers["Cookie"] = f"careline_session={staff.session if session is None else session}"
    origin = staff.house.url if origin == "" else origin
    return Line(
        await websockets.connect(
            address(staff.house, "/ws/agent"),
            additional_headers=headers,
            origin=origin,
            proxy=None,
            max_size=None,
            open_timeout=PATIENCE,
        )
    )


async def visit(house: House, key: str, **hello: Any) -> Line:
    """A visitor who has said hello and was welcomed."""
    line = await knock(house, key)
    await line.send(type="hello", **hello)
    await line.until("welcome")
    return line


async def knock(house: House, key: str, origin: str | None = None, language: str = "en") -> Line:
    headers = {"Accept-Language": language}
    path = address(house, f"/ws/visitor/{key}")
    return Line(
        await websockets.connect(path, additional_headers=headers, origin=origin, proxy=None, open_timeout=PATIENCE)
    )


async def say(line: Line, body: str, client: str) -> dict[str, Any]:
    await line.send(type="message", client_id=client, body=body)
    return await line.until("ack", client_id=client)


class Desk:
    """What a desk's window keeps: rows by conversation, the lines of the open thread, the counts beside the views."""

    def __init__(self, staff: Staff) -> None:
        self.staff = staff
        self.rows: dict[str, tuple[str, str]] = {}
        self.lines: dict[int, str] = {}
        self.watched = ""
        self.seqs: dict[str, int] = {}
        self.trouble: list[str] = []
        self.line: Line | None = None
        self.reading: asyncio.Task[None] | None = None
        page = staff.browser.get("/desk?view=all").text
        self.cursor = re.search(r'data-cursor="([^"]+)"', page)[1]
        self.rows = rows_in(page)

    def open(self, conversation: str) -> None:
        self.watched, self.lines = conversation, lines_of(self.staff, conversation)

    async def connect(self) -> None:
        self.line = await desk(self.staff)
        await self.line.until("welcome")
        await self.line.send(type="watch", conversation=self.watched or None)
        unread = [one for one, (_at, row) in self.rows.items() if 'class="row unread"' in row]
        await self.line.send(type="resume", cursor=self.cursor, unread=unread, seq=max(self.lines, default=0))
        self.reading = asyncio.create_task(self._read())

    async def drop(self) -> None:
        assert self.reading is not None
        assert self.line is not None
        self.reading.cancel()
        await self.line.drop()
        # Numbers follow each other on one line only.
        self.seqs.clear()

    async def _read(self) -> None:
        assert self.line is not None
        while True:
            try:
                self.take(json.loads(await self.line.socket.recv()))
            except websockets.ConnectionClosed:
                return

    def take(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "conversation":
                self.cursor = frame["cursor"]
                self.changed(frame)
            case "resumed":
                self.cursor = frame["cursor"]
                for one in frame["gone"]:
                    self.rows.pop(one, None)
            case "reload":
                page = self.staff.browser.get("/desk?view=all").text
                self.rows = rows_in(page)
                if self.watched:
                    self.lines = lines_of(self.staff, self.watched)

    def changed(self, frame: dict[str, Any]) -> None:
        one, seq = frame["conversation"], frame["seq"]
        if not frame.get("replayed"):
            had = self.seqs.get(one)
            if had is not None and seq > had + 1:
                self.trouble.append(f"{one}: {seq} came after {had}")
        self.seqs[one] = max(seq, self.seqs.get(one, 0))
        if frame["html"]:
            self.rows.pop(one, None)
            if frame["state"] == "open":
                self.rows |= rows_in(frame["html"])
        if one != self.watched:
            return
        if frame.get("replayed"):
            self.lines = lines_of(self.staff, one)
        elif frame["line"]:
            # What became of an earlier line comes under the newest number.
            self.lines |= lines_in(frame["line"])

    def shown(self) -> list[str]:
        return [html for _at, html in sorted(self.rows.values(), reverse=True)]


def squeezed(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r' aria-current="true"', "", html)).strip()


def rows_in(html: str) -> dict[str, tuple[str, str]]:
    """Rows of a list by their conversation, each with its place in the order."""
    found = {}
    for row in re.findall(r'<li id="conversation-\d+".*?</li>', html, re.DOTALL):
        one = re.search(r'id="conversation-(\d+)"', row)[1]
        at = re.search(r'data-at="([^"]+)"', row)[1]
        found[one] = (f"{at} {int(one):020}", squeezed(row))
    return found


def lines_of(staff: Staff, conversation: str) -> dict[int, str]:
    """The lines of a thread as a fresh page shows them."""
    return lines_in(staff.browser.get(f"/desk/{conversation}/since?after=0").text)


def lines_in(html: str) -> dict[int, str]:
    pieces = re.findall(r'<(?:article|p class="event").*?(?:</article>|</p>(?=\s*(?:<|$)))', html, re.DOTALL)
    return {int(re.search(r'data-seq="(\d+)"', piece)[1]): squeezed(piece) for piece in pieces}


def chat_url(house: House, chat: Chat) -> str:
    return f"{house.url}/chat/{chat.key}"
