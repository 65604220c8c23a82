"""What is kept of a customer: given out, erased, cleaned from the disk; and how long what is kept."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline.api import paging, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.customers import actions as customers
from careline.customers import queries as known
from careline.kit.refusals import NotVisible, Refused
from careline.privacy import actions, queries
from careline.privacy.queries import Cleaning, Kept

router = Router(tags=["Privacy"])
DAYS: dict[str, Any] = {
    "schema": {"type": "integer", "minimum": 1},
    "description": "Say what would go tonight if it were kept for so long.",
}


@router.get(
    "/customers/{customer_id}/export",
    **operation(
        "export_customer", "Everything that is kept of a customer, by model", gives=shapes.CustomerExport,
        problems=(404, 409),
    ),
)  # fmt: skip
def export(request: Request, customer_id: str) -> HttpResponse:
    number = reading.number(customer_id)
    rows = customers.export(number, actor=request.auth)
    return told(shapes.CustomerExport(customer_id=str(number), rows=rows))


@router.get(
    "/customers/{customer_id}/erasure",
    **operation(
        "get_erasure", "How far the disk is clean of an erased customer", gives=shapes.Erasure, problems=(404,)
    ),
)
def erasure(request: Request, customer_id: str) -> HttpResponse:
    number = reading.number(customer_id)
    found = known.customer(request.auth, number)
    newest = queries.cleansing_of(request.auth, number)
    if found.erased_at is None or newest is None:
        raise NotVisible("This customer was not erased.")
    return told(_erasure(found.pk, newest, {}))


@router.put(
    "/customers/{customer_id}/erasure",
    **operation(
        "erase_customer", "Erase a customer for good, in every room at once; repeated, what came in since",
        takes=shapes.Erasing, gives=shapes.Erasure, problems=(404,),
    ),
)  # fmt: skip
def erase(request: Request, customer_id: str) -> HttpResponse:
    wanted, number = asked(request, shapes.Erasing), reading.number(customer_id)
    erased = actions.erase(number, actor=request.auth, urgent=wanted.now)
    newest = queries.cleansing_of(request.auth, number)
    assert newest is not None
    return told(_erasure(number, newest, erased.counts))


@router.get(
    "/retention",
    **operation("list_periods", "How long what is kept", gives=shapes.Periods, paged=True, problems=(422,)),
)
def periods(request: Request) -> HttpResponse:
    found = queries.periods(request.auth)
    rows, following = paging.of_places("k", request, found, lambda one: (one.kind, 0))
    return told(shapes.Periods([_period(one) for one in rows], following))


@router.get(
    "/retention/{kind}",
    **operation(
        "get_period", "How long a kind is kept, and what would go tonight", gives=shapes.Aging, query={"days": DAYS},
        problems=(404, 422),
    ),
)  # fmt: skip
def period(request: Request, kind: str) -> HttpResponse:
    kept = queries.period(request.auth, kind)
    days = _days(query(request).get("days")) or kept.days
    going = None if days is None else queries.preview(request.auth, kind, days)
    would = None if going is None else shapes.WouldGo(going.rows, going.people, going.oldest, going.size)
    return told(shapes.Aging(period=_period(kept), days=days, would_go=would))


@router.put(
    "/retention/{kind}",
    **operation(
        "set_period", "Say how long a kind is kept; null keeps it without end", takes=shapes.PeriodSetting,
        gives=shapes.Period, problems=(404,),
    ),
)  # fmt: skip
def set_period(request: Request, kind: str) -> HttpResponse:
    wanted = asked(request, shapes.PeriodSetting)
    actions.set_period(kind, wanted.days, actor=request.auth)
    return told(_period(queries.period(request.auth, kind)))


def _days(written: str | None) -> int | None:
    if not written:
        return None
    if not (written.isascii() and written.isdecimal()) or len(written) > 6:
        raise Refused("days is a whole number.", field="days")
    return int(written)


def _period(kept: Kept) -> shapes.Period:
    return shapes.Period(kind=kept.kind, days=kept.days, least=kept.least, usual=kept.usual)


def _erasure(number: int, one: Cleaning, counts: dict[str, int]) -> shapes.Erasure:
    return shapes.Erasure(
        customer_id=str(number), erased_at=one.at, clean_by=one.clean_by, clean_at=one.clean_at, now=one.urgent,
        left=one.left, rows=counts,
    )  # fmt: skip
