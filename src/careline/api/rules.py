"""What happens by itself: the house's rules as a resource each, in the order they are asked."""

from __future__ import annotations

from typing import Any

import msgspec
from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.kit import sentences
from careline.service.rules import actions, queries, trying

router = Router(tags=["Rules"])
SHOWN = 200


@router.get(
    "/rules",
    **operation(
        "list_rules", "The rules of the house, in the order they are asked", gives=shapes.HouseRules, paged=True,
        problems=(422,),
    ),
)  # fmt: skip
def index(request: Request) -> HttpResponse:
    rows, following = paging.of_places(
        "r", request, queries.rules(request.auth), lambda one: (f"{one.position:09}", one.pk)
    )
    return told(shapes.HouseRules([_drawn(one) for one in rows], following))


@router.post(
    "/rules",
    **operation(
        "make_rule", "Make a rule, switched off and last", takes=shapes.HouseRuling, gives=shapes.HouseRule, status=201
    ),
)
def make(request: Request) -> HttpResponse:
    made = actions.keep(*_ruling(asked(request, shapes.HouseRuling)), actor=request.auth)
    return told(_shown(request, made.pk), 201)


@router.post(
    "/ready-rules",
    **operation(
        "add_ready_rule", "Add one of the rules that come ready, switched off and last",
        takes=shapes.HouseRuleAdding, gives=shapes.HouseRule, status=201, problems=(404,),
    ),
)  # fmt: skip
def add(request: Request) -> HttpResponse:
    made = actions.keep_ready(asked(request, shapes.HouseRuleAdding).ready, actor=request.auth)
    return told(_shown(request, made.pk), 201)


@router.put(
    "/rule-order",
    **operation(
        "order_rules", "Say which rules are asked first", takes=shapes.RuleOrdering, gives=shapes.HouseRules,
        problems=(404,),
    ),
)  # fmt: skip
def order(request: Request) -> HttpResponse:
    named = [reading.number(one) for one in asked(request, shapes.RuleOrdering).rules]
    actions.order(named, actor=request.auth)
    return index(request)


@router.post(
    "/rule-trials",
    **operation(
        "try_rule", "Where a rule would have run in the last seven days; nothing is kept or done",
        takes=shapes.HouseRuling, gives=shapes.RuleTrial,
    ),
)  # fmt: skip
def attempt(request: Request) -> HttpResponse:
    found = trying.tried(request.auth, *_ruling(asked(request, shapes.HouseRuling)))
    first = [shapes.RuleMatch(str(conversation), at) for conversation, at in found.matched[:SHOWN]]
    return told(shapes.RuleTrial(found.since, found.occasions, len(found.matched), first, found.cut))


@router.get(
    "/rules/{house_rule_id}",
    **operation("get_rule", "Get a rule", gives=shapes.HouseRule, problems=(404,)),
)
def one(request: Request, house_rule_id: str) -> HttpResponse:
    return told(_shown(request, reading.number(house_rule_id)))


@router.put(
    "/rules/{house_rule_id}",
    **operation(
        "keep_rule", "Change a rule, for what happens from now on", takes=shapes.HouseRuling, gives=shapes.HouseRule,
        problems=(404,),
    ),
)  # fmt: skip
def keep(request: Request, house_rule_id: str) -> HttpResponse:
    number = reading.number(house_rule_id)
    actions.keep(*_ruling(asked(request, shapes.HouseRuling)), actor=request.auth, rule_id=number)
    return told(_shown(request, number))


@router.delete(
    "/rules/{house_rule_id}",
    **operation(
        "drop_rule", "Take a rule away; what it did stays done", gives=shapes.HouseRule, write=True, problems=(404,)
    ),
)
def drop(request: Request, house_rule_id: str) -> HttpResponse:
    last = _shown(request, reading.number(house_rule_id))
    actions.drop(int(last.id), actor=request.auth)
    return told(last)


@router.put(
    "/rules/{house_rule_id}/activation",
    **operation(
        "activate_rule", "Switch a rule on, for what happens from now on", gives=shapes.HouseRule, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def activate(request: Request, house_rule_id: str) -> HttpResponse:
    return told(_shown(request, actions.switch(reading.number(house_rule_id), on=True, actor=request.auth).pk))


@router.delete(
    "/rules/{house_rule_id}/activation",
    **operation(
        "deactivate_rule", "Switch a rule off; what it put off is dropped", gives=shapes.HouseRule, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def deactivate(request: Request, house_rule_id: str) -> HttpResponse:
    return told(_shown(request, actions.switch(reading.number(house_rule_id), on=False, actor=request.auth).pk))


@router.get(
    "/rules/{house_rule_id}/firings",
    **operation(
        "list_rule_firings", "Where a rule ran, the newest first", gives=shapes.RuleFirings, paged=True,
        problems=(404, 422),
    ),
)  # fmt: skip
def firings(request: Request, house_rule_id: str) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    before = cursors.text_and_number("f", cursor)[1] if cursor else None
    found = queries.firings(request.auth, reading.number(house_rule_id), before=before, limit=limit + 1)
    items = [
        shapes.RuleFiring(
            id=str(one.id), conversation_id=str(one.conversation_id), version=one.version, at=one.at,
            done=[shapes.RuleStepDone(step["do"], sentences.told(step.get("why", "")) or None) for step in one.done],
        ) for one in found[:limit]
    ]  # fmt: skip
    return told(
        shapes.RuleFirings(items, cursors.of_text("f", "", found[limit - 1].id) if len(found) > limit else None)
    )


def _ruling(wanted: shapes.HouseRuling) -> tuple[str, Any, Any, Any]:
    return wanted.name, msgspec.to_builtins(wanted.when), wanted.conditions, msgspec.to_builtins(wanted.then)


def _shown(request: Request, rule_id: int) -> shapes.HouseRule:
    return _drawn(queries.rule(request.auth, rule_id))


def _drawn(one: Any) -> shapes.HouseRule:
    says = one.says
    return shapes.HouseRule(
        id=str(one.pk), name=one.name, on=one.is_on, position=one.position, version=one.version, when=says.when,
        conditions=says.conditions, then=says.then, ran=one.ran, ran_at=one.last, changed_at=one.changed_at,
    )  # fmt: skip
