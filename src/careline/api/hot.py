"""The measured doors of conversations and of the line as raw ASGI: authorization and the verb, one statement each.

`match` says whether a request is one of them. What a door finds out it cannot do by itself (files, a number without a
country, a conversation that we begin) is handed on to Django with the same bytes, whose answer has the same shape.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from functools import cache, partial
from typing import Any

import psycopg
from psycopg import errors

from careline.accounts.actor import Actor
from careline.api import lists, problems, reading, shapes, speech, used
from careline.api.problems import Answer
from careline.api.wire import App, Gone, Receive, Request, Scope, Send, answered, ok
from careline.channels import access
from careline.customers import queries as people
from careline.kit import pool
from careline.kit.threads import Threads
from careline.service.conversations.hot import doors, echo, read, receive, refused, speak, words
from careline.service.conversations.hot.shapes import ListRow, Said, ThreadRow
from careline.touchpoints import queries as touchpoints

Connection = psycopg.AsyncConnection[Any]
# No answer: Django's.
Door = Callable[[Connection, Actor, Request], Awaitable[Answer | None]]
ROOT = "/api/v1/conversations"
PEOPLE = "/api/v1/customers/"
_log = logging.getLogger(__name__)


def match(scope: Scope) -> App | None:
    path: str = scope["path"]
    if path == ROOT:
        door = {"GET": conversations, "POST": open_conversation}.get(scope["method"])
    elif path.startswith(ROOT + "/") and path.endswith("/messages") and path.count("/") == 5:
        door = {"GET": messages, "POST": say}.get(scope["method"])
    elif path.startswith(PEOPLE) and path.endswith("/touchpoints") and path.count("/") == 5:
        door = {"GET": moments}.get(scope["method"])
    else:
        return None
    if door is None or any(name == b"idempotency-key" for name, _value in scope["headers"]):
        return None
    return partial(through, door)


async def through(door: Door, scope: Scope, receive: Receive, send: Send) -> None:
    request = Request(scope, receive)
    try:
        if scope["method"] != "GET":
            await request.read()
        answer = await _known(door, request)
    except Gone:
        return
    except Exception as error:
        answer = problems.of(error)
    if answer is None:
        await _django()(request.again_scope(), request.again, send)
    else:
        await answered(answer, send)


async def _known(door: Door, request: Request) -> Answer | None:
    """Once more with a fresh connection when the database was lost before anything was written."""
    secret = reading.secret(request.header(b"authorization"))
    for last in (False, True):
        may_have_written = False
        try:
            async with pool.connection() as conn:
                actor = await access.aactor_of_token(conn, secret, request.address)
                if actor is None:
                    raise reading.not_known()
                may_have_written = request.scope["method"] != "GET"
                answer = await door(conn, actor, request)
        except (psycopg.OperationalError, psycopg.InterfaceError):
            await _shed()
            if may_have_written or last:
                raise
        else:
            used.soon(actor)
            return answer
    raise AssertionError("unreachable")


async def _shed() -> None:
    try:
        await pool.shed()
    except Exception as error:
        _log.warning("Broken connections could not be replaced yet: %s", type(error).__name__)


async def conversations(conn: Connection, actor: Actor, request: Request) -> Answer | None:
    query = reading.query(request.query)
    if "customer_id" in query:
        return None
    wanted = lists.conversations_wanted(actor, query)
    rows = await doors.listed(conn, actor, **wanted.given())
    return ok(lists.conversations_told(rows, wanted.limit, wanted.view))


async def messages(conn: Connection, actor: Actor, request: Request) -> Answer | None:
    conversation_id = _conversation(request)
    wanted = lists.messages_wanted(reading.query(request.query))
    rows = await read.SINCE.aall(
        conn,
        conversation=conversation_id,
        after=wanted.after,
        limit=wanted.limit + 1,
        **doors.seen(actor),
    )
    if not rows and not await _rows(conn, actor, conversation_id):
        raise refused.no_conversation()
    return ok(lists.messages_told(rows, wanted.limit))


async def moments(conn: Connection, actor: Actor, request: Request) -> Answer | None:
    wanted = lists.moments_wanted(reading.query(request.query))
    ids = await people.aids(conn, actor, reading.number(request.path[len(PEOPLE) : -len("/touchpoints")]))
    return ok(lists.moments_told(await touchpoints.aline(conn, actor, ids, **wanted.given()), wanted.limit))


async def open_conversation(conn: Connection, actor: Actor, request: Request) -> Answer | None:
    asked = _asked(request, shapes.Opening)
    if asked.author == "agent" or asked.attachments or speech.needs_region(asked):
        return None
    given = speech.first_words(asked, actor=actor)
    said = doors.tell(await _opened(conn, given))
    if said.repeated:
        rows = await _rows(conn, actor, said.conversation_id)
        if not rows:  # it has been given to others meanwhile
            raise refused.no_conversation()
        return ok(speech.opened_told(rows[0], await _written(conn, actor, said)), 201)
    return ok(speech.opened_told(echo.conversation(said, given), echo.message(said, given)), 201)


async def say(conn: Connection, actor: Actor, request: Request) -> Answer | None:
    asked = _asked(request, shapes.Speaking)
    if asked.attachments or asked.enveloped:
        return None
    conversation_id = _conversation(request)
    spoken: dict[str, Any] = {"conversation_id": conversation_id, "body": asked.body, "client_id": asked.client_id}
    if speech.is_heard(asked):
        given = words.further_words(actor=actor, **spoken)
        heard = await _heard(conn, given) if speech.may_speak(actor) else None
        if heard is None:
            found = await speak.WHY_NOT.aone(conn, **speech.asked_why(given))
            raise refused.because(found, actor=actor, permission=speech.SPEAK)
        said = heard
    else:
        given = words.our_words(actor=actor, **spoken)
        said = await doors.speak_up(conn, given, actor=actor, note=asked.kind == "note")
    doors.tell(said)
    row = await _written(conn, actor, said) if said.repeated else echo.message(said, given)
    return ok(speech.message_told(row), 201)


def _asked(request: Request, shape: type[reading.Shape]) -> reading.Shape:
    if request.too_large:
        reading.must_fit(reading.LARGEST + 1)
    reading.must_be_json(request.header(b"content-type"))
    return reading.decoded(request.body, shape)


async def _opened(conn: Connection, given: dict[str, Any]) -> Said:
    """One statement is a transaction of its own; only when somebody was first is it done the careful way."""
    try:
        said = await receive.OPEN.aone(conn, **given)
    except errors.UniqueViolation:
        return await doors.open_with(conn, given)
    return said or await doors.not_opened(conn, given)


async def _heard(conn: Connection, given: dict[str, Any]) -> Said | None:
    try:
        return await receive.HEAR.aone(conn, **given)
    except errors.UniqueViolation:
        return await doors.hear(conn, given)


def _conversation(request: Request) -> int:
    return reading.number(request.path[len(ROOT) + 1 : -len("/messages")])


async def _rows(conn: Connection, actor: Actor, conversation_id: int) -> list[ListRow]:
    return await read.THESE.aall(conn, ids=[conversation_id], **doors.seen(actor))


async def _written(conn: Connection, actor: Actor, said: Said) -> ThreadRow:
    [row] = await read.SINCE.aall(
        conn, conversation=said.conversation_id, after=said.seq - 1, limit=1, **doors.seen(actor)
    )
    return row


@cache
def _django() -> App:
    """A door of its own into the same application: its requests have been read already."""
    from django.core.wsgi import get_wsgi_application

    return Threads(get_wsgi_application(), 2)
