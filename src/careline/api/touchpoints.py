"""The line of a customer."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, drawing, finding, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, query, told
from careline.customers import queries as people
from careline.touchpoints import queries

router = Router(tags=["Customers"])


@router.get(
    "/customers/{customer_id}/touchpoints",
    **operation(
        "list_touchpoints", "List the moments on a customer's line, the newest first", gives=shapes.Touchpoints,
        paged=True, problems=(404, 422),
    ),
)  # fmt: skip
def index(request: Request, customer_id: str) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    before = cursors.time_and_uuid("l", cursor) if cursor else None
    ids = people.ids_of(finding.seen(request.auth, reading.number(customer_id)))
    rows = queries.line(request.auth, ids, before=before, limit=limit + 1)
    following = None
    if len(rows) > limit:
        rows = rows[:limit]
        following = cursors.of_time("l", rows[-1].occurred_at, rows[-1].id)
    return told(shapes.Touchpoints([drawing.touchpoint(row) for row in rows], following))
