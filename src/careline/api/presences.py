"""Who is there and why not, what is offered to whom, and where a conversation stands in line."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline.accounts import queries as accounts
from careline.api import drawing, paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, told
from careline.kit.refusals import NotVisible
from careline.service.routing import actions, queries

router = Router(tags=["Routing"])


@router.get(
    "/agents/{agent_id}/presence",
    **operation("get_presence", "Whether an agent is ready, and since when", gives=shapes.Presence, problems=(404,)),
)
def presence(request: Request, agent_id: str) -> HttpResponse:
    agent = accounts.agent(request.auth, reading.number(agent_id))
    return told(_presence(queries.presence(request.auth, agent.pk)))


@router.put(
    "/agents/{agent_id}/presence",
    **operation(
        "keep_presence", "Say that an agent is ready or not; said again at least every two minutes it stays so",
        takes=shapes.PresenceSetting, gives=shapes.Presence, problems=(404,),
    ),
)  # fmt: skip
def be_there(request: Request, agent_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.PresenceSetting), reading.number(agent_id)
    reason = None if wanted.reason_id is None else reading.number(wanted.reason_id)
    actions.set_status(number, wanted.status, actor=request.auth, reason_id=reason)
    return told(_presence(queries.presence(request.auth, number)))


@router.get(
    "/status-reasons",
    **operation(
        "list_status_reasons", "Why somebody is not ready, in the house's words", gives=shapes.StatusReasons,
        paged=True, problems=(422,),
    ),
)  # fmt: skip
def reasons(request: Request) -> HttpResponse:
    rows, following = paging.of_places(
        "y", request, queries.reasons(request.auth), lambda one: (f"{one.position:09}{one.pk:019}", one.pk)
    )
    return told(shapes.StatusReasons([_reason(one) for one in rows], following))


@router.post(
    "/status-reasons",
    **operation(
        "make_status_reason", "Add a reason", takes=shapes.StatusReasonNaming, gives=shapes.StatusReason, status=201
    ),
)
def make_reason(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.StatusReasonNaming)
    return told(_reason(actions.keep_reason(wanted.name, wanted.status, actor=request.auth)), 201)


@router.delete(
    "/status-reasons/{reason_id}",
    **operation(
        "drop_status_reason", "Take a reason away; who has it keeps the status", gives=shapes.StatusReason, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def drop_reason(request: Request, reason_id: str) -> HttpResponse:
    number = reading.number(reason_id)
    request.auth.must("queues.manage")
    last = queries.reasons(request.auth).filter(pk=number).first()
    if last is None:
        raise NotVisible("There is no such reason.")
    drawn = _reason(last)
    actions.drop_reason(number, actor=request.auth)
    return told(drawn)


@router.get(
    "/offers",
    **operation(
        "list_offers", "What stands offered to the token's agent", gives=shapes.Offers, paged=True, problems=(422,)
    ),
)
def offers(request: Request) -> HttpResponse:
    rows, following = paging.of_places(
        "f", request, queries.offers(request.auth), lambda one: (f"{one.pk:019}", one.pk)
    )
    return told(shapes.Offers([_offer(one) for one in rows], following))


@router.put(
    "/offers/{offer_id}/acceptance",
    **operation("accept_offer", "Take what is offered", gives=shapes.Offer, write=True, problems=(404,)),
)
def accept(request: Request, offer_id: str) -> HttpResponse:
    return told(_offer(actions.accept(reading.number(offer_id), actor=request.auth)))


@router.put(
    "/offers/{offer_id}/refusal",
    **operation("refuse_offer", "Leave it to others", gives=shapes.Offer, write=True, problems=(404,)),
)
def refuse(request: Request, offer_id: str) -> HttpResponse:
    return told(_offer(actions.refuse(reading.number(offer_id), actor=request.auth)))


@router.get(
    "/conversations/{conversation_id}/queue",
    **operation(
        "get_queue_place", "Where a conversation stands in its queue", gives=shapes.QueuePlace, problems=(404,)
    ),
)
def place(request: Request, conversation_id: str) -> HttpResponse:
    found = queries.standing(request.auth, reading.number(conversation_id))
    return told(shapes.QueuePlace(found.position, found.wait_s) if found else shapes.QueuePlace(None, None))


def _presence(held: Any) -> shapes.Presence:
    reason = _reason(held.reason) if held.reason else None
    return shapes.Presence(str(held.agent_id), held.status, reason, held.since)


def _reason(one: Any) -> shapes.StatusReason:
    return shapes.StatusReason(str(one.pk), one.name, one.status)


def _offer(one: Any) -> shapes.Offer:
    return shapes.Offer(
        id=str(one.pk), conversation_id=str(one.conversation_id), queue_id=drawing.id_of(one.queue_id),
        state=one.state, made_at=one.made_at, due_at=one.due_at, because=one.because,
    )  # fmt: skip
