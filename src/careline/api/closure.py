"""Whether a conversation is resolved: put to resolve it, deleted to open it again."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from careline.api import drawing, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, told
from careline.kit.refusals import Conflicting
from careline.service.conversations import actions, queries

router = Router(tags=["Conversations"])


@router.put(
    "/conversations/{conversation_id}/closure",
    **operation(
        "resolve_conversation", "Resolve a conversation", gives=shapes.Conversation, write=True, problems=(404,)
    ),
)
def put(request: Request, conversation_id: str) -> HttpResponse:
    number = reading.number(conversation_id)
    actions.resolve(number, actor=request.auth)
    return told(drawing.conversation(queries.one(request.auth, number)))


@router.delete(
    "/conversations/{conversation_id}/closure",
    **operation(
        "reopen_conversation", "Open a resolved conversation again", gives=shapes.Conversation, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def delete(request: Request, conversation_id: str) -> HttpResponse:
    number = reading.number(conversation_id)
    if queries.one(request.auth, number).state == "snoozed":
        raise Conflicting("This conversation is snoozed, not resolved.")
    actions.reopen(number, actor=request.auth)
    return told(drawing.conversation(queries.one(request.auth, number)))
