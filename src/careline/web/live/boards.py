"""Open boards: one look at the house for all of them, drawn once for each language and reach, and only what changed.

A change is shown within two seconds; between two looks as much time passes as keeps them cheap, however much happens.
"""

from __future__ import annotations

import asyncio
import logging
import time
from typing import Any, Protocol

import msgspec
from django.utils import translation

from careline.accounts.actor import Actor
from careline.insights.live import figures, looks
from careline.insights.live import queries as boards
from careline.kit import bus, clock, pool
from careline.service.conversations.hot import announce
from careline.service.routing import offering, presence
from careline.web.board import drawn
from careline.web.board.drawn import Drawn

# The first news waits so long for others.
GATHER_S = 1.0
# Time itself changes figures, news or not.
TICK_S = 5.0
# What runs over all that is open.
SELDOM_S = 15.0
# Looks and drawing take at most this share of one core; an overloaded house is told of later, not slowed down.
SHARE = 0.1
TOPICS = (announce.TOPIC, offering.WAKE, offering.TOPIC, presence.TOPIC)
_log = logging.getLogger(__name__)
Group = tuple[str, tuple[int, ...]]


class Window(Protocol):
    actor: Actor
    language: str

    def draw(self, frame: bytes) -> None: ...


class Boards:
    """Asks nothing while nobody looks at a board."""

    def __init__(self) -> None:
        self.windows: dict[Window, Group | None] = {}
        self._last: dict[Group, Drawn] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._leave: list[Any] = []
        self._seen: looks.Seen | None = None
        self._whole_at = 0.0

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()

        def heard(_topic: str, _message: dict[str, Any]) -> None:
            if self.windows:
                loop.call_soon_threadsafe(self._wake.set)

        self._leave = [bus.subscribe(topic, heard) for topic in TOPICS]
        self._task = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        for leave in self._leave:
            leave()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def watch(self, window: Window, actor: Actor) -> bool:
        """From now on; the whole board comes first. False where the board is not theirs to see."""
        if not actor.may("board.view"):
            return False
        self.windows[window] = None
        self._wake.set()
        return True

    def leave(self, window: Window) -> None:
        self.windows.pop(window, None)

    async def _listen(self) -> None:
        while True:
            try:
                await asyncio.wait_for(self._wake.wait(), TICK_S if self.windows else None)
                fresh = None in self.windows.values()
                await asyncio.sleep(0 if fresh else GATHER_S)
            except TimeoutError:
                pass
            self._wake.clear()
            if not self.windows:
                continue
            began = time.process_time()
            try:
                await self.look()
            except asyncio.CancelledError:
                raise
            except Exception as error:
                _log.warning("The board cannot be looked at at the moment: %s", type(error).__name__)
            spent = time.process_time() - began
            await asyncio.sleep(max(0.0, spent / SHARE - GATHER_S))

    async def look(self) -> None:
        whole = self._seen is None or time.monotonic() - self._whole_at >= SELDOM_S
        async with pool.connection() as conn:
            seen = await looks.alook(conn, clock.now(), None if whole else self._seen)
        if seen is None:
            return
        self._seen = seen
        if whole:
            self._whole_at = time.monotonic()
        groups: dict[Group, list[tuple[Window, bool]]] = {}
        for window, told in list(self.windows.items()):
            group = window.language, boards.seen_by(window.actor)
            groups.setdefault(group, []).append((window, told != group))
        for group, watching in groups.items():
            self._tell(group, watching, seen)
        self._last = {group: drawn for group, drawn in self._last.items() if group in groups}

    def _tell(self, group: Group, watching: list[tuple[Window, bool]], seen: looks.Seen) -> None:
        language, inboxes = group
        with translation.override(language):
            now = drawn.drawn(figures.board(seen, inboxes))
        before, self._last[group] = self._last.get(group), now
        frames: dict[bool, bytes | None] = {}
        for window, is_fresh in watching:
            if is_fresh not in frames:
                frames[is_fresh] = frame(now, None if is_fresh else before, seen)
            if (told := frames[is_fresh]) is not None:
                window.draw(told)
            if window in self.windows:
                self.windows[window] = group


def frame(now: Drawn, before: Drawn | None, seen: looks.Seen) -> bytes | None:
    """All of it, or what is other than before; None when nothing is."""
    parts = now.parts
    if before is not None:
        parts = {name: html for name, html in now.parts.items() if before.parts.get(name) != html}
        if not parts and (now.queues, now.people) == (before.queues, before.people):
            return None
    return msgspec.json.encode(
        {"type": "board", "at": seen.at, "parts": parts, "board-queues": now.queues, "board-people": now.people}
    )


open_boards = Boards()
