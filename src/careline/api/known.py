"""What customers have told us already, and whether a draft asks for it again."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from careline.api import drawing, paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, told
from careline.service.assist.given import actions, queries
from careline.service.assist.given.known import Known

router = Router(tags=["Assist"])


@router.get(
    "/conversations/{conversation_id}/known",
    **operation(
        "list_known", "What the customer has told us that still holds for this conversation", gives=shapes.KnownThings,
        paged=True, problems=(404, 422),
    ),
)  # fmt: skip
def index(request: Request, conversation_id: str) -> HttpResponse:
    found = queries.given(request.auth, reading.number(conversation_id))
    rows, following = paging.of_places("w", request, found, lambda one: (f"{one.kind}:{one.key}", 0))
    return told(shapes.KnownThings([_drawn(one) for one in rows], following))


@router.delete(
    "/conversations/{conversation_id}/known/{known_id}",
    **operation(
        "put_known_away", "It is not what it was taken for; asking for it is no asking again",
        gives=shapes.KnownThings, write=True, problems=(404,),
    ),
)  # fmt: skip
def put_away(request: Request, conversation_id: str, known_id: str) -> HttpResponse:
    actions.put_away(reading.number(conversation_id), reading.number(known_id), actor=request.auth)
    return index(request, conversation_id)


@router.put(
    "/conversations/{conversation_id}/known/{known_id}",
    **operation("take_known_back", "It is after all", gives=shapes.KnownThings, write=True, problems=(404,)),
)
def take_back(request: Request, conversation_id: str, known_id: str) -> HttpResponse:
    actions.take_back(reading.number(conversation_id), reading.number(known_id), actor=request.auth)
    return index(request, conversation_id)


@router.post(
    "/conversations/{conversation_id}/repeated-questions",
    **operation(
        "check_questions", "What a draft asks for though the customer has given it; nothing is kept of the draft",
        takes=shapes.DraftChecking, gives=shapes.RepeatedQuestions, problems=(404,),
    ),
)  # fmt: skip
def check(request: Request, conversation_id: str) -> HttpResponse:
    wanted = asked(request, shapes.DraftChecking)
    found = queries.again(request.auth, reading.number(conversation_id), wanted.body)
    return told(shapes.RepeatedQuestions([_drawn(one) for one in found]))


def _drawn(one: Known) -> shapes.KnownThing:
    return shapes.KnownThing(
        id=drawing.id_of(one.id), kind=one.kind, value=one.value, source=one.source, at=one.at,
        conversation_id=drawing.id_of(one.conversation_id), message_id=str(one.message_id) if one.message_id else None,
    )  # fmt: skip
