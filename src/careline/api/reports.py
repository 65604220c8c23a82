"""Reports: kept, taken away, sent to oneself, and what went of them."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline.api import cursors, reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, asked, query, told
from careline.insights.reports import actions, queries
from careline.insights.reports.queries import KnownReport, KnownSending

router = Router(tags=["Metrics"])
FORMAT = {"format": {"schema": {"type": "string", "enum": [*queries.FORMATS], "default": "pdf"}, "description": "How."}}


@router.get("/reports", **operation("list_reports", "List reports, by name", gives=shapes.Reports))
def index(request: Request) -> HttpResponse:
    return told(shapes.Reports([_drawn(one) for one in queries.reports(request.auth)], None))


@router.post(
    "/reports",
    **operation(
        "make_report", "Send the scoreboard by mail from now on", takes=shapes.ReportKeeping, gives=shapes.Report,
        status=201,
    ),
)  # fmt: skip
def create(request: Request) -> HttpResponse:
    wanted = asked(request, shapes.ReportKeeping)
    return told(_drawn(actions.make(actor=request.auth, **_said(wanted))), 201)


@router.get("/reports/{report_id}", **operation("get_report", "Get a report", gives=shapes.Report, problems=(404,)))
def one(request: Request, report_id: str) -> HttpResponse:
    return told(_drawn(queries.report(request.auth, reading.number(report_id))))


@router.put(
    "/reports/{report_id}",
    **operation(
        "keep_report", "Write what a report shows, when it goes and to whom", takes=shapes.ReportKeeping,
        gives=shapes.Report, problems=(404,),
    ),
)  # fmt: skip
def keep(request: Request, report_id: str) -> HttpResponse:
    wanted = asked(request, shapes.ReportKeeping)
    kept = actions.change(reading.number(report_id), actor=request.auth, is_on=wanted.on, **_said(wanted))
    return told(_drawn(kept))


@router.delete(
    "/reports/{report_id}",
    **operation(
        "remove_report", "Take a report away, with the log of what went", gives=shapes.Report, write=True,
        problems=(404,),
    ),
)  # fmt: skip
def remove(request: Request, report_id: str) -> HttpResponse:
    last = _drawn(queries.report(request.auth, reading.number(report_id)))
    actions.remove(reading.number(report_id), actor=request.auth)
    return told(last)


@router.get(
    "/reports/{report_id}/sendings",
    **operation(
        "list_report_sendings", "What went to whom, the last first", gives=shapes.ReportSendings, paged=True,
        problems=(404, 422),
    ),
)  # fmt: skip
def sendings(request: Request, report_id: str) -> HttpResponse:
    limit, cursor = reading.page(query(request))
    before = cursors.number("d", cursor) if cursor else None
    rows = queries.sendings(request.auth, reading.number(report_id), before=before, limit=limit + 1)
    following = cursors.of_number("d", rows[limit - 1].pk) if len(rows) > limit else None
    return told(shapes.ReportSendings([_sent(row) for row in rows[:limit]], following))


@router.post(
    "/reports/{report_id}/sendings",
    **operation(
        "send_report", "Send a report to oneself now", gives=shapes.ReportSending, write=True, status=201,
        problems=(404,),
    ),
)  # fmt: skip
def send(request: Request, report_id: str) -> HttpResponse:
    return told(_sent(actions.send_now(reading.number(report_id), actor=request.auth)), 201)


@router.get(
    "/exports/reports/{report_id}",
    **operation(
        "export_report", "A report as it would go to you now", gives=" ".join(queries.FORMATS.values()), query=FORMAT,
        problems=(404, 422),
    ),
)  # fmt: skip
def export(request: Request, report_id: str) -> HttpResponse:
    format = reading.choice(query(request), "format", tuple(queries.FORMATS), "pdf")
    found = queries.report(request.auth, reading.number(report_id))
    return HttpResponse(queries.made(request.auth, found).content(format), content_type=queries.FORMATS[format])


def _said(wanted: shapes.ReportKeeping) -> dict[str, Any]:
    return {
        "name": wanted.name, "every": wanted.every, "day": wanted.day, "hour": wanted.hour, "days": wanted.days,
        "formats": wanted.formats, "recipients": [reading.number(one) for one in wanted.recipients],
        "chosen": wanted.chosen,
    }  # fmt: skip


def _drawn(one: KnownReport) -> shapes.Report:
    known: Any = one  # the database checks which words there are
    return shapes.Report(
        str(one.pk), one.name, known.every, one.day, one.hour, one.days, known.formats,
        [str(agent) for agent in one.recipients], one.chosen, one.is_on, one.next_at,
    )  # fmt: skip


def _sent(one: KnownSending) -> shapes.ReportSending:
    known: Any = one
    return shapes.ReportSending(str(one.pk), str(one.agent_id), one.due_at, known.state, one.why, one.at)
