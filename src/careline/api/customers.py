"""Customers: found, made known, changed, and the names they go by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.http import HttpResponse
from msgspec import UnsetType
from ninja import Router

from careline.api import cursors, drawing, finding, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, repeated, told
from careline.customers import actions, queries
from careline.customers.identities import Given
from careline.kit import text
from careline.kit.refusals import Refused

router = Router(tags=["Customers"])
Q: dict[str, Any] = {"schema": {"type": "string"}, "description": "Part of a name, an address, a number or an id."}
NARROWING: dict[str, dict[str, Any]] = {
    "segment_id": {"schema": {"type": "string"}, "description": "Only who belongs to this segment."},
    "where": {
        "schema": {"type": "array", "items": {"type": "string"}, "maxItems": 10},
        "description": (
            "Only those of whom it is true; repeated, all of it. NAME:HOW:VALUE of an attribute: text takes contains "
            "and is, number and date from, to and is, yes or no and a choice is; NAME:set and NAME:unset take any."
        ),
    },
}


@router.get(
    "/customers",
    **operation(
        "list_customers", "Find customers, the newest first", gives=shapes.Customers, paged=True,
        query={"q": Q, **NARROWING}, problems=(404, 422),
    ),
)  # fmt: skip
def index(request: Request) -> HttpResponse:
    given = query(request)
    limit, cursor = reading.page(given)
    before = cursors.number("p", cursor) if cursor else None
    # The room gives no more than our longest page, so whether something follows is asked for apart.
    segment = reading.number(given["segment_id"]) if "segment_id" in given else None
    among = queries.narrowed(request.auth, segment_id=segment, where=repeated(request, "where"))
    q = given.get("q", "")
    rows = queries.search(request.auth, q, before=before, limit=limit, among=among)
    following = None
    if len(rows) == limit and queries.search(request.auth, q, before=rows[-1].pk, limit=1, among=among):
        following = cursors.of_number("p", rows[-1].pk)
    return told(shapes.Customers([drawing.customer(one) for one in queries.whole(rows)], following))


@router.post(
    "/customers",
    **operation(
        "make_customer", "Make a customer known; one who is known already is found", takes=shapes.CustomerMaking,
        gives=shapes.Customer, status=201, repeated=200,
    ),
)  # fmt: skip
def create(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.CustomerMaking)
    found = actions.find_or_create(
        finding.identities(email=wanted.email, phone=wanted.phone, external_id=wanted.external_id),
        actor=request.auth,
        name=wanted.name or "",
        language=wanted.language or "",
        zone=wanted.zone or "",
        attributes=_attributes(wanted.attributes or {}),
    )
    return told(_drawn(request, found.person.pk), 201 if found.created else 200)


@router.get(
    "/customers/{customer_id}",
    **operation("get_customer", "Get a customer", gives=shapes.Customer, problems=(404,)),
)
def one(request: Request, customer_id: str) -> HttpResponse:
    return told(_drawn(request, reading.number(customer_id)))


@router.patch(
    "/customers/{customer_id}",
    **operation(
        "change_customer", "Change what is known of a customer", takes=shapes.CustomerChanging, gives=shapes.Customer,
        problems=(404,),
    ),
)  # fmt: skip
def change(request: Request, customer_id: str) -> HttpResponse:
    changes, number = asked(request, shapes.CustomerChanging), reading.number(customer_id)
    if changes == shapes.CustomerChanging():
        raise Refused("Nothing is to be changed; give name, language, zone, attributes or blocked.")
    with transaction.atomic():
        _change(number, changes, request)
    return told(_drawn(request, number))


@router.post(
    "/customers/{customer_id}/identities",
    **operation(
        "add_identity", "Add an address, a number or an id of yours to a customer", takes=shapes.IdentityAdding,
        gives=shapes.Customer, status=201, problems=(404,),
    ),
)  # fmt: skip
def add_identity(request: Request, customer_id: str) -> HttpResponse:
    adding, number = asked(request, shapes.IdentityAdding), reading.number(customer_id)
    actions.add_identity(
        number, Given(adding.kind, adding.value, verified=adding.kind == "external"), actor=request.auth
    )
    return told(_drawn(request, number), 201)


@router.delete(
    "/customers/{customer_id}/identities/{identity_id}",
    **operation(
        "remove_identity", "Take an address, a number or an id from a customer", gives=shapes.Customer, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def remove_identity(request: Request, customer_id: str, identity_id: str) -> HttpResponse:
    number = reading.number(customer_id)
    actions.remove_identity(number, reading.number(identity_id), actor=request.auth)
    return told(_drawn(request, number))


def _drawn(request: Request, number: int) -> shapes.Customer:
    return drawing.customer(queries.customer(request.auth, number))


def _change(number: int, changes: shapes.CustomerChanging, request: Request) -> None:
    actor = request.auth
    if not isinstance(changes.name, UnsetType):
        actions.rename(number, changes.name, actor=actor)
    if not (isinstance(changes.language, UnsetType) and isinstance(changes.zone, UnsetType)):
        actions.update(number, actor=actor, language=_given(changes.language), zone=_given(changes.zone))
    if not isinstance(changes.attributes, UnsetType):
        actions.set_attributes(number, _attributes(changes.attributes), actor=actor)
    if not isinstance(changes.blocked, UnsetType):
        (actions.block if changes.blocked else actions.unblock)(number, actor=actor)


def _given(value: str | UnsetType) -> str | None:
    return None if isinstance(value, UnsetType) else value


def _attributes(values: Mapping[str, Any]) -> dict[str, Any]:
    return {text.clean(name, field="attributes", limit=100): value for name, value in values.items()}
