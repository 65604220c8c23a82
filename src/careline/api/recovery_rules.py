"""What begins a recovery: rules as a resource each, in the order they are asked."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline.api import drawing, paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, told
from careline.service.recovery import actions, plays, queries

router = Router(tags=["Recovery"])


@router.get(
    "/recovery-rules",
    **operation(
        "list_recovery_rules", "What begins a recovery, in the order it is asked", gives=shapes.RecoveryRules,
        paged=True, problems=(422,),
    ),
)  # fmt: skip
def index(request: Request) -> HttpResponse:
    rows, following = paging.of_places("w", request, queries.rules(request.auth), lambda one: (f"{one.pk:019}", one.pk))
    return told(shapes.RecoveryRules([_drawn(one) for one in rows], following))


@router.post(
    "/recovery-rules",
    **operation(
        "make_recovery_rule", "Make a rule, for what happens from now on", takes=shapes.RecoveryRuling,
        gives=shapes.RecoveryRule, status=201, problems=(404,),
    ),
)  # fmt: skip
def make(request: Request) -> HttpResponse:
    made = actions.keep_rule(_ruling(asked(request, shapes.RecoveryRuling)), actor=request.auth)
    return told(_drawn(made), 201)


@router.get(
    "/recovery-rules/{rule_id}",
    **operation("get_recovery_rule", "Get a rule", gives=shapes.RecoveryRule, problems=(404,)),
)
def one(request: Request, rule_id: str) -> HttpResponse:
    return told(_drawn(queries.rule(request.auth, reading.number(rule_id))))


@router.put(
    "/recovery-rules/{rule_id}",
    **operation(
        "keep_recovery_rule", "Change a rule, for what happens from now on", takes=shapes.RecoveryRuling,
        gives=shapes.RecoveryRule, problems=(404,),
    ),
)  # fmt: skip
def keep(request: Request, rule_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.RecoveryRuling), reading.number(rule_id)
    return told(_drawn(actions.keep_rule(_ruling(wanted), actor=request.auth, rule_id=number)))


@router.delete(
    "/recovery-rules/{rule_id}",
    **operation(
        "drop_recovery_rule", "Take a rule away; what it began goes on", gives=shapes.RecoveryRule, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def drop(request: Request, rule_id: str) -> HttpResponse:
    last = queries.rule(request.auth, reading.number(rule_id))
    actions.drop_rule(last.pk, actor=request.auth)
    return told(_drawn(last))


def _ruling(wanted: shapes.RecoveryRuling) -> actions.Ruling:
    return actions.Ruling(
        cause=wanted.cause, is_on=wanted.on, metric=wanted.metric or "", at_most=wanted.at_most,
        promise=wanted.promise or "", times=wanted.times, owner=wanted.owner,
        team_id=None if wanted.team_id is None else reading.number(wanted.team_id),
        lead_id=None if wanted.lead_id is None else reading.number(wanted.lead_id), minutes=wanted.minutes,
        play=[plays.Step(one.kind, one.words) for one in wanted.play],
    )  # fmt: skip


def _drawn(one: Any) -> shapes.RecoveryRule:
    return shapes.RecoveryRule(
        id=str(one.pk), on=one.is_on, cause=one.cause, metric=one.metric or None, at_most=one.at_most,
        promise=one.promise or None, times=one.times, owner=one.owner, team_id=drawing.id_of(one.team_id),
        lead_id=drawing.id_of(one.lead_id), minutes=one.minutes,
        play=[shapes.PlayStep(step.kind, step.words) for step in plays.of(one.play)], changed_at=one.changed_at,
    )  # fmt: skip
