"""/ws/agent: the desk's own line. Same-origin session cookie, or Bearer for programs."""

from __future__ import annotations

import asyncio
import contextlib
from http.cookies import SimpleCookie
from typing import Any

import msgspec
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from psycopg import Error

from careline.accounts.actor import Actor, refusal
from careline.channels import access
from careline.kit import outages, pool
from careline.kit.statement import Statement
from careline.service.conversations.hot import doors, read
from careline.service.conversations.hot.shapes import ListRow
from careline.web.desk import drawn
from careline.web.live import stirring
from careline.web.live.boards import open_boards
from careline.web.live.hub import hub, may_see
from careline.web.live.lines import lines
from careline.web.live.wire import AWAY, Gone, Receive, Scope, Send, Socket, no_such_frame

RECHECK_S = 30.0
# A window that missed more than this loads afresh: cheaper for it and for us.
REPLAY_LIMIT = 300


class Changed(msgspec.Struct, frozen=True):
    id: int


# Every verb records its moment in its own transaction: the line is the log that a sleeper is told from.
CHANGED = Statement(
    """SELECT DISTINCT split_part(t.source, ':', 2)::bigint FROM touchpoints_touchpoint t
WHERE t.xid >= %(cursor)s::text::xid8 AND t.source LIKE 'conversation:%' LIMIT %(limit)s::int""",
    Changed,
)


