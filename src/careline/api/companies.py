"""Companies: found, made known, described, taken away; who belongs to them, and what they lived through together."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpResponse
from msgspec import UnsetType
from ninja import Router

from careline.api import cursors, drawing, paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.customers import actions, queries
from careline.customers.queries import Belonging, Branch, Firm
from careline.kit.refusals import Refused

router = Router(tags=["Companies"])
Q: dict[str, Any] = {"schema": {"type": "string"}, "description": "Words of the name, or the id in your system."}

BELOW: dict[str, Any] = {
    "schema": {"type": "string", "enum": ["false", "true"], "default": "false"},
    "description": "Also who belongs to a company below it.",
}


@router.get(
    "/companies",
    **operation(
        "list_companies", "Find companies, the newest first", gives=shapes.Companies, paged=True, query={"q": Q},
        problems=(422,),
    ),
)  # fmt: skip
def index(request: Request) -> HttpResponse:
    given = query(request)
    limit, cursor = reading.page(given)
    before = cursors.number("o", cursor) if cursor else None
    rows = queries.companies(request.auth, given.get("q", ""), before=before, limit=limit)
    following = cursors.of_number("o", rows[-1].pk) if len(rows) == limit else None
    return told(shapes.Companies([_short(one) for one in rows], following))


@router.post(
    "/companies",
    **operation(
        "make_company", "Make a company known; one that is known by its id is found and described",
        takes=shapes.CompanyMaking, gives=shapes.Company, status=201, repeated=200,
    ),
)  # fmt: skip
def create(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.CompanyMaking)
    with transaction.atomic():
        found = actions.make_company(
            wanted.name or "", external=wanted.external_id or "", traits=wanted.traits, actor=request.auth
        )
        _place(request, found.company.pk, wanted.parent_id)
    return told(_drawn(request, found.company.pk), 201 if found.created else 200)


@router.get(
    "/companies/{company_id}",
    **operation("get_company", "Get a company with what is known of it", gives=shapes.Company, problems=(404,)),
)
def one(request: Request, company_id: str) -> HttpResponse:
    return told(_drawn(request, reading.number(company_id)))


@router.patch(
    "/companies/{company_id}",
    **operation(
        "change_company", "Change what is known of a company", takes=shapes.CompanyChanging, gives=shapes.Company,
        problems=(404,),
    ),
)  # fmt: skip
def change(request: Request, company_id: str) -> HttpResponse:
    changes, number = asked(request, shapes.CompanyChanging), reading.number(company_id)
    if changes == shapes.CompanyChanging():
        raise Refused("Nothing is to be changed; give name, traits or parent_id.")
    values = {**(changes.traits or {}), **({"name": changes.name} if changes.name is not None else {})}
    with transaction.atomic():
        actions.describe_company(number, values, actor=request.auth)
        _place(request, number, changes.parent_id)
    return told(_drawn(request, number))


def _place(request: Request, number: int, parent: str | int | UnsetType | None) -> None:
    if not isinstance(parent, UnsetType):
        above = None if parent is None else reading.number(parent)
        actions.place_company(number, above, actor=request.auth)


@router.get(
    "/companies/{company_id}/tree",
    **operation(
        "get_company_tree", "What a company is a part of, and what stands below it", gives=shapes.CompanyTree,
        problems=(404,),
    ),
)  # fmt: skip
def tree(request: Request, company_id: str) -> HttpResponse:
    found = queries.tree(request.auth, queries.company(request.auth, reading.number(company_id)).pk)
    above, below = ([_branch(one) for one in side] for side in (found.above, found.below))
    return told(shapes.CompanyTree(above, below, found.companies, found.people))


@router.delete(
    "/companies/{company_id}",
    **operation(
        "remove_company", "Take a company away; who belongs to it stays", gives=shapes.Company, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def remove(request: Request, company_id: str) -> HttpResponse:
    number = reading.number(company_id)
    last = _drawn(request, number)
    actions.remove_company(number, actor=request.auth)
    return told(last)


@router.get(
    "/companies/{company_id}/customers",
    **operation(
        "list_company_customers", "Who belongs to a company, the newest first", gives=shapes.Customers, paged=True,
        query={"below": BELOW}, problems=(404, 422),
    ),
)  # fmt: skip
def people(request: Request, company_id: str) -> HttpResponse:
    given = query(request)
    limit, cursor = reading.page(given)
    below = reading.choice(given, "below", ("false", "true"), "false") == "true"
    before = cursors.number("p", cursor) if cursor else None
    rows = queries.company_people(request.auth, reading.number(company_id), before=before, limit=limit, below=below)
    following = cursors.of_number("p", rows[-1].pk) if len(rows) == limit else None
    return told(shapes.Customers([drawing.customer(one) for one in queries.whole(rows)], following))


@router.get(
    "/customers/{customer_id}/companies",
    **operation(
        "list_customer_companies", "The companies a customer belongs to, the longest first", gives=shapes.Belongings,
        paged=True, problems=(404, 422),
    ),
)  # fmt: skip
def of_customer(request: Request, customer_id: str) -> HttpResponse:
    return told(_belongings(request, reading.number(customer_id)))


@router.put(
    "/customers/{customer_id}/companies/{company_id}",
    **operation(
        "join_company", "A customer belongs to a company", gives=shapes.Belongings, write=True, problems=(404,)
    ),
)
def join(request: Request, customer_id: str, company_id: str) -> HttpResponse:
    number = reading.number(customer_id)
    actions.join_company(number, reading.number(company_id), actor=request.auth)
    return told(_belongings(request, number))


@router.delete(
    "/customers/{customer_id}/companies/{company_id}",
    **operation(
        "leave_company", "A customer no longer belongs to a company", gives=shapes.Belongings, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def leave(request: Request, customer_id: str, company_id: str) -> HttpResponse:
    number = reading.number(customer_id)
    actions.leave_company(number, reading.number(company_id), actor=request.auth)
    return told(_belongings(request, number))


def _short(one: Firm) -> shapes.CompanyName:
    return shapes.CompanyName(
        id=str(one.pk), name=one.name, external_id=one.external, customers=one.people, created_at=one.created_at,
        parent_id=drawing.id_of(one.parent),
    )  # fmt: skip


def _branch(one: Branch) -> shapes.Branch:
    return shapes.Branch(
        id=str(one.pk), name=one.name, external_id=one.external, parent_id=drawing.id_of(one.parent), depth=one.depth,
        customers=one.people,
    )  # fmt: skip


def _drawn(request: Request, number: int) -> shapes.Company:
    found = queries.company(request.auth, number)
    traits = queries.company_traits(request.auth, number)
    return shapes.Company(
        id=str(found.pk), name=found.name, external_id=found.external, customers=found.people,
        created_at=found.created_at, parent_id=drawing.id_of(found.parent),
        traits={one.name: shapes.Value(value=one.value, at=one.at, source=one.source) for one in traits},
    )  # fmt: skip


def _belongings(request: Request, number: int) -> shapes.Belongings:
    found = queries.companies_of(request.auth, number)
    rows, following = paging.of_places("b", request, found, lambda one: (one.at.isoformat(" ", "microseconds"), one.pk))
    return shapes.Belongings([_belonging(one) for one in rows], following)


def _belonging(one: Belonging) -> shapes.Belonging:
    return shapes.Belonging(id=str(one.pk), name=one.name, external_id=one.external, at=one.at, source=one.source)
