"""The hub: hears of changes, looks each up once, draws it once a language, hands it to those who may see it."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import logging
import time
from typing import Any, Protocol

import msgspec
from django.utils import translation

from careline.accounts.actor import Actor
from careline.customers.hot import ERASED, SCRAPS
from careline.kit import bus, pool
from careline.service.conversations.hot import announce, doors, read, words
from careline.service.conversations.hot.shapes import ListRow, ThreadRow
from careline.service.routing import offering, presence
from careline.web import kept
from careline.web.desk import drawn
from careline.web.live import lining_up
from careline.web.live.boards import open_boards
from careline.web.live.lines import lines

_log = logging.getLogger(__name__)

# A cursor is the oldest transaction still running when it was taken. What was committed before it has been told,
# unless its news was still under way: hence one taken this long ago is handed out.
LAG_S = 5.0
SAMPLE_S = 2.0
# Rows drawn again at most for one batch of people.
PUSHED = 200
# Conversations whose last number is remembered.
TOLD = 10_000


class Listener(Protocol):
    """A window that is told of conversations."""

    language: str
    agent_id: int | None

    def look(self) -> None: ...
    def wants(self, change: dict[str, Any]) -> bool: ...
    def sees(self, row: ListRow) -> bool: ...
    def lose(self, conversation_id: int, cursor: str) -> None: ...
    def show(self, change: dict[str, Any], row: str, lines: dict[int, str], cursor: str) -> None: ...
    def recheck(self, *, missed: bool = False) -> None: ...


class VisitorListener(Protocol):
    conversation_id: int | None
    place: lining_up.Place | None
    person_id: int | None
    inbox_id: int

    def heard(self) -> None: ...
    def stand(self, place: lining_up.Place | None) -> None: ...


class Hub:
    def __init__(self) -> None:
        self.agents: set[Listener] = set()
        self._told: dict[int, int] = {}
        self.visitors: dict[int, set[VisitorListener]] = collections.defaultdict(set)
        self.waking: set[Any] = set()
        self._news: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self._samples: collections.deque[tuple[float, str]] = collections.deque(maxlen=16)
        self._tasks: list[asyncio.Task[None]] = []
        self._leave: list[Any] = []

    async def start(self) -> None:
        loop = asyncio.get_running_loop()

        def heard(_topic: str, message: dict[str, Any]) -> None:
            loop.call_soon_threadsafe(self._news.put_nowait, message)

        def changed(topic: str, message: dict[str, Any]) -> None:
            loop.call_soon_threadsafe(self._recheck, topic, message)

        def at_work(_topic: str, message: dict[str, Any]) -> None:
            loop.call_soon_threadsafe(self._look, frozenset(message.get("agents", ())))

        self._leave = [bus.subscribe(topic, heard) for topic in (announce.TOPIC, SCRAPS)]
        self._leave.append(bus.subscribe("access", changed))
        self._leave += [bus.subscribe(topic, at_work) for topic in (offering.TOPIC, presence.TOPIC)]
        self._leave.append(bus.subscribe(ERASED, lambda _topic, _message: kept.forget()))
        lines.start()
        open_boards.start()
        self._tasks = [
            asyncio.create_task(work) for work in (self._tell_all(), self._sample(), lining_up.tell(self.visitors))
        ]

    async def stop(self) -> None:
        await lines.stop()
        await open_boards.stop()
        for leave in self._leave:
            leave()
        for task in self._tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    def _recheck(self, topic: str, message: dict[str, Any]) -> None:
        """Who may see what has changed, or news may have been missed."""
        missed = topic == bus.GAP
        for listener in list(self.agents):
            listener.recheck(missed=missed)
        if missed:
            for visitor in [one for of_person in self.visitors.values() for one in of_person]:
                visitor.heard()

    def _look(self, agent_ids: frozenset[int]) -> None:
        """What is offered to these, or what they say of themselves, has changed."""
        for listener in self.agents:
            if listener.agent_id in agent_ids:
                listener.look()

    def cursor(self) -> str:
        """Everything committed before it has been told to whoever listens now."""
        past = time.monotonic() - LAG_S
        safe = [xmin for at, xmin in self._samples if at <= past]
        return safe[-1] if safe else (self._samples[0][1] if self._samples else "0")

    async def _sample(self) -> None:
        """Only while somebody listens: an idle installation asks nothing."""
        while True:
            if self.agents:
                await self.sample()
            await asyncio.sleep(SAMPLE_S)

    async def sample(self) -> str:
        try:
            async with pool.connection() as conn:
                found = await read.HORIZON.aone(conn)
        except Exception:
            _log.warning("The database cannot be asked for its horizon at the moment.")
            return self.cursor()
        xmin = found.xmin if found else "0"
        self._samples.append((time.monotonic(), xmin))
        return xmin

    async def _tell_all(self) -> None:
        while True:
            batch = [await self._news.get()]
            while not self._news.empty() and len(batch) < 200:
                batch.append(self._news.get_nowait())
            try:
                await self._tell(batch)
            except asyncio.CancelledError:
                raise
            except Exception:
                _log.exception("Some news could not be told; the windows are asked to load afresh.")
                self._recheck(bus.GAP, {})

    async def _tell(self, batch: list[dict[str, Any]]) -> None:
        for change in batch:
            if change.get("shared") is not None:
                self._wake(change["person"])
            if change.get("regrouped"):
                for person in change["people"]:
                    self._wake(person)
        people = [person for change in batch for person in change.get("people", ())]
        if people and self.agents:
            batch = [*batch, *await self._rows_of(people)]
        heard = [c for c in batch if "id" in c and any(agent.wants(c) for agent in self.agents)]
        if not heard:
            return
        heard.sort(key=lambda change: (change["id"], change["seq"]))
        async with pool.connection() as conn:
            inboxes = list({change["inbox"] for change in heard})
            ids = list({change["id"] for change in heard})
            rows = {row.id: row for row in await read.THESE.aall(conn, ids=ids, **words.whole(inboxes))}
            lines = [await _lines(conn, change, inboxes) for change in heard]
        for change, told in zip(heard, lines, strict=True):
            row = rows.get(change["id"])
            if row is not None:
                self._hand_out(change, row, told)

    def _wake(self, person: int) -> None:
        for visitor in list(self.visitors.get(person, ())):
            visitor.heard()

    async def _rows_of(self, people: list[int]) -> list[dict[str, Any]]:
        """Rows that show these people's line, as changes without words."""
        async with pool.connection() as conn:
            found = await read.OF_PEOPLE.aall(conn, people=people, limit=PUSHED)
        # With the number told last: a message that is written and not yet told comes with its own.
        return [
            announce.change(
                conversation_id=one.id,
                inbox_id=one.inbox_id,
                person_id=one.person_id,
                seq=min(one.last_seq, self._told.get(one.id, one.last_seq)),
                lines=0,
            )
            for one in found
        ]

    def _hand_out(self, change: dict[str, Any], row: ListRow, lines: list[ThreadRow]) -> None:
        cursor = self.cursor()
        if change["lines"]:
            if len(self._told) > TOLD:
                self._told.clear()
            self._told[change["id"]] = change["seq"]
        drawn_in: dict[str, tuple[str, dict[int, str]]] = {}
        for agent in list(self.agents):
            if not agent.wants(change):
                continue
            if not agent.sees(row):
                if any(_hands_over(line) for line in lines):
                    agent.lose(row.id, cursor)
                continue
            if agent.language not in drawn_in:
                with translation.override(agent.language):
                    drawn_in[agent.language] = (
                        str(drawn.row_html(row)),
                        {
                            change["seq"] if "touched" in change else line.seq: str(drawn.message_html(line))
                            for line in lines
                        },
                    )
            agent.show(change | {"row": row}, *drawn_in[agent.language], cursor)


async def _lines(conn: doors.Connection, change: dict[str, Any], inboxes: list[int]) -> list[ThreadRow]:
    """What is new in the thread, or the one line whose status has changed."""
    if "touched" in change:
        return await read.ONE.aall(conn, message=change["touched"])
    if not change["lines"]:
        return []
    return await read.SINCE.aall(
        conn,
        conversation=change["id"],
        after=change["seq"] - change["lines"],
        limit=change["lines"],
        **words.whole(inboxes),
    )


def _hands_over(line: ThreadRow) -> bool:
    return line.event is not None and msgspec.json.decode(line.event).get("verb") == "assigned"


hub = Hub()


def may_see(actor: Actor, inbox_id: int) -> bool:
    return actor.may("conversations.view") and inbox_id in actor.works_in
