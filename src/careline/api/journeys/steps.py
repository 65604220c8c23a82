"""Questions about chosen steps: how many take them, how long it takes, what comes before and after."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.http import HttpResponse

from careline.api import reading, shapes
from careline.api.door import Request, query
from careline.api.journeys import asking
from careline.api.journeys.asking import BY, ZONE, answered, number, question, router, said, seconds, wanted, whole
from careline.insights import queries
from careline.insights.warehouse import questions
from careline.insights.warehouse.answers import Reached, Waited
from careline.kit.refusals import Refused

ORDERS = ("ordered", "strict")
_PLACED = re.compile(r"(?P<step>[0-9]{1,2}):(?P<kind>.+)", re.ASCII | re.DOTALL)


@router.get(
    "/journeys/funnel",
    **question(
        "journey_funnel", "How many take these steps in this order", gives=shapes.Funnel,
        query=BY
        | {
            "steps": said("Kinds, parted by commas.") | {"required": True},
            "window_days": number("Days within which all steps are taken, from the first entry on.", 30),
            "order": said("Whether other moments may come between the steps.", enum=ORDERS, default=ORDERS[0]),
            "exclude": said("Kinds that must not come between, parted by commas; 3:KIND before the third alone."),
        },
    ),
)  # fmt: skip
def funnel(request: Request) -> HttpResponse:
    given = query(request)
    window = timedelta(days=whole(given, "window_days", 30, queries.LONGEST))
    steps = asking.kinds(given.get("steps", ""))
    answer = queries.funnel(
        request.auth, steps, wanted(request, given), window=window,
        strict=reading.choice(given, "order", ORDERS, ORDERS[0]) == "strict", never=_never(given, len(steps)),
        by=given.get("by"),
    )  # fmt: skip
    parts = [shapes.FunnelPart(one.name, one.others, _reached(one.steps)) for one in answer.found.parts]
    return answered(request, given, shapes.Funnel(answer.as_of, _reached(answer.found.steps), parts))


@router.get(
    "/journeys/between",
    **question(
        "journey_between", "How long it takes from one step to another, and how often it does not come",
        gives=shapes.Between,
        query=BY
        | ZONE
        | {
            "start": said("The kind a wait begins with.") | {"required": True},
            "finish": said("The kind that ends it.") | {"required": True},
            "window_days": number("Days after which an answer is none.", 30),
            "unit": said("What the trend goes by.", enum=questions.UNITS, default="week"),
        },
    ),
)  # fmt: skip
def between(request: Request) -> HttpResponse:
    given = query(request)
    answer = queries.between(
        request.auth, given.get("start", ""), given.get("finish", ""), wanted(request, given),
        window=timedelta(days=whole(given, "window_days", 30, queries.LONGEST)),
        unit=reading.choice(given, "unit", questions.UNITS, "week"), zone=given.get("zone", "UTC"), by=given.get("by"),
    )  # fmt: skip
    found = answer.found
    bins = [shapes.TimeBin(one.low / 1e6, seconds(one.high), one.n) for one in found.bins]
    trend = [shapes.WaitsSince(*_waits(one.times), one.begins) for one in found.trend]
    parts = [shapes.WaitsPart(*_waits(one.times), one.name, one.others) for one in found.parts]
    return answered(request, given, shapes.Between(*_waits(found.times), answer.as_of, bins, trend, parts))


@router.get(
    "/journeys/flows",
    **question(
        "journey_flows", "What comes after a step, or before it", gives=shapes.Flow,
        query={
            "start": said("The kind the ways lead on from; either this or finish."),
            "finish": said("The kind the ways lead to."),
            "length": number("How many steps.", 4),
            "top": number("How many kinds of each step are named; the rest are the others.", 8),
        },
    ),
)  # fmt: skip
def flows(request: Request) -> HttpResponse:
    given = query(request)
    start, finish = given.get("start", ""), given.get("finish", "")
    if bool(start) == bool(finish):
        raise Refused("Name either start or finish.", field="start")
    answer = queries.flow(
        request.auth, start or finish, wanted(request, given), back=not start,
        length=whole(given, "length", 4, queries.MOST_STEPS), most=whole(given, "top", 8, queries.MOST_KINDS),
    )  # fmt: skip
    nodes = [shapes.FlowNode(one.step, one.kind, one.n, one.stops) for one in answer.found.nodes]
    links = [shapes.FlowLink(one.step, one.start, one.to, one.n) for one in answer.found.links]
    return answered(request, given, shapes.Flow(answer.as_of, nodes, links))


def _never(given: Mapping[str, str], steps: int) -> dict[int, list[str]]:
    """On the way to which step what must not happen."""
    never: dict[int, list[str]] = {}
    for one in asking.kinds(given["exclude"]) if given.get("exclude") else ():
        placed = _PLACED.fullmatch(one)
        for n in [int(placed["step"])] if placed else range(2, steps + 1):
            never.setdefault(n, []).append(placed["kind"] if placed else one)
    return never


def _reached(steps: Sequence[Reached]) -> list[shapes.FunnelStep]:
    return [shapes.FunnelStep(one.kind, one.n, seconds(one.median), one.excluded) for one in steps]


def _waits(times: Waited) -> tuple[int, int, int, float | None, float | None]:
    return times.n, times.unanswered, times.waiting, seconds(times.median), seconds(times.p90)
