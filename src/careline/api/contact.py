"""Whether a customer may be written to unasked: holds, posted and deleted, and the log of what was decided."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline import contact
from careline.api import cursors, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.contact import queries

router = Router(tags=["Contact"])


@router.get(
    "/customers/{customer_id}/holds",
    **operation(
        "list_holds", "The holds on a customer, those that are over too, the newest first", gives=shapes.Holds,
        paged=True, problems=(404, 422),
    ),
)  # fmt: skip
def index(request: Request, customer_id: str) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    before = cursors.time_and_number("h", cursor) if cursor else None
    rows = queries.every_hold(request.auth, reading.number(customer_id), before=before, limit=limit + 1)
    following = cursors.of_time("h", rows[limit - 1].created_at, rows[limit - 1].pk) if len(rows) > limit else None
    return told(shapes.Holds([_drawn(one) for one in rows[:limit]], following))


@router.post(
    "/customers/{customer_id}/holds",
    **operation(
        "hold_customer", "Write nothing but answers to a customer for a while", takes=shapes.Holding,
        gives=shapes.Hold, status=201, problems=(404,),
    ),
)  # fmt: skip
def create(request: Request, customer_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.Holding), reading.number(customer_id)
    return told(_drawn(contact.hold(number, wanted.reason, wanted.until, actor=request.auth)), 201)


@router.delete(
    "/customers/{customer_id}/holds/{hold_id}",
    **operation("release_hold", "Lift a hold before its time", gives=shapes.Hold, write=True, problems=(404,)),
)
def delete(request: Request, customer_id: str, hold_id: str) -> HttpResponse:
    number = reading.number(customer_id)
    return told(_drawn(contact.release(reading.number(hold_id), actor=request.auth, person_id=number)))


@router.get(
    "/customers/{customer_id}/decisions",
    **operation(
        "list_decisions", "What was decided about writing to a customer unasked, the newest first",
        gives=shapes.Decisions, paged=True, problems=(404, 422),
    ),
)  # fmt: skip
def decisions(request: Request, customer_id: str) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    before = cursors.time_and_number("x", cursor) if cursor else None
    rows = queries.why(request.auth, reading.number(customer_id), before=before, limit=limit + 1)
    following = cursors.of_time("x", rows[limit - 1].at, rows[limit - 1].pk) if len(rows) > limit else None
    items = [
        shapes.Decision(
            id=str(one.pk), at=one.at, purpose=one.purpose, channel=one.channel, allowed=one.allowed,
            reason=one.words if one.reason else None, retry_at=one.retry_at,
        )
        for one in rows[:limit]
    ]  # fmt: skip
    return told(shapes.Decisions(items, following))


def _drawn(one: Any) -> shapes.Hold:
    return shapes.Hold(
        id=str(one.pk), customer_id=str(one.person_id), reason=one.reason, until=one.until, created_at=one.created_at,
        released_at=one.released_at, running=one.is_running,
    )  # fmt: skip
