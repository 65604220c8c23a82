"""Who has a conversation: an agent, a team, both, or the queue."""

from __future__ import annotations

from django.http import HttpResponse
from msgspec import UNSET, UnsetType
from ninja import Router

from careline.api import drawing, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, told
from careline.kit.refusals import Refused
from careline.service.conversations import actions, queries

router = Router(tags=["Conversations"])


@router.put(
    "/conversations/{conversation_id}/assignment",
    **operation(
        "assign_conversation", "Assign a conversation, or give it back to the queue", takes=shapes.Assigning,
        gives=shapes.Conversation, problems=(404,),
    ),
)  # fmt: skip
def put(request: Request, conversation_id: str) -> HttpResponse:
    wanted = asked(request, shapes.Assigning)
    if wanted.agent_id is UNSET and wanted.team_id is UNSET:
        raise Refused("Name agent_id, team_id or both; null for both gives it back to the queue.")
    return _assigned(request, conversation_id, agent_id=_number(wanted.agent_id), team_id=_number(wanted.team_id))


@router.delete(
    "/conversations/{conversation_id}/assignment",
    **operation(
        "unassign_conversation", "Give a conversation back to the queue", gives=shapes.Conversation, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def delete(request: Request, conversation_id: str) -> HttpResponse:
    return _assigned(request, conversation_id, agent_id=None, team_id=None)


def _assigned(request: Request, conversation_id: str, *, agent_id: int | None, team_id: int | None) -> HttpResponse:
    number = reading.number(conversation_id)
    actions.assign(number, actor=request.auth, agent_id=agent_id, team_id=team_id)
    return told(drawing.conversation(queries.one(request.auth, number)))


def _number(given: str | int | UnsetType | None) -> int | None:
    return None if given is None or isinstance(given, UnsetType) else reading.number(given)
