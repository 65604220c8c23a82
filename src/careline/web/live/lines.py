"""Open customers' pages: told that something has happened on the line they show, and nothing of what it was."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, Protocol

import msgspec

from careline.accounts.actor import Actor
from careline.customers.hot import BESIDE
from careline.kit import bus, pool
from careline.kit.statement import Statement

# Many commits make one look: the first of them waits this long.
GATHER_S = 0.1
_log = logging.getLogger(__name__)


class News(msgspec.Struct, frozen=True):
    """The oldest transaction still open, and of each of the people the newest moment since the last look."""

    xmin: str
    last: str


NEWS = Statement(
    """SELECT pg_snapshot_xmin(s)::text, coalesce((SELECT jsonb_object_agg(n.person_id, n.last) FROM (
  SELECT t.person_id, max(t.id::text) AS last FROM touchpoints_touchpoint t
  WHERE t.xid >= %(xmin)s::text::xid8 AND t.person_id = ANY(%(people)s::bigint[]) GROUP BY t.person_id) n), '{}')::text
FROM pg_current_snapshot() s""",
    News,
)
_last = msgspec.json.Decoder(dict[str, str])


class Window(Protocol):
    """Whoever shows a customer's line."""

    people: frozenset[int]

    def news(self) -> None: ...


class Lines:
    """Asks nothing while nobody looks at a customer's page."""

    def __init__(self) -> None:
        self.windows: set[Window] = set()
        self._xmin = ""
        self._told: dict[str, str] = {}
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        self._leave: Any = None

    def start(self) -> None:
        loop = asyncio.get_running_loop()
        self._wake = asyncio.Event()

        def heard(_topic: str, _message: dict[str, Any]) -> None:
            loop.call_soon_threadsafe(self._wake.set)

        self._leave = bus.subscribe("touchpoints", heard)
        self._task = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        if self._leave is not None:
            self._leave()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def watch(self, window: Window, actor: Actor, person_id: int | None) -> None:
        """From now on this line, if it is one the viewer sees; with nothing, none."""
        self.windows.discard(window)
        window.people = frozenset()
        if person_id is None:
            return
        async with pool.connection() as conn:
            found = await BESIDE.aone(conn, person=person_id, allowed=actor.may("customers.view"))
            if found is None:
                return
            window.people = frozenset(found.ids)
            if not self.windows:
                seen = await NEWS.aone(conn, xmin=str(2**62), people=[])
                self._xmin, self._told = seen.xmin if seen else "0", {}
        self.windows.add(window)

    async def _listen(self) -> None:
        while True:
            await self._wake.wait()
            await asyncio.sleep(GATHER_S)
            self._wake.clear()
            try:
                await self._look()
            except asyncio.CancelledError:
                raise
            except Exception:
                _log.warning("The lines cannot be looked at at the moment.")

    async def _look(self) -> None:
        people = {person for window in self.windows for person in window.people}
        if not people:
            return
        async with pool.connection() as conn:
            found = await NEWS.aone(conn, xmin=self._xmin, people=sorted(people))
        if found is None:
            return
        self._xmin = found.xmin
        last = _last.decode(found.last)
        # While a transaction stays open the same moments are found again.
        fresh = {int(person) for person, moment in last.items() if self._told.get(person) != moment}
        self._told = last
        for window in list(self.windows):
            if fresh & window.people:
                window.news()


lines = Lines()