class AgentSocket:
    def __init__(self, socket: Socket, actor: Actor) -> None:
        self.socket, self.actor, self.language = socket, actor, actor.language
        self.agent_id = actor.agent_id
        self.watched: int | None = None
        # A board shows figures; each row that changes would only be thrown away.
        self.at_board = False
        self.people: frozenset[int] = frozenset()
        self.told: dict[int, int] = {}
        self.rights_changed = asyncio.Event()

    def wants(self, change: dict[str, Any]) -> bool:
        return not self.at_board and may_see(self.actor, change["inbox"])

    def sees(self, row: ListRow) -> bool:
        """Whose role ends at teams sees their conversations alone."""
        return self.actor.sees(team_id=row.team_id, assignee_id=row.assignee_id)

    def lose(self, conversation_id: int, cursor: str) -> None:
        """It was given to people whose conversations the window does not show."""
        self.socket.tell(type="resumed", cursor=cursor, gone=[str(conversation_id)])

    def show(self, change: dict[str, Any], row: str, lines: dict[int, str], cursor: str) -> None:
        """One frame a number, so that a gap is a gap; the row's drawing comes with the last."""
        found, last = change["row"], change["seq"]
        for seq in range(last - max(change["lines"], 1) + 1, last + 1):
            self.socket.tell(
                type="conversation",
                conversation=str(change["id"]),
                seq=seq,
                cursor=cursor,
                inbox=str(change["inbox"]),
                state=found.state,
                assignee=None if found.assignee_id is None else str(found.assignee_id),
                unread=found.unread,
                html=row if seq == last else None,
                line=lines.get(seq) if change["id"] == self.watched else None,
                # Lines have gone from it, or come between others: what the window has of it is not to be added to.
                **({"replayed": True} if change.get("rearranged") else {}),
            )

    def look(self) -> None:
        """What is offered to its agent, or what they say of themselves, has changed."""
        self.socket.tell(type="at-work")

    def draw(self, frame: bytes) -> None:
        """The board, or what of it has changed."""
        self.socket.push(frame)

    def news(self) -> None:
        """Something happened on the line this window shows."""
        self.socket.tell(type="line")

    def recheck(self, *, missed: bool = False) -> None:
        if missed:
            self.socket.tell(type="reload")
        self.rights_changed.set()

    async def counts(self) -> None:
        async with pool.connection() as conn:
            found = await doors.counts(conn, self.actor)
        self.socket.tell(type="counts", **msgspec.structs.asdict(found))

    async def resume(self, cursor: Any, *, unread: list[int], seq: int) -> None:
        """Everything visible now that changed since the cursor, and `gone` for what is no longer visible.

        What leaves no moment on the line is found by what the window shows: rows it has as unread that somebody has
        read meanwhile, and its open thread, of which it has everything up to `seq`.
        """
        if not isinstance(cursor, str) or not cursor.isdecimal() or len(cursor) > 19:
            self.socket.tell(type="reload")
            return
        now = await hub.sample()
        async with pool.connection() as conn:
            ids = [row.id for row in await CHANGED.aall(conn, cursor=cursor, limit=REPLAY_LIMIT + 1)]
            if len(ids) > REPLAY_LIMIT or int(cursor) > int(now):
                self.socket.tell(type="reload")
                return
            shown = {*ids, *unread} | ({self.watched} if self.watched and seq else set())
            rows = await read.THESE.aall(conn, ids=list(shown), **doors.seen(self.actor)) if shown else []
        changed = {*ids} | {row.id for row in rows if row.id in unread and not row.unread}
        changed |= {row.id for row in rows if row.id == self.watched and row.last_seq > seq}
        for row in sorted(rows, key=lambda r: (r.active_at, r.id)):
            if row.id not in changed:
                continue
            self.socket.tell(
                type="conversation",
                conversation=str(row.id),
                seq=row.last_seq,
                cursor=now,
                inbox=str(row.inbox_id),
                state=row.state,
                assignee=None if row.assignee_id is None else str(row.assignee_id),
                unread=row.unread,
                html=str(drawn.row_html(row)),
                line=None,
                replayed=True,
            )
        seen = {row.id for row in rows}
        self.socket.tell(type="resumed", cursor=now, gone=[str(one) for one in shown if one not in seen])

    async def catch_up(self, conversation_id: int, seq: int) -> None:
        """What came between the drawing of a thread and its being watched came without its line."""
        async with pool.connection() as conn:
            rows = await read.THESE.aall(conn, ids=[conversation_id], **doors.seen(self.actor))
        for row in rows:
            if row.last_seq > seq:
                self.socket.tell(type="behind", conversation=str(row.id), seq=row.last_seq)

    async def take(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "resume":
                seq = frame.get("seq")
                await self.resume(
                    frame.get("cursor"),
                    unread=_numbers(frame.get("unread")),
                    seq=seq if isinstance(seq, int) else 0,
                )
            case "watch" if "customer" in frame:
                person = next(iter(_numbers([frame.get("customer")])), None)
                await lines.watch(self, self.actor, person)
                self.socket.tell(type="watching")
            case "watch" if "board" in frame:
                self.at_board = open_boards.watch(self, self.actor)
                if not self.at_board:
                    self.socket.tell(type="error", error=refusal("board.view"))
            case "watch":
                self.watched = next(iter(_numbers([frame.get("conversation")])), None)
                if self.watched and isinstance(seq := frame.get("seq"), int):
                    await self.catch_up(self.watched, seq)
            case "counts":
                await self.counts()
            case "active":
                await stirring.beat(self.agent_id, active=True)
            case "ping":
                self.socket.tell(type="pong")
            case other:
                self.socket.tell(type="error", error=no_such_frame(other))


def _reach(actor: Actor) -> tuple[Any, ...]:
    return actor.works_in, actor.talk_teams, actor.permissions


def _numbers(given: Any) -> list[int]:
    """Conversations a window names; what is none is left out."""
    named = given[:REPLAY_LIMIT] if isinstance(given, list) else []
    return [int(one) for one in named if isinstance(one, str) and one.isdecimal() and len(one) < 19]


def _credential(socket: Socket) -> tuple[str, str, str]:
    """Session or token, its secret, and where it comes from."""
    bearer = socket.header(b"authorization")
    if bearer[:7].lower() == "bearer ":
        return "token", bearer[7:].strip(), socket.address
    cookie = SimpleCookie(socket.header(b"cookie")).get(settings.SESSION_COOKIE_NAME)
    return "session", cookie.value if cookie and socket.same_origin() else "", socket.address


async def _actor(kind: str, secret: str, address: str) -> Actor | None:
    if not secret:
        return None
    async with pool.connection() as conn:
        if kind == "token":
            return await access.aactor_of_token(conn, secret, address)
        return await access.aactor_of_session(conn, secret, address)


async def agent_socket(scope: Scope, receive: Receive, send: Send) -> None:
    socket = Socket(scope, receive, send)
    credential = _credential(socket)
    try:
        actor = await _actor(*credential)
    except outages.LOST as error:
        await socket.refuse(AWAY, str(outages.refusal(error)))
        return
    if actor is None or not actor.may("conversations.view"):
        await socket.refuse(4401, _("Sign in first."))
        return
    # A line has a task of its own, which speaks one language from here on.
    translation.activate(actor.language)
    try:
        await socket.accept()
    except Gone:
        return
    listener = AgentSocket(socket, actor)
    hub.agents.add(listener)
    guard = asyncio.create_task(_guard(listener, *credential))
    try:
        socket.tell(type="welcome", cursor=await hub.sample(), agent=str(actor.agent_id))
        async for frame in socket.frames():
            await listener.take(frame)
    except outages.LOST as error:
        await socket.close(AWAY, str(outages.refusal(error)))
    finally:
        hub.agents.discard(listener)
        lines.windows.discard(listener)
        open_boards.leave(listener)
        guard.cancel()


async def _guard(listener: AgentSocket, kind: str, secret: str, address: str) -> None:
    """Signed out, deactivated or moved to other inboxes: the line ends, or its window loads afresh."""
    while True:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(listener.rights_changed.wait(), RECHECK_S)
        listener.rights_changed.clear()
        try:
            actor = await _actor(kind, secret, address)
        except Exception:  # noqa: S112  # the database is away: nothing can be seen anyway; ask again
            continue
        with contextlib.suppress(Error):
            await stirring.beat(listener.agent_id, active=False)
        if actor is None or not actor.may("conversations.view"):
            hub.agents.discard(listener)
            await listener.socket.close(4401, _("Sign in first."))
            return
        if _reach(actor) != _reach(listener.actor):
            listener.actor = actor
            open_boards.leave(listener)
            listener.at_board = False
            listener.socket.tell(type="reload")
