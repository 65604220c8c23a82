"""Addresses nothing is sent to: listed, and deleted once one of them works again."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline import contact
from careline.api import cursors, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, query, told
from careline.contact import queries, reasons

router = Router(tags=["Contact"])
ADDRESS = {
    "description": "That address alone, however it is written.",
    "schema": {"type": "string"},
}


@router.get(
    "/suppressions",
    **operation(
        "list_suppressions", "Addresses nothing is sent to, the newest first", gives=shapes.Suppressions, paged=True,
        query={"address": ADDRESS}, problems=(422,),
    ),
)  # fmt: skip
def index(request: Request) -> HttpResponse:
    given = query(request)
    limit, cursor = reading.page(given)
    before = cursors.time_and_number("u", cursor) if cursor else None
    rows = queries.suppressions(request.auth, address=given.get("address", ""), before=before, limit=limit + 1)
    following = cursors.of_time("u", rows[limit - 1].at, rows[limit - 1].pk) if len(rows) > limit else None
    return told(shapes.Suppressions([_drawn(one) for one in rows[:limit]], following))


@router.delete(
    "/suppressions/{suppression_id}",
    **operation(
        "lift_suppression", "Send to an address again", gives=shapes.Suppression, write=True, problems=(404,)
    ),
)  # fmt: skip
def delete(request: Request, suppression_id: str) -> HttpResponse:
    return told(_drawn(contact.lift(reading.number(suppression_id), actor=request.auth)))


def _drawn(one: Any) -> shapes.Suppression:
    return shapes.Suppression(
        id=str(one.pk),
        address=one.address or None,
        reason=one.reason,
        says=str(reasons.of_suppression(one.reason)),
        code=one.code or None,
        words=one.words or None,
        message_id=None if one.message_id is None else str(one.message_id),
        answers=one.allows_answers,
        at=one.at,
    )
