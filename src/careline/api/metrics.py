"""Metrics: what is measured and how, the figures with how sure they are, and the cases behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, StreamingHttpResponse
from ninja import Router

from careline.api import cursors, reading, shapes, taking
from careline.api.describing import operation
from careline.api.door import Request, query, told
from careline.api.journeys.asking import CSV, FORMATS, moment, wants_csv
from careline.api.journeys.sheet import written
from careline.insights.metrics import board as boards
from careline.insights.metrics import choosing, queries, sheet
from careline.insights.metrics.catalog import WAITING
from careline.insights.metrics.choosing import Chosen
from careline.insights.metrics.definitions import Definition, Waiting
from careline.insights.metrics.queries import Behind, Point

router = Router(tags=["Metrics"])


def _said(words: str, **more: Any) -> dict[str, Any]:
    return {"description": words, "schema": {"type": "string", **more}}


PERIOD = {
    "from": _said("From then on; 28 days before the end when left out.", format="date-time"),
    "to": _said("Before then; tonight when left out.", format="date-time"),
    "zone": _said("The time zone in which days, weeks and months begin; that of the house when left out."),
    "channel": _said("Only of this channel."),
    "inbox": _said("Only of this inbox."),
    "team": _said("Only of this team."),
    "agent": _said("Only of this agent."),
    "segment": _said("Only of customers of this segment."),
    "queue": _said("Only of waits in this queue."),
    "survey": _said("Only of this survey."),
}
BY = {
    "by": _said(
        "day, week or month; channel, inbox, team, agent, queue, survey or segment:ID,ID; or both, as week,team."
    )
}
VIEW = {"view": _said("Which figures; as far as one may see them.", enum=list(boards.VIEWS), default="all")}
FORMAT = {"format": _said("How; without it as Accept says.", enum=list(FORMATS), default="json")}


def _with_sheet(described: dict[str, Any]) -> dict[str, Any]:
    described["openapi_extra"]["responses"][200]["content"][CSV] = {"schema": {"type": "string"}}
    return described


@router.get(
    "/metrics",
    **operation(
        "list_metrics", "What is measured, by which definition, and what waits", gives=shapes.MetricDefinitions
    ),
)
def index(request: Request) -> HttpResponse:
    request.auth.must("conversations.view")
    items = [*map(_defined, queries.definitions()), *map(_waits, WAITING.values())]
    return told(shapes.MetricDefinitions(items))


@router.get(
    "/metrics/{name}",
    **_with_sheet(
        operation(
            "get_metric", "The figures of a metric, with how sure they are", gives=shapes.Metric,
            query=PERIOD | BY | FORMAT, problems=(404, 422),
        )
    ),
)  # fmt: skip
def one(request: Request, name: str) -> HttpResponse:
    given = query(request)
    as_csv = wants_csv(request, given)
    definition = queries.found(name)
    wanted = _chosen(given, given.get("by", ""))
    if isinstance(definition, Waiting):
        choosing.filters(request.auth, {})
        shape = shapes.Metric(
            name, definition.waits_for, None, None, "", wanted.zone, None, definition.waits_for, []
        )  # fmt: skip
    else:
        found = queries.series(request.auth, definition, wanted)
        shape = shapes.Metric(
            name, definition.formula, definition.version, definition.changed_on, definition.unit, wanted.zone,
            found.as_of, None, [_point(definition, point) for point in found.points],
        )  # fmt: skip
    if not as_csv:
        return told(shape)
    answer = HttpResponse(written(shape), content_type=CSV)
    answer["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


@router.get(
    "/metrics/{name}/cases",
    **operation(
        "list_metric_cases", "The people, conversations and words behind a figure, the latest first",
        gives=shapes.MetricCases, paged=True, query=PERIOD, problems=(404, 422),
    ),
)  # fmt: skip
def cases(request: Request, name: str) -> HttpResponse:
    given = query(request)
    limit, cursor = reading.page(given)
    definition = queries.found(name)
    wanted = _chosen(given, "")
    if isinstance(definition, Waiting):
        choosing.filters(request.auth, {})
        return told(shapes.MetricCases([], None))
    after = cursors.time_and_uuid("m", cursor) if cursor else None
    rows = queries.behind(request.auth, definition, wanted, after=after, limit=limit)
    following = cursors.of_time("m", rows[-1].at, rows[-1].id) if len(rows) == limit else None
    return told(shapes.MetricCases([_case(definition, row) for row in rows], following))


@router.get(
    "/exports/scoreboard",
    **operation(
        "export_scoreboard", "All figures of the scoreboard as a file, with all their digits", gives=taking.GIVES,
        query=PERIOD | VIEW | taking.FORMAT, problems=(404, 422),
    ),
)  # fmt: skip
def scoreboard(request: Request) -> StreamingHttpResponse:
    given = query(request)
    view = reading.choice(given, "view", tuple(boards.VIEWS), "all")
    format = taking.format_of(given)
    return taking.taken_away(sheet.table(boards.board(request.auth, _chosen(given, ""), view)), format)


def _chosen(given: Mapping[str, str], by: str) -> Chosen:
    only = {name: given[name] for name in choosing.PARTS if given.get(name)}
    return choosing.chosen(
        since=moment(given, "from"), before=moment(given, "to"), by=by, zone=given.get("zone", ""), only=only
    )


def _point(definition: Definition, point: Point) -> shapes.MetricPoint:
    figure = point.figure
    ends = None if figure.low is None or figure.high is None else [figure.low, figure.high]
    return shapes.MetricPoint(
        at=point.begins, ends=point.ends, group=point.group, label=point.label, value=figure.value, n=figure.n,
        interval=ends, coverage=point.coverage,
        immature=figure.whole - figure.n if definition.maturity else 0, mature=point.mature,
        beside=dict(figure.beside),
    )  # fmt: skip


def _case(definition: Definition, row: Behind) -> shapes.MetricCase:
    return shapes.MetricCase(
        touchpoint_id=str(row.id), at=row.at, customer_id=None if row.customer is None else str(row.customer),
        customer=row.name, conversation_id=None if row.conversation is None else str(row.conversation),
        subject=row.subject, known=row.known, value=queries.plainly(definition, row), score=row.score,
        words=row.words,
    )  # fmt: skip


def _waits(one: Waiting) -> shapes.MetricDefinition:
    return shapes.MetricDefinition(
        name=one.name, title=one.title, area=one.area, version=None, changed_on=None, changed="", kind="", unit="",
        better="", counted="", among="", clock="", maturity_days=None, formula="", coverage="", source="",
        reads=[], goes_by=[], waits_for=one.waits_for,
    )  # fmt: skip


def _defined(one: Definition) -> shapes.MetricDefinition:
    return shapes.MetricDefinition(
        name=one.name, title=one.title, area=one.area, version=one.version, changed_on=one.changed_on,
        changed=one.changed, kind=one.kind, unit=one.unit, better=one.better, counted=one.counted, among=one.among,
        clock=one.clock, maturity_days=one.maturity.days if one.maturity else None, formula=one.formula,
        coverage=one.coverage, source=one.source, reads=list(one.reads), goes_by=list(one.narrowed), waits_for=None,
    )  # fmt: skip
