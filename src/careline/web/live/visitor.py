"""/ws/visitor/{inbox_key}: the customer's own line. They see their own conversation and nothing else."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import secrets
import time
from collections.abc import Sequence
from typing import Any

import msgspec
from django.utils import translation
from django.utils.translation import gettext as _
from psycopg import Error as DatabaseAway

from careline.accounts.actor import SYSTEM, Actor
from careline.channels import adapter, hot
from careline.kit import pool, signing, text
from careline.kit.refusals import Refused
from careline.service.conversations.hot import doors, receive, words
from careline.service.conversations.hot.shapes import ThreadRow
from careline.touchpoints import actions as line
from careline.touchpoints.moments import COLUMNS
from careline.web.chat import view
from careline.web.live import introducing, lining_up, tapping
from careline.web.live.hub import hub
from careline.web.live.wire import AWAY, Gone, Receive, Scope, Send, Socket, no_such_frame

# Nobody types faster; a script does.
MESSAGES, WINDOW_S = 20, 10.0
# A chat has no subject line: its first words stand for one.
SUBJECT = 80


class Hello(msgspec.Struct):
    visitor: str | None = None
    identity: dict[str, Any] | None = None
    page: view.Page | None = None
    # The device whose pages were tracked, where the visitor agreed to that.
    device: str | None = None


class Message(msgspec.Struct):
    client_id: str
    body: str


class VisitorSocket:
    def __init__(self, socket: Socket, inbox: adapter.Endpoint, language: str) -> None:
        self.socket, self.inbox, self.language = socket, inbox, language
        self.inbox_id = inbox.inbox_id
        self.visitor = ""
        self.person: words.Who = words.Who()
        self.page: view.Page | None = None
        self.device = ""
        self.introduced = False
        self.person_id: int | None = None
        # Every id that is this visitor: news come under the one a conversation was begun with.
        self.ids: tuple[int, ...] = ()
        self.conversation_id: int | None = None
        self.seq = 0
        # Where they stand in line, as they were told.
        self.place: lining_up.Place | None = None
        self._recent: collections.deque[float] = collections.deque(maxlen=MESSAGES)
        self._news = asyncio.Event()
        # One at a time tells them what is new: where they are is read before the words and moved after.
        self.telling = asyncio.Lock()

    # ── who it is ──
    async def greet(self, hello: Hello) -> None:
        """Recognize the visitor by the token we gave and by the site's proof; welcome them and show their thread."""
        self.device = hello.device or ""
        # Whoever is known by a device has told of the page already.
        self.page = None if self.device else hello.page
        kept = ""
        if hello.visitor:
            try:
                inbox, _dot, kept = signing.unsign("visitor", hello.visitor).partition(":")
                kept = kept if inbox == str(self.inbox_id) else ""
            except Refused:
                kept = ""  # of another installation, or made up: a new visitor
        self.visitor = kept or secrets.token_urlsafe(18)
        claim = {k: v for k, v in (hello.identity or {}).items() if isinstance(v, str)}
        proven = adapter.of("webchat").identify(self.inbox, claim)
        self.person = words.who(
            name=claim.get("name"),
            # An address somebody merely claims must not open the thread of whoever it belongs to.
            email=claim.get("email") if proven else None,
            phone=claim.get("phone") if proven and str(claim.get("phone", "")).startswith("+") else None,
            external_id=proven[1] if proven else None,
            visitor=self.visitor,
            scope=f"inbox:{self.inbox_id}",
            verified=proven is not None,
        )
        await self._find()
        token = signing.sign("visitor", f"{self.inbox_id}:{self.visitor}")
        self.socket.tell(type="welcome", visitor=token, cursor=self.cursor(), name=self.person.name)
        await self._introduce()

    async def _find(self) -> None:
        given = words.first_words(actor=self.actor(), inbox_id=self.inbox_id, person=self.person, body="-")
        async with pool.connection() as conn:
            placed = await receive.OWN_PLACE.aone(conn, **given)
        if placed is not None:
            self._now_known(placed.person_id, placed.conversation_id, placed.ids)

    async def _introduce(self) -> None:
        """Once they are somebody to us: opening the chat and saying nothing makes nobody."""
        if self.person_id is not None and not self.introduced:
            self.introduced = await introducing.introduce(self.person, self.device)

    def _now_known(self, person_id: int, conversation_id: int | None, ids: Sequence[int]) -> None:
        if tuple(ids) != self.ids:
            self.leave()
            self.ids = tuple(ids)
            for one in self.ids:
                hub.visitors[one].add(self)
        self.person_id = person_id
        if conversation_id is not None and conversation_id != self.conversation_id:
            self.conversation_id, self.seq = conversation_id, 0

    def actor(self) -> Actor:
        return Actor.customer(self.person_id or 0, self.inbox_id, name=self.person.name, language=self.language)

    def leave(self) -> None:
        for one in self.ids:
            hub.visitors[one].discard(self)
            if not hub.visitors[one]:
                del hub.visitors[one]

    # ── what they are told ──
    def cursor(self) -> str:
        return f"{self.conversation_id or 0}.{self.seq}"

    def heard(self) -> None:
        self._news.set()

    def stand(self, place: lining_up.Place | None) -> None:
        self.place = place
        with translation.override(self.language):
            self.socket.tell(type="queue", **lining_up.frame(place))

    async def tell_news(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                async with self.telling:
                    await self._find()
                    await self.show()
            except DatabaseAway:
                self.socket.tell(type="reload")

    async def show(self) -> None:
        """Everything shared after the last number told; at most the newest two hundred."""
        if self.conversation_id is None or self.person_id is None:
            return
        async with pool.connection() as conn:
            rows = await view.shared(
                conn, conversation=self.conversation_id, inbox=self.inbox_id, person=self.person_id, after=self.seq
            )
        for row in rows:
            self.push(row)

    def push(self, row: ThreadRow) -> None:
        self.seq = max(self.seq, row.shared_seq or 0)
        self.socket.tell(
            type="message",
            conversation=str(row.conversation_id),
            seq=row.shared_seq,
            cursor=self.cursor(),
            **view.message(row, key=self.inbox.key, person_id=self.person_id or 0),
        )

    async def resume(self, cursor: Any) -> None:
        number, _dot, seq = cursor.partition(".") if isinstance(cursor, str) else ("", "", "")
        if not (number.isdecimal() and seq.isdecimal() and len(cursor) < 40):
            self.socket.tell(type="reload")
            return
        async with self.telling:
            await self._find()
            if int(number) == self.conversation_id:
                self.seq = min(int(seq), 2**31 - 1)
            elif int(number):
                # Another conversation than the one they have now: what they hold is no longer shown to them.
                self.seq = 0
                self.socket.tell(type="gone", conversation=number)
            await self.show()
            self.socket.tell(type="resumed", cursor=self.cursor())

    # ── what they say ──
    def must_be_slow(self) -> None:
        now = time.monotonic()
        if len(self._recent) == MESSAGES and now - self._recent[0] < WINDOW_S:
            raise Refused(_("That was too much at once; wait a moment and send it again."))
        self._recent.append(now)

    async def say(self, message: Message, raw: bytes) -> None:
        self.must_be_slow()
        if not message.client_id:
            raise Refused(_("A message needs its client_id."))
        async with pool.connection() as conn, conn.transaction():
            said = await doors.take(
                conn, actor=self.actor(), inbox_id=self.inbox_id, person=self.person, own=True, body=message.body,
                subject=text.excerpt(message.body, SUBJECT), client_id=message.client_id, raw=raw,
            )  # fmt: skip
            if said.seq == 1 and not said.repeated and self.page is not None:
                await self._first_page(conn, said.person_id)
        doors.tell(said)
        async with self.telling:
            if said.person_id not in self.ids:
                self._now_known(said.person_id, said.conversation_id, [said.person_id])
            else:
                self._now_known(self.person_id or said.person_id, said.conversation_id, self.ids)
            self.socket.tell(
                type="ack", client_id=message.client_id, id=str(said.message_id),
                conversation=str(said.conversation_id), seq=said.shared_seq,
            )  # fmt: skip
            await self.show()
        await self._introduce()

    async def _first_page(self, conn: doors.Connection, person_id: int) -> None:
        """Where they came from stands on the line before their first words, once."""
        page, self.page = self.page, None
        assert page is not None
        values = line.row(
            "page.viewed", person=person_id, actor=SYSTEM, inbox=self.inbox_id, source=f"inbox:{self.inbox_id}",
            occurred_at=page.landed(), **page.facts(),
        )  # fmt: skip
        given = dict(zip(COLUMNS, values, strict=True))
        await line.INSERT.aone(conn, **given)

    async def take(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "message":
                await self.say(msgspec.convert(frame, Message), msgspec.json.encode(frame))
            case "answer":
                self.must_be_slow()
                await tapping.answer(self, msgspec.convert(frame, tapping.Tap))
            case "resume":
                await self.resume(frame.get("cursor"))
            case "ping":
                self.socket.tell(type="pong")
            case other:
                raise Refused(no_such_frame(other))


async def visitor_socket(scope: Scope, receive_: Receive, send: Send, inbox_key: str) -> None:
    socket = Socket(scope, receive_, send)
    try:
        async with pool.connection() as conn:
            door = await hot.adoor(conn, "webchat", inbox_key)
    except DatabaseAway:
        await socket.refuse(AWAY, "")  # the page has a sentence for it, and comes back by itself
        return
    origin = socket.header(b"origin")
    # A line has a task of its own, which speaks one language from here on.
    language = view.language_of(scope, door.language if door else "")
    translation.activate(language)
    if door is None:
        await socket.refuse(4404, _("There is no such chat."))
        return
    inbox = door.endpoint()
    if origin and not socket.same_origin() and not adapter.of("webchat").admits(inbox, origin):
        await socket.refuse(4403, _("This site may not show the chat."))
        return
    try:
        await socket.accept()
    except Gone:
        return
    visitor = VisitorSocket(socket, inbox, language)
    telling = asyncio.create_task(visitor.tell_news())
    greeted = False
    try:
        async for frame in socket.frames():
            try:
                if not greeted:
                    if frame["type"] != "hello":
                        raise Refused(_("The first frame is a hello."))
                    await visitor.greet(msgspec.convert(frame, Hello))
                    greeted = True
                else:
                    await visitor.take(frame)
            except (Refused, msgspec.ValidationError) as refusal:
                socket.tell(type="error", error=str(refusal), client_id=frame.get("client_id"))
            except DatabaseAway:
                with contextlib.suppress(DatabaseAway):
                    await pool.shed()
                socket.tell(
                    type="error", error=_("Not kept yet: try again."), retry=True, client_id=frame.get("client_id")
                )
    finally:
        telling.cancel()
        visitor.leave()
