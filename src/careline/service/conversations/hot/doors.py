"""The hot verbs and reads for the raw doors: the same statements and rules as the actions, awaited."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
from django.utils.translation import gettext as _
from psycopg import errors

from careline.accounts.actor import Actor
from careline.kit import bus
from careline.kit.refusals import Refused
from careline.service.conversations.hot import announce, answer, read, receive, refused, speak, words
from careline.service.conversations.hot.shapes import Counts, ListRow, Said, ThreadRow

Connection = psycopg.AsyncConnection[Any]
# Views that are read from the next deadline on, not from the newest word back.
BY_DEADLINE = frozenset({"promised", "risk"})
BEGINNING_OF_TIME = datetime(1, 1, 2, tzinfo=UTC)
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)
LAST_ID = 2**63 - 1
LAST_SEQ = 2**31 - 1
_VIEWS = {
    "all": read.ALL, "mine": read.MINE, "unassigned": read.UNASSIGNED, "followed": read.FOLLOWED,
    "recovery": read.MARKED, "promised": read.PROMISED, "risk": read.AT_RISK,
}  # fmt: skip
_VIEWS_OF_TEAMS = _VIEWS | {
    "all": read.ALL_OF_TEAMS, "unassigned": read.UNASSIGNED_OF_TEAMS, "recovery": read.MARKED_OF_TEAMS,
    "promised": read.PROMISED_OF_TEAMS, "risk": read.AT_RISK_OF_TEAMS,
}  # fmt: skip


def tell(said: Said) -> Said:
    """To be called once the words are committed."""
    if not said.repeated:
        announce.now(announce.said(said))
        if said.status == "queued":
            bus.publish("outbox", {})
    return said


async def open_with(conn: Connection, given: dict[str, Any], *, own: bool = False) -> Said:
    """As actions.open_with; `given` comes from words.first_words, `own` as in take."""
    opening, again = (receive.OWN_OPEN, receive.OWN_AGAIN) if own else (receive.OPEN, receive.AGAIN)
    for attempt in (1, 2, 3):
        try:
            async with conn.transaction():
                said = await opening.aone(conn, **given)
            return said or await not_opened(conn, given, own=own)
        except errors.UniqueViolation:
            repeated = refused.unless_same(await again.aone(conn, **given))
            if repeated is not None:
                return repeated
            if attempt == 3:
                raise
    raise AssertionError("unreachable")


async def not_opened(conn: Connection, given: dict[str, Any], *, own: bool = False) -> Said:
    """Why there is no new conversation: these words were said before, or nobody may speak there."""
    again = receive.OWN_AGAIN if own else receive.AGAIN
    repeated = refused.unless_same(await again.aone(conn, **given)) if given["client"] else None
    if repeated is None:
        raise refused.no_inbox()
    return repeated


async def hear(conn: Connection, given: dict[str, Any]) -> Said | None:
    """As actions.hear; nothing when there is no such conversation. `given` comes from words.further_words."""
    try:
        async with conn.transaction():
            return await receive.HEAR.aone(conn, **given)
    except errors.UniqueViolation:
        repeated = refused.unless_same(await receive.AGAIN_THERE.aone(conn, kind="incoming", **given))
        if repeated is None:
            raise
        return repeated


async def take(
    conn: Connection, *, actor: Actor, inbox_id: int, person: words.Who, own: bool = False, **spoken: Any
) -> Said:
    """As actions.receive: words of a customer find their conversation under a lock of their own.

    `own` for a visitor who speaks for themselves: only what they alone have finds it.
    """
    place = receive.OWN_PLACE if own else receive.PLACE
    subject, raw = spoken.pop("subject", ""), spoken.pop("raw", None)
    async with conn.transaction():
        await conn.execute("SELECT pg_advisory_xact_lock(%s)", [words.lock_key(inbox_id, person)])
        first = words.first_words(actor=actor, inbox_id=inbox_id, person=person, subject=subject, **spoken)
        placed = await place.aone(conn, **first) if person.identities else None
        if placed is not None and placed.asked is not None:
            said = await answered(conn, placed.asked, placed.ids, actor=actor, raw=raw, placed=placed, **spoken)
            if said is not None:
                return said
        if placed is not None and placed.conversation_id is not None:
            said = await hear(
                conn,
                words.further_words(
                    actor=actor, conversation_id=placed.conversation_id, raw=raw, placed=placed,
                    person_id=placed.of if own else placed.person_id, **spoken,
                ),
            )  # fmt: skip
            if said is not None:
                return said
        return await open_with(conn, first | words.sealed(raw, placed, opens=True), own=own)


async def answered(
    conn: Connection,
    asked: UUID,
    people: Sequence[int],
    *,
    actor: Actor,
    value: str | None = None,
    body: str = "",
    **spoken: Any,
) -> Said | None:
    """What we asked, answered: by a tap with its `value`, or by what was typed; None when this does not answer it."""
    found = await answer.ASKED.aone(conn, asked=asked, inboxes=list(actor.inbox_ids), people=list(people))
    choice = answer.understood(found, body) if value is None else answer.tapped(found, value)
    if found is None or choice is None:
        return None
    given = answer.given(found, choice, body, actor=actor, people=people, **spoken)
    try:
        async with conn.transaction():
            return await answer.ANSWER.aone(conn, **given)
    except errors.UniqueViolation:
        return None  # the client_id was used: it is the same again, and found where words are


async def speak_up(conn: Connection, given: dict[str, Any], *, actor: Actor, note: bool = False) -> Said:
    """A reply or a note; `given` comes from words.our_words. One statement, its own transaction."""
    statement, permission = (speak.NOTE, "conversations.note") if note else (speak.REPLY, "conversations.reply")
    try:
        said = await statement.aone(conn, **given) if actor.may(permission) else None
    except errors.UniqueViolation:
        kind = "note" if note else "reply"
        repeated = refused.unless_same(await receive.AGAIN_THERE.aone(conn, kind=kind, **given))
        if repeated is None:
            raise
        return repeated
    if said is None:
        raise refused.because(await speak.WHY_NOT.aone(conn, **given), actor=actor, permission=permission)
    return said


def page(
    actor: Actor, *, view: str, state: str, limit: int, before: tuple[datetime, int] | None
) -> tuple[Any, dict[str, Any]]:
    """The statement of a view of the inbox and its parameters; `before` is the place of the last row before the page.

    Views: all, mine, unassigned, followed, recovery; promised and risk by their deadline.
    """
    if not actor.may("conversations.view"):
        return read.ALL, {**seen(actor), "state": state, "limit": 0, "before_at": END_OF_TIME, "before_id": LAST_ID}
    statement = (_VIEWS if actor.team_ids is None else _VIEWS_OF_TEAMS).get(view)
    if statement is None:
        raise Refused(_("A view is one of: %(names)s.") % {"names": ", ".join(_VIEWS)})
    before_at, before_id = before or ((BEGINNING_OF_TIME, 0) if view in BY_DEADLINE else (END_OF_TIME, LAST_ID))
    return statement, {
        **words.reach(actor),
        "agent": actor.agent_id or 0,
        "state": state,
        "limit": limit,
        "before_at": before_at,
        "before_id": before_id,
    }


def place(row: ListRow, view: str) -> tuple[datetime, int]:
    """Where a row stands in a view: what follows it is asked for by this."""
    return (row.due_at or END_OF_TIME if view in BY_DEADLINE else row.active_at), row.id


async def listed(conn: Connection, actor: Actor, **wanted: Any) -> list[ListRow]:
    statement, given = page(actor, **wanted)
    rows: list[ListRow] = await statement.aall(conn, **given)
    return rows


def counted(actor: Actor) -> tuple[Any, dict[str, Any]]:
    """The statement that counts what an actor sees, and its parameters."""
    return (read.COUNTS if actor.team_ids is None else read.COUNTS_OF_TEAMS), seen(actor)


async def counts(conn: Connection, actor: Actor) -> Counts:
    statement, given = counted(actor)
    rows: list[Counts] = await statement.aall(conn, **given)
    return rows[0]


def seen(actor: Actor) -> dict[str, Any]:
    """How far an actor looks, for every statement of these."""
    if not actor.may("conversations.view"):
        return words.whole(())
    return words.reach(actor)


async def thread(
    conn: Connection, actor: Actor, conversation_id: int, *, before: int = LAST_SEQ, limit: int = 50
) -> list[ThreadRow]:
    """The newest lines first; nothing when the conversation is not visible."""
    return await read.THREAD.aall(conn, conversation=conversation_id, before=before, limit=limit, **seen(actor))
