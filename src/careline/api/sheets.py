"""Customers as CSV and vCard, out and in."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse, StreamingHttpResponse
from ninja import Router

from careline.api import reading, shapes
from careline.api.customers import NARROWING
from careline.api.describing import operation
from careline.api.door import Request, asked, query, repeated, told
from careline.customers import queries
from careline.customers.sheets import cells, incoming, outgoing, vcards

router = Router(tags=["Customers"])
FORMATS = ("csv", "vcard-3.0", "vcard-4.0")
NARROWED = {
    "format": {"schema": {"type": "string", "enum": list(FORMATS), "default": "csv"}, "description": "How."},
    "q": {"schema": {"type": "string"}, "description": "As in the list of customers."},
    **NARROWING,
}


@router.get(
    "/exports/customers",
    **operation(
        "export_customers", "Customers as CSV or vCard; for roles that may export", gives="text/csv text/vcard",
        query=NARROWED, problems=(404, 422),
    ),
)  # fmt: skip
def export(request: Request) -> StreamingHttpResponse:
    given = query(request)
    format, q = reading.choice(given, "format", FORMATS, "csv"), given.get("q", "")
    asked_for = given.get("segment_id", "")
    segment = reading.number(asked_for) if asked_for else None
    among = queries.narrowed(request.auth, segment_id=segment, where=repeated(request, "where"))
    if format == "csv":
        return StreamingHttpResponse(outgoing.as_csv(request.auth, q, among=among), content_type="text/csv")
    version: vcards.Version = "3.0" if format.endswith("3.0") else "4.0"
    return StreamingHttpResponse(
        outgoing.as_cards(request.auth, version, q, among=among), content_type="text/vcard; charset=utf-8"
    )


@router.post(
    "/imports/customers",
    **operation(
        "import_customers", "Take customers from CSV or vCard; a second time adds nothing", takes=shapes.Importing,
        gives=shapes.ImportReport,
    ),
)  # fmt: skip
def take(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.Importing)
    raw = wanted.text.encode("utf-8", "replace")
    if wanted.format == "vcard":
        report = incoming.take_cards(vcards.read(raw), actor=request.auth, keep=not wanted.dry_run)
        columns = []
    else:
        table = cells.table(raw)
        columns = wanted.columns if wanted.columns is not None else incoming.guessed(table.heads)
        report = incoming.take_table(table, columns, actor=request.auth, keep=not wanted.dry_run)
    refused = [shapes.RefusedRow(row=one.row, why=one.why) for one in report.refused]
    counts = msgspec.structs.asdict(report) | {"refused": refused}
    return told(shapes.ImportReport(**counts, columns=columns))
