"""Winning customers back: recoveries with their steps, goodwill and outcome, and what they achieved."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, drawing, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.insights import recoveries as insights
from careline.insights.metrics.figures import Figure
from careline.kit.refusals import Refused
from careline.service.recovery import actions, plays, queries

router = Router(tags=["Recovery"])
WHICH = ("all", "running", "late", "closed", "reached", "missed", "withdrawn")
_WHICH = {"description": "Which of them.", "schema": {"type": "string", "enum": list(WHICH), "default": "all"}}
_DAYS = {"description": "Begun within so many days.", "schema": {"type": "integer", "minimum": 1, "maximum": 3650}}


@router.get(
    "/recoveries",
    **operation(
        "list_recoveries", "List the recoveries, the newest first", gives=shapes.Recoveries, paged=True,
        query={"which": _WHICH}, problems=(422,),
    ),
)  # fmt: skip
def index(request: Request) -> HttpResponse:
    request.auth.must("conversations.view")
    given = query(request)
    limit, cursor = reading.page(given)
    before = cursors.time_and_number("r", cursor) if cursor else None
    which = reading.choice(given, "which", WHICH, "all")
    rows = queries.recoveries(request.auth, which=which, before=before, limit=limit + 1)
    following = cursors.of_time("r", rows[limit - 1].opened_at, rows[limit - 1].pk) if len(rows) > limit else None
    return told(shapes.Recoveries([_drawn(one) for one in rows[:limit]], following))


@router.post(
    "/recoveries",
    **operation(
        "begin_recovery", "Begin to win a customer back in a conversation of theirs", takes=shapes.RecoveryBeginning,
        gives=shapes.Recovery, status=201, problems=(404,),
    ),
)  # fmt: skip
def begin(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.RecoveryBeginning)
    made = actions.begin(reading.number(wanted.conversation_id), actor=request.auth, words=wanted.words)
    return told(_drawn(queries.recovery(request.auth, made.pk)), 201)


@router.get(
    "/recoveries/{recovery_id}",
    **operation("get_recovery", "Get a recovery", gives=shapes.Recovery, problems=(404,)),
)
def one(request: Request, recovery_id: str) -> HttpResponse:
    return told(_drawn(queries.recovery(request.auth, reading.number(recovery_id))))


@router.put(
    "/recoveries/{recovery_id}/steps/{place}",
    **operation(
        "do_recovery_step", "Say that a step is done, or is not after all", takes=shapes.StepDoing,
        gives=shapes.Recovery, problems=(404,),
    ),
)  # fmt: skip
def step(request: Request, recovery_id: str, place: str) -> HttpResponse:
    wanted, number = asked(request, shapes.StepDoing), reading.number(recovery_id)
    actions.step(number, min(reading.number(place), plays.MOST + 1), actor=request.auth, done=wanted.done)
    return told(_drawn(queries.recovery(request.auth, number)))


@router.post(
    "/recoveries/{recovery_id}/goodwill",
    **operation(
        "give_goodwill", "Give goodwill, as far as the role of the token's agent may", takes=shapes.GoodwillGiving,
        gives=shapes.Recovery, status=201, problems=(404,),
    ),
)  # fmt: skip
def give(request: Request, recovery_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.GoodwillGiving), reading.number(recovery_id)
    actions.give(
        number, wanted.amount_minor, actor=request.auth, refund=wanted.refund, words=wanted.words, once=wanted.once
    )
    return told(_drawn(queries.recovery(request.auth, number)), 201)


@router.put(
    "/recoveries/{recovery_id}/outcome",
    **operation(
        "end_recovery", "Say how a recovery ended", takes=shapes.RecoveryEnding, gives=shapes.Recovery, problems=(404,)
    ),
)
def end(request: Request, recovery_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.RecoveryEnding), reading.number(recovery_id)
    actions.close(number, actor=request.auth, outcome=wanted.outcome, resolved=wanted.resolved, words=wanted.words)
    return told(_drawn(queries.recovery(request.auth, number)))


@router.get(
    "/recovery-outcomes",
    **operation(
        "recovery_outcomes", "What winning back achieved: those reached beside those who were not",
        gives=shapes.RecoveryOutcomes, query={"days": _DAYS}, problems=(422,),
    ),
)  # fmt: skip
def outcomes(request: Request) -> HttpResponse:
    days = query(request).get("days", "")
    if days and not (days.isascii() and days.isdecimal() and len(days) < 5 and 1 <= int(days) <= 3650):
        raise Refused("days is a whole number from 1 to 3650.", field="days")
    found = insights.achieved(request.auth, days=int(days) if days else None)
    return told(
        shapes.RecoveryOutcomes(
            running=found.running, late=found.late, closed=found.closed, withdrawn=found.withdrawn,
            given_minor=found.given_minor, reached=_figure(found.reached), in_time=_figure(found.in_time),
            resolved=_figure(found.resolved),
            sides=[
                shapes.RecoverySides(
                    side.name, _figure(side.reached), _figure(side.missed),  # type: ignore[arg-type]  # of a few names
                    side.change.value if side.change else None, side.change.real if side.change else None,
                )
                for side in found.sides
            ],
        )
    )  # fmt: skip


def _figure(one: Figure) -> shapes.Achieved:
    return shapes.Achieved(one.value, one.low, one.high, one.n)


def _drawn(one: Any) -> shapes.Recovery:
    """With what goes with it, read before."""
    text = drawing.id_of
    return shapes.Recovery(
        id=str(one.pk), conversation_id=str(one.conversation_id), customer_id=str(one.person_id),
        opened_at=one.opened_at, due_at=one.due_at, late=queries.is_late(one), escalated_at=one.escalated_at,
        closed_at=one.closed_at, outcome=one.outcome or None, resolved=one.resolved, words=one.words or None,
        assignee_id=text(one.conversation.assignee_id), team_id=text(one.conversation.team_id),
        causes=[
            shapes.RecoveryCause(
                kind=cause.kind, at=cause.at, metric=cause.metric or None, score=cause.score, scale_max=cause.top,
                promise=cause.promise or None, words=cause.words or None, response_id=text(cause.response),
            )
            for cause in sorted(one.causes.all(), key=lambda cause: cause.pk)
        ],
        steps=[
            shapes.RecoveryStep(
                place=step.place, kind=step.kind, words=plays.told(step.kind, step.words), done_at=step.done_at,
                done_by=text(step.done_by),
            )
            for step in sorted(one.steps.all(), key=lambda step: step.place)
        ],
        goodwill=[
            shapes.Goodwill(
                amount_minor=given.amount_minor, currency=given.currency, refund=given.refund,
                words=given.words or None,
                given_at=given.given_at, given_by=str(given.given_by),
            )
            for given in sorted(one.goodwill.all(), key=lambda given: given.pk)
        ],
    )  # fmt: skip
