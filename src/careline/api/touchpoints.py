"""The line of a customer."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline.api import drawing, lists, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told, written
from careline.customers import actions
from careline.customers import queries as people
from careline.touchpoints import queries

router = Router(tags=["Customers"])
FILTERS: dict[str, dict[str, Any]] = {
    "kind": {
        "schema": {"type": "string"},
        "description": "Moments of this kind; of several, parted by commas, of any of them.",
    },
    "channel": {"schema": {"type": "string"}, "description": "Moments in this channel, such as webchat."},
    "journey": {
        "schema": {"type": "string"},
        "description": "Moments that belong to this, such as order:A-17; without kind and channel.",
    },
    "until": {
        "schema": {"type": "string", "format": "date-time"},
        "description": "Moments up to this one, with its zone.",
    },
}


@router.get(
    "/customers/{customer_id}/touchpoints",
    **operation(
        "list_touchpoints", "List the moments on a customer's line, the newest first", gives=shapes.Touchpoints,
        paged=True, query=FILTERS, problems=(404, 422),
    ),
)  # fmt: skip
def index(request: Request, customer_id: str) -> HttpResponse:
    wanted = lists.moments_wanted(query(request))
    ids = people.beside(request.auth, reading.number(customer_id)).ids
    return written(lists.moments_told(queries.line(request.auth, ids, **wanted.given()), wanted.limit))


@router.post(
    "/customers/{customer_id}/touchpoints",
    **operation(
        "add_touchpoint", "Add a moment by hand: a call, a meeting, a visit", takes=shapes.MomentAdding,
        gives=shapes.Touchpoint, status=201, problems=(404,),
    ),
)  # fmt: skip
def create(request: Request, customer_id: str) -> HttpResponse:
    adding, number = asked(request, shapes.MomentAdding), reading.number(customer_id)
    at, id = actions.add_moment(number, way=adding.way, words=adding.words, at=adding.at, actor=request.auth)
    ids = people.beside(request.auth, number).ids
    [added] = queries.line(request.auth, ids, before=(at, uuid.UUID(int=id.int + 1)), limit=1)
    return told(drawing.touchpoint(added), 201)
