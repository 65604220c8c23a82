"""Two customers who are one: posted to join them, deleted to take it back."""

from __future__ import annotations

from django.http import HttpResponse
from ninja import Router

from careline.api import drawing, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, told
from careline.customers import actions, queries

router = Router(tags=["Customers"])


@router.post(
    "/customers/{customer_id}/merges",
    **operation(
        "merge_customers", "Say that another customer is this one", takes=shapes.Merging, gives=shapes.Merge,
        status=201, problems=(404,),
    ),
)  # fmt: skip
def create(request: Request, customer_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.Merging), reading.number(customer_id)
    entry = actions.merge(number, reading.number(wanted.other_id), actor=request.auth)
    [found] = queries.whole([queries.person(request.auth, number)])
    return told(
        shapes.Merge(
            id=str(entry.pk),
            kept_id=str(entry.kept_id),
            joined_id=str(entry.joined_id),
            evidence=entry.evidence,
            at=entry.at,
            customer=drawing.customer(found),
        ),
        201,
    )


@router.delete(
    "/customers/{customer_id}/merges/{merge_id}",
    **operation("split_customers", "Take a merge back", gives=shapes.Customer, write=True, problems=(404,)),
)
def delete(request: Request, customer_id: str, merge_id: str) -> HttpResponse:
    number = reading.number(customer_id)
    actions.split(reading.number(merge_id), actor=request.auth, person_id=number)
    [found] = queries.whole([queries.person(request.auth, number)])
    return told(drawing.customer(found))
