"""The line of a customer."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, drawing, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.customers import actions
from careline.customers import queries as people
from careline.kit import text
from careline.kit.refusals import Refused
from careline.touchpoints import queries
from careline.touchpoints.kinds import KINDS

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
    given = query(request)
    limit, cursor = reading.page(given)
    before = cursors.time_and_uuid("l", cursor) if cursor else _until(given.get("until", ""))
    kinds = [kind for kind in given.get("kind", "").split(",") if kind]
    if unknown := [kind for kind in kinds if kind not in KINDS]:
        raise Refused(f"There is no kind of touchpoint {unknown[0][:60]}.", field="kind")
    channel = text.clean(given.get("channel", ""), field="channel", limit=40)
    journey = text.clean(given.get("journey", ""), field="journey", limit=300)
    ids = people.beside(request.auth, reading.number(customer_id)).ids
    rows = queries.line(
        request.auth, ids, before=before, limit=limit + 1, kinds=kinds, channel=channel, journey=journey
    )
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        following = cursors.of_time("l", rows[-1].occurred_at, rows[-1].id)
    return told(shapes.Touchpoints([drawing.touchpoint(row) for row in rows], following))


@router.post(
    "/customers/{customer_id}/touchpoints",
    **operation(
        "add_touchpoint", "Add a moment by hand: a call, a meeting, a visit", takes=shapes.MomentAdding,
        gives=shapes.Touchpoint, status=201, problems=(404,),
    ),
)  # fmt: skip
def create(request: Request, customer_id: str) -> HttpResponse:
    adding, number = asked(request, shapes.MomentAdding), reading.number(customer_id)
    at = None if adding.at is None else _in_utc(adding.at)
    at, id = actions.add_moment(number, way=adding.way, words=adding.words, at=at, actor=request.auth)
    ids = people.beside(request.auth, number).ids
    [added] = queries.line(request.auth, ids, before=(at, uuid.UUID(int=id.int + 1)), limit=1)
    return told(drawing.touchpoint(added), 201)


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError:
        raise Refused("at is a moment since 1900.", field="at") from None


def _until(written: str) -> queries.Position | None:
    """The place behind every moment of that instant."""
    if not written:
        return None
    try:
        at = datetime.fromisoformat(written)
        if at.tzinfo is None:
            raise ValueError
        return at.astimezone(UTC), uuid.UUID(int=2**128 - 1)
    except (ValueError, OverflowError):
        raise Refused("until is a moment with its zone, such as 2026-05-01T09:00:00Z.", field="until") from None
