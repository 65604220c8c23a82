"""The messages of a conversation: its lines in their order, and further words."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from ninja import Router

from careline.accounts.actor import Actor
from careline.api import attaching, envelopes, lists, reading, shapes, speech
from careline.api.describing import operation
from careline.api.door import Request, asked, query, written
from careline.kit.refusals import NotVisible
from careline.service.conversations import actions, queries
from careline.service.conversations.hot import refused, speak, words
from careline.service.conversations.hot.shapes import Said

router = Router(tags=["Conversations"])


@router.get(
    "/conversations/{conversation_id}/messages",
    **operation(
        "list_messages",
        "List the lines of a conversation, the oldest first",
        gives=shapes.Messages,
        paged=True,
        problems=(404, 422),
    ),
)
def index(request: Request, conversation_id: str) -> HttpResponse:
    number = reading.number(conversation_id)
    wanted = lists.messages_wanted(query(request))
    rows = queries.since(request.auth, number, after=wanted.after, limit=wanted.limit + 1)
    if not rows:
        queries.one(request.auth, number)
    return written(lists.messages_told(rows, wanted.limit))


@router.post(
    "/conversations/{conversation_id}/messages",
    **operation(
        "write_message",
        "Answer the customer, add the customer's further words, or note something for the team",
        takes=shapes.Speaking,
        gives=shapes.Message,
        status=201,
        problems=(404,),
    ),
)
def create(request: Request, conversation_id: str) -> HttpResponse:
    speaking = asked(request, shapes.Speaking)
    said = _said(reading.number(conversation_id), speaking, request)
    [row] = queries.since(request.auth, said.conversation_id, after=said.seq - 1, limit=1)
    return written(speech.message_told(row), 201)


@transaction.atomic
def _said(conversation_id: int, speaking: shapes.Speaking, request: Request) -> Said:
    actor = request.auth
    heard = speech.is_heard(speaking)
    files = attaching.files(speaking.attachments, actor=actor)
    spoken: dict[str, Any] = {"actor": actor, "body": speaking.body, "client_id": speaking.client_id}
    if heard:
        envelopes.must_be_none(speaking)
        said = _heard(conversation_id, spoken, files)
    else:
        if speaking.kind == "note":
            envelopes.must_be_none(speaking)
            said = actions.note(conversation_id, files=files, **spoken)
        else:
            letter = envelopes.chosen(speaking, request, conversation_id)
            said = actions.reply(conversation_id, files=files, letter=letter, **spoken)
    attaching.must_belong(files, person_id=said.person_id)
    return said


def _heard(conversation_id: int, spoken: dict[str, Any], files: list[attaching.StoredFile]) -> Said:
    # The words are judged before the permission, as at the raw door.
    given = words.further_words(conversation_id=conversation_id, wordless=bool(files), **spoken)
    actor: Actor = spoken["actor"]
    if speech.may_speak(actor):
        with suppress(NotVisible):
            return actions.hear(conversation_id, files=files, **spoken)
    raise refused.because(speak.WHY_NOT.one(**speech.asked_why(given)), actor=actor, permission=speech.SPEAK)
