"""The line of a customer."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, drawing, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, query, told
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
    ids = people.beside(request.auth, reading.number(customer_id)).ids
    rows = queries.line(request.auth, ids, before=before, limit=limit + 1, kinds=kinds, channel=channel)
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        following = cursors.of_time("l", rows[-1].occurred_at, rows[-1].id)
    return told(shapes.Touchpoints([drawing.touchpoint(row) for row in rows], following))


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
