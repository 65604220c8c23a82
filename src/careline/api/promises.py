"""Hours, policies and the promises of a conversation, as a resource each."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpResponse
from ninja import Router

from careline.accounts import actions as house
from careline.accounts import queries as accounts
from careline.api import drawing, paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, told
from careline.service.sla import actions, queries
from careline.service.sla.terms import Step, Terms

router = Router(tags=["Promises"])


@router.get("/hours", **operation("get_hours", "When the house is open", gives=shapes.BusinessHours))
def hours(request: Request) -> HttpResponse:
    request.auth.must("promises.manage")
    return told(_hours())


@router.put(
    "/hours",
    **operation(
        "keep_hours", "Keep calendars, and who keeps which", takes=shapes.HoursGiven, gives=shapes.BusinessHours
    ),
)
def keep_hours(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.HoursGiven)
    house.update_organization(actor=request.auth, calendars=wanted.calendars, hours_of=wanted.places)
    return told(_hours())


@router.get(
    "/promises",
    **operation(
        "list_promises",
        "What is promised, in the order it is asked",
        gives=shapes.Policies,
        paged=True,
        problems=(422,),
    ),
)
def index(request: Request) -> HttpResponse:
    found = queries.policies(request.auth)
    rows, following = paging.of_places("P", request, found, lambda one: (f"{one.place:019}", one.pk))
    return told(shapes.Policies([_drawn(one) for one in rows], following))


@router.post(
    "/promises",
    **operation(
        "make_promise", "Promise something from now on", takes=shapes.PolicyRuling, gives=shapes.Policy, status=201,
        problems=(404, 409),
    ),
)  # fmt: skip
def make(request: Request) -> HttpResponse:
    return told(_drawn(actions.keep_policy(_ruling(asked(request, shapes.PolicyRuling)), actor=request.auth)), 201)


@router.put(
    "/promises/order",
    **operation(
        "order_promises", "Say which is asked first", takes=shapes.PolicyOrder, gives=shapes.Policies, problems=(404,)
    ),
)
def order(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.PolicyOrder)
    actions.order_policies([reading.number(one) for one in wanted.ids], actor=request.auth)
    return told(shapes.Policies([_drawn(one) for one in queries.policies(request.auth)], None))


@router.get("/promises/{promise_id}", **operation("get_promise", "Get a promise", gives=shapes.Policy, problems=(404,)))
def one(request: Request, promise_id: str) -> HttpResponse:
    return told(_drawn(queries.policy(request.auth, reading.number(promise_id))))


@router.put(
    "/promises/{promise_id}",
    **operation(
        "keep_promise", "Change a promise; what has ended stays as it was", takes=shapes.PolicyRuling,
        gives=shapes.Policy, problems=(404, 409),
    ),
)  # fmt: skip
def keep(request: Request, promise_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.PolicyRuling), reading.number(promise_id)
    return told(_drawn(actions.keep_policy(_ruling(wanted), actor=request.auth, policy_id=number)))


@router.delete(
    "/promises/{promise_id}",
    **operation("drop_promise", "Promise it no longer", gives=shapes.Policy, write=True, problems=(404,)),
)
def drop(request: Request, promise_id: str) -> HttpResponse:
    last = queries.policy(request.auth, reading.number(promise_id))
    drawn = _drawn(last)
    actions.drop_policy(last.pk, actor=request.auth)
    return told(drawn)


@router.get(
    "/conversations/{conversation_id}/promises",
    **operation(
        "list_promised",
        "What was promised in a conversation, and what became of it",
        gives=shapes.PromisedOf,
        problems=(404,),
    ),
)
def of_conversation(request: Request, conversation_id: str) -> HttpResponse:
    return told(_promised(request, reading.number(conversation_id)))


@router.put(
    "/conversations/{conversation_id}/promises",
    **operation(
        "choose_promise", "Promise this whatever conditions say, or again what they say", takes=shapes.PolicyChoice,
        gives=shapes.PromisedOf, problems=(404,),
    ),
)  # fmt: skip
def choose(request: Request, conversation_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.PolicyChoice), reading.number(conversation_id)
    chosen = None if wanted.promise_id is None else reading.number(wanted.promise_id)
    actions.use(number, chosen, actor=request.auth)
    return told(_promised(request, number))


def _hours() -> shapes.BusinessHours:
    now = accounts.organization()
    return shapes.BusinessHours(now.calendars, now.hours_of)


def _ruling(wanted: shapes.PolicyRuling) -> actions.Ruling:
    said = msgspec.structs.asdict(wanted.terms)
    steps = tuple(Step(one.act, one.minutes, one.value) for one in wanted.terms.steps)
    terms = Terms(**said | {"steps": steps, "pauses": tuple(wanted.terms.pauses)})
    return actions.Ruling(name=wanted.name, terms=terms, conditions=wanted.conditions, is_on=wanted.on)


def _drawn(one: Any) -> shapes.Policy:
    return shapes.Policy(
        id=str(one.pk), name=one.name, on=one.is_on, place=one.place, version=one.version, conditions=one.conditions,
        terms=msgspec.convert(one.terms, shapes.PromiseTerms), changed_at=one.changed_at,
    )  # fmt: skip


def _promised(request: Request, conversation_id: int) -> shapes.PromisedOf:
    found = queries.of_conversation(request.auth, conversation_id)
    return shapes.PromisedOf([_one(one) for one in found], None)


def _one(one: Any) -> shapes.Promised:
    return shapes.Promised(
        id=str(one.pk), what=one.what, promise_id=drawing.id_of(one.policy_id),
        promise=one.policy.name if one.policy else None, version=one.version,
        minutes=round(one.total.total_seconds() / 60), begun_at=one.begun_at, due_at=one.due_at,
        spent_seconds=round(one.spent.total_seconds()), warned="warn" in one.passed, broken_at=one.broken_at,
        ended_at=one.ended_at, outcome=one.outcome or None,
    )  # fmt: skip
