"""Where messages stand: a conversation split in two, a message moved to another one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from careline.api import drawing, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, told
from careline.service.conversations import actions, queries
from careline.service.conversations.hot import refused

router = Router(tags=["Conversations"])


@router.post(
    "/conversations/{conversation_id}/splits",
    **operation(
        "split_conversation",
        "Make a message, and those after it, a conversation of its own",
        takes=shapes.Splitting,
        gives=shapes.Conversation,
        status=201,
        problems=(404, 409),
    ),
)
def split(request: Request, conversation_id: str) -> HttpResponse:
    wanted = asked(request, shapes.Splitting)
    number = reading.number(conversation_id)
    moved = actions.split(number, wanted.message_id, actor=request.auth, alone=wanted.alone)
    return told(drawing.conversation(queries.one(request.auth, moved.conversation)), 201)


@router.put(
    "/messages/{message_id}/conversation",
    **operation(
        "move_message",
        "Move a message to another conversation of the same inbox",
        takes=shapes.Rethreading,
        gives=shapes.Conversation,
        problems=(404, 409),
    ),
)
def move(request: Request, message_id: str) -> HttpResponse:
    wanted = asked(request, shapes.Rethreading)
    moved = actions.rethread(
        [_uuid(message_id)],
        reading.number(wanted.conversation_id),
        actor=request.auth,
        confirmed=wanted.confirmed,
    )
    return told(drawing.conversation(queries.one(request.auth, moved.conversation)))


def _uuid(given: str) -> UUID:
    try:
        return UUID(given)
    except ValueError:
        raise refused.no_message() from None
