"""Queues, and what holds in all of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline.api import drawing, paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, told
from careline.service.routing import actions, queries
from careline.service.routing.relaxing import Step

router = Router(tags=["Routing"])


@router.get(
    "/queues",
    **operation("list_queues", "Queues in the order they are asked", gives=shapes.Queues, paged=True, problems=(422,)),
)
def index(request: Request) -> HttpResponse:
    rows, following = paging.of_places(
        "q", request, queries.queues(request.auth), lambda one: (f"{one.position:09}{one.pk:019}", one.pk)
    )
    return told(shapes.Queues([_drawn(one) for one in rows], following))


@router.post(
    "/queues",
    **operation(
        "make_queue", "Make a queue, asked after the others", takes=shapes.QueueRuling, gives=shapes.Queue, status=201,
        problems=(404,),
    ),
)  # fmt: skip
def make(request: Request) -> HttpResponse:
    made = actions.keep_queue(_ruling(asked(request, shapes.QueueRuling)), actor=request.auth)
    return told(_drawn(queries.queue(request.auth, made.pk)), 201)


@router.get(
    "/queues/{queue_id}",
    **operation("get_queue", "Get a queue", gives=shapes.Queue, problems=(404,)),
)
def one(request: Request, queue_id: str) -> HttpResponse:
    return told(_drawn(queries.queue(request.auth, reading.number(queue_id))))


@router.put(
    "/queues/{queue_id}",
    **operation(
        "keep_queue", "Change a queue; what waits is placed anew", takes=shapes.QueueRuling, gives=shapes.Queue,
        problems=(404,),
    ),
)  # fmt: skip
def keep(request: Request, queue_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.QueueRuling), reading.number(queue_id)
    actions.keep_queue(_ruling(wanted), actor=request.auth, queue_id=number)
    return told(_drawn(queries.queue(request.auth, number)))


@router.delete(
    "/queues/{queue_id}",
    **operation(
        "drop_queue", "Take a queue away; what waits goes to the next it fits", gives=shapes.Queue, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def drop(request: Request, queue_id: str) -> HttpResponse:
    last = _drawn(queries.queue(request.auth, reading.number(queue_id)))
    actions.drop_queue(reading.number(queue_id), actor=request.auth)
    return told(last)


@router.get(
    "/routing",
    **operation("get_routing", "What holds in all queues", gives=shapes.RoutingPolicy),
)
def policy(request: Request) -> HttpResponse:
    return told(_policy(queries.policy(request.auth)))


@router.put(
    "/routing",
    **operation(
        "keep_routing", "Say what an agent carries, what a conversation weighs, and when silence means away",
        takes=shapes.RoutingPolicy, gives=shapes.RoutingPolicy,
    ),
)  # fmt: skip
def keep_policy(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.RoutingPolicy)
    held = actions.keep_policy(
        actor=request.auth, capacity=wanted.capacity, silence_minutes=wanted.silence_minutes, weigh=wanted.weights
    )
    return told(_policy(held))


def _policy(held: Any) -> shapes.RoutingPolicy:
    return shapes.RoutingPolicy(held.capacity, held.silence_minutes, queries.weights_of(held))


def _ruling(wanted: shapes.QueueRuling) -> actions.Ruling:
    return actions.Ruling(
        name=wanted.name, is_on=wanted.on, conditions=wanted.conditions, head_start_minutes=wanted.head_start_minutes,
        team_id=None if wanted.team_id is None else reading.number(wanted.team_id),
        skills={reading.number(one.skill_id): one.level for one in wanted.skills}, by_language=wanted.by_language,
        spread=wanted.spread, asks=wanted.asks, answer_s=wanted.answer_s, last_s=wanted.last_s,
        leave_minutes=wanted.leave_minutes, target_s=wanted.target_s, target_percent=wanted.target_percent,
        steps=[
            Step(one.after_s, one.ease, None if one.queue_id is None else reading.number(one.queue_id))
            for one in wanted.steps
        ],
    )  # fmt: skip


def _drawn(one: Any) -> shapes.Queue:
    return shapes.Queue(
        id=str(one.pk), name=one.name, on=one.is_on, conditions=one.conditions,
        head_start_minutes=one.head_start_minutes, team_id=drawing.id_of(one.team_id),
        skills=[shapes.SkillLevel(str(need.skill_id), need.level) for need in one.needs.all()],
        by_language=one.by_language, spread=one.spread, asks=one.asks, answer_s=one.answer_s, last_s=one.last_s,
        leave_minutes=one.leave_minutes, target_s=one.target_s, target_percent=one.target_percent,
        steps=[
            shapes.QueueStep(step["after_s"], step["ease"], drawing.id_of(step.get("queue"))) for step in one.steps
        ],
    )  # fmt: skip
