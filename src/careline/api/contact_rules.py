"""By what is decided whether a customer is written to unasked: rules by scope, and what they would say now."""

from __future__ import annotations

from datetime import time
from typing import Any

import msgspec
from django.http import HttpResponse
from ninja import Router

from careline.api import paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.contact import outlook as looks
from careline.contact import queries, reach, ruling, scopes
from careline.kit.refusals import Refused

router = Router(tags=["Contact"])
PURPOSE = {"required": True, "description": "A scope, or what lies in one.", "schema": {"type": "string"}}
CHANNEL = {"required": True, "schema": {"type": "string"}}


@router.get(
    "/contact-rules",
    **operation(
        "list_contact_rules", "By what is decided whether customers are written to unasked",
        gives=shapes.ContactRules, paged=True, problems=(422,),
    ),
)  # fmt: skip
def index(request: Request) -> HttpResponse:
    rows, following = paging.of_places("y", request, queries.rules(request.auth), lambda one: (one.name, one.pk))
    return told(shapes.ContactRules([_drawn(one) for one in rows], following))


@router.get(
    "/contact-rules/{path:name}",
    **operation("get_contact_rule", "The rules of one scope", gives=shapes.ContactRule, problems=(404,)),
)
def show(request: Request, name: str) -> HttpResponse:
    return told(_drawn(queries.rule(request.auth, name)))


@router.put(
    "/contact-rules/{path:name}",
    **operation(
        "keep_contact_rule", "Make a scope or give it other rules, from the next decision on",
        takes=shapes.ContactRuling, gives=shapes.ContactRule, problems=(404,),
    ),
)  # fmt: skip
def keep(request: Request, name: str) -> HttpResponse:
    wanted = asked(request, shapes.ContactRuling)
    known = reach.channels()
    for limit in wanted.limits:
        if limit.channel is not None and limit.channel not in known:
            raise Refused(f"limits: channel is one of: {', '.join(known)}.", field="limits")
    kept = ruling.Rules(
        label=wanted.label, priority=wanted.priority, quiet_days=wanted.quiet_days, talks=wanted.talks,
        caps=[scopes.Cap(one.most, one.hours, one.channel or "", one.upto) for one in wanted.limits],
        quiet_from=_time(wanted.quiet_from), quiet_to=_time(wanted.quiet_to), promise_days=wanted.promise_days,
    )  # fmt: skip
    return told(_drawn(ruling.keep_rules(name, kept, actor=request.auth)))


@router.delete(
    "/contact-rules/{path:name}",
    **operation(
        "drop_contact_rule", "Let what falls under a scope be decided by the scope around it",
        gives=shapes.ContactRules, write=True, problems=(404,),
    ),
)  # fmt: skip
def drop(request: Request, name: str) -> HttpResponse:
    ruling.drop_rules(name, actor=request.auth)
    return index(request)


@router.get(
    "/customers/{customer_id}/outlook",
    **operation(
        "get_contact_outlook", "Whether a customer would be written to now, and why; nothing is kept",
        gives=shapes.ContactOutlook, query={"purpose": PURPOSE, "channel": CHANNEL}, problems=(404, 422),
    ),
)  # fmt: skip
def outlook(request: Request, customer_id: str) -> HttpResponse:
    given = query(request)
    found = looks.outlook(request.auth, reading.number(customer_id), given.get("purpose", ""), given.get("channel", ""))
    return told(
        shapes.ContactOutlook(
            allowed=found.allowed,
            reason=None if found.allowed else found.words,
            retry_at=found.retry_at,
            scope=found.scope or None,
            looks=[
                shapes.ContactLook(about=one.about, passes=one.passes, says=one.words, until=one.until)
                for one in found.looks
            ],
        )
    )


def _time(written: str | None) -> time | None:
    return time.fromisoformat(written) if written else None


def _drawn(one: Any) -> shapes.ContactRule:
    return shapes.ContactRule(
        name=one.name, label=one.label, priority=one.priority, talks=one.talks, promise_days=one.promise_days,
        limits=[
            shapes.ContactLimit(cap.most, cap.hours, cap.channel or None, cap.upto)
            for cap in msgspec.convert(one.caps, list[scopes.Cap])
        ],
        quiet_from=f"{one.quiet_from:%H:%M}" if one.quiet_from else None,
        quiet_to=f"{one.quiet_to:%H:%M}" if one.quiet_to else None,
        quiet_days=one.quiet_days, changed_at=one.changed_at,
    )  # fmt: skip
