"""Two customers who are one: posted to join them, deleted to take it back; and those who may be one."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, drawing, paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.customers import actions, queries

router = Router(tags=["Customers"])


@router.get(
    "/customers/{customer_id}/merges",
    **operation(
        "list_merges", "What makes a customer one, the newest first", gives=shapes.Merges, paged=True,
        problems=(404, 422),
    ),
)  # fmt: skip
def index(request: Request, customer_id: str) -> HttpResponse:
    found = queries.merges(queries.customer(request.auth, reading.number(customer_id)))
    rows, following = paging.of_places("w", request, found, lambda one: paging.newest(one.pk))
    return told(shapes.Merges([shapes.Merge(**_entry(one)) for one in rows], following))


@router.post(
    "/customers/{customer_id}/merges",
    **operation(
        "merge_customers", "Say that another customer is this one, whose id stands for both from now on",
        takes=shapes.Merging, gives=shapes.Merged, status=201, problems=(404,),
    ),
)  # fmt: skip
def create(request: Request, customer_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.Merging), reading.number(customer_id)
    entry = actions.merge(number, reading.number(wanted.other_id), actor=request.auth)
    made = drawing.customer(queries.customer(request.auth, number))
    return told(shapes.Merged(**_entry(entry), customer=made), 201)


@router.delete(
    "/customers/{customer_id}/merges/{merge_id}",
    **operation(
        "split_customers", "Take a merge back: both are who they were", gives=shapes.Customer, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def delete(request: Request, customer_id: str, merge_id: str) -> HttpResponse:
    number = reading.number(customer_id)
    actions.split(reading.number(merge_id), actor=request.auth, person_id=number)
    return told(drawing.customer(queries.customer(request.auth, number)))


@router.get(
    "/suggestions",
    **operation(
        "list_suggestions", "Customers who may be one, the newest first", gives=shapes.Suggestions, paged=True,
        problems=(422,),
    ),
)  # fmt: skip
def suggestions(request: Request) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    before = cursors.number("g", cursor) if cursor else None
    rows = queries.suggestions(request.auth, before=before, limit=limit)
    following = cursors.of_number("g", rows[-1].pk) if len(rows) == limit else None
    return told(shapes.Suggestions([_suggestion(one) for one in rows], following))


@router.put(
    "/suggestions/{suggestion_id}/dismissal",
    **operation(
        "dismiss_suggestion", "Say that these are two customers", gives=shapes.Suggestion, write=True, problems=(404,)
    ),
)
def dismiss(request: Request, suggestion_id: str) -> HttpResponse:
    number = reading.number(suggestion_id)
    actions.dismiss(number, actor=request.auth)
    return told(_suggestion(queries.suggestion(request.auth, number)))


def _entry(merge: Any) -> dict[str, Any]:
    return {
        "id": str(merge.pk),
        "kept_id": str(merge.kept_id),
        "joined_id": str(merge.joined_id),
        "evidence": merge.evidence,
        "at": merge.at,
    }


def _suggestion(one: queries.Resembling) -> shapes.Suggestion:
    return shapes.Suggestion(
        id=str(one.pk),
        customers=[drawing.customer(one.one), drawing.customer(one.other)],
        evidence=one.evidence,  # type: ignore[arg-type]  # the room writes no other words
        state=one.state,  # type: ignore[arg-type]  # the database checks it
        created_at=one.created_at,
    )
