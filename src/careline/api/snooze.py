"""Until when a conversation sleeps: put to send it to sleep, deleted to wake it."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.http import HttpResponse
from ninja import Router

from careline.api import drawing, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, told
from careline.kit import clock
from careline.kit.refusals import Conflicting, Refused
from careline.service.conversations import actions, queries

router = Router(tags=["Conversations"])
LONGEST = timedelta(days=3660)


@router.put(
    "/conversations/{conversation_id}/snooze",
    **operation(
        "snooze_conversation", "Snooze a conversation until a moment to come", takes=shapes.Snoozing,
        gives=shapes.Conversation, problems=(404,),
    ),
)  # fmt: skip
def put(request: Request, conversation_id: str) -> HttpResponse:
    until = _near(asked(request, shapes.Snoozing).until)
    number = reading.number(conversation_id)
    actions.snooze(number, actor=request.auth, until=until)
    return told(drawing.conversation(queries.one(request.auth, number)))


@router.delete(
    "/conversations/{conversation_id}/snooze",
    **operation(
        "wake_conversation", "Wake a snoozed conversation", gives=shapes.Conversation, write=True, problems=(404,)
    ),
)
def delete(request: Request, conversation_id: str) -> HttpResponse:
    number = reading.number(conversation_id)
    state = queries.one(request.auth, number).state
    if state not in ("snoozed", "open"):
        raise Conflicting(f"This conversation is not snoozed but in the state {state}.")
    actions.reopen(number, actor=request.auth)
    return told(drawing.conversation(queries.one(request.auth, number)))


def _near(until: datetime) -> datetime:
    """Within what calendars of other systems can still say."""
    if until > clock.now() + LONGEST:
        raise Refused("Snooze for at most ten years.", field="until")
    return until
