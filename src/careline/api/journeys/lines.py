"""Questions about lines as they are: what follows what, how they go, what is done again, who came back."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse

from careline.api import reading, shapes
from careline.api.door import Request, query
from careline.api.journeys.asking import (
    LIMIT,
    ZONE,
    answered,
    digits,
    number,
    question,
    router,
    said,
    seconds,
    wanted,
    whole,
)
from careline.insights import queries
from careline.insights.queries import Answer
from careline.insights.warehouse import questions
from careline.insights.warehouse.answers import Variants

MODES = ("n-day", "unbounded", "bracket")
_DAYS = "1,7,30"


@router.get(
    "/journeys/map",
    **question("journey_map", "What happens, and what directly follows what", gives=shapes.JourneyMap),
)
def journey_map(request: Request) -> HttpResponse:
    given = query(request)
    answer = queries.journey_map(request.auth, wanted(request, given))
    return answered(
        request, given, shapes.JourneyMap(
            answer.as_of,
            [shapes.JourneyActivity(one.kind, one.n, one.firsts, one.lasts) for one in answer.found.activities],
            [
                shapes.JourneyEdge(edge.start, edge.to, edge.n, edge.median / 1e6, edge.p90 / 1e6)
                for edge in answer.found.edges
            ],
        ),
    )  # fmt: skip


@router.get(
    "/journeys/variants",
    **question(
        "journey_variants", "Whole lines, the most frequent first", gives=shapes.JourneyVariants,
        query=LIMIT,
    ),
)  # fmt: skip
def variants(request: Request) -> HttpResponse:
    given = query(request)
    answer = queries.variants(request.auth, wanted(request, given), limit=whole(given, "limit", 20, 200))
    return answered(request, given, _ways(answer))


@router.get(
    "/journeys/paths",
    **question(
        "journey_paths", "How lines begin, what repeats itself taken once", gives=shapes.JourneyVariants,
        query=LIMIT | {"length": number("How many steps.", 5)},
    ),
)  # fmt: skip
def paths(request: Request) -> HttpResponse:
    given = query(request)
    limit, steps = whole(given, "limit", 20, 200), whole(given, "length", 5, queries.MOST_STEPS)
    answer = queries.paths(request.auth, wanted(request, given), steps=steps, limit=limit)
    return answered(request, given, _ways(answer))


@router.get(
    "/journeys/rework",
    **question(
        "journey_rework", "What is done again, and how much longer that takes", gives=shapes.Rework, query=LIMIT
    ),
)
def rework(request: Request) -> HttpResponse:
    given = query(request)
    answer = queries.rework(request.auth, wanted(request, given), limit=whole(given, "limit", 20, 200))
    found = answer.found
    steps = [
        shapes.RepeatedStep(
            one.kind, one.n, one.cases, one.again, one.direct, seconds(one.direct_median), one.round,
            seconds(one.round_median), seconds(one.longer), seconds(one.once),
        )
        for one in found.steps
    ]  # fmt: skip
    loops = [
        shapes.JourneyLoop(one.kind, list(one.over), one.n, one.cases, one.median / 1e6, one.p90 / 1e6)
        for one in found.loops
    ]
    totals = found.cases, found.again, found.repeats, seconds(found.longer), seconds(found.once)
    return answered(request, given, shapes.Rework(answer.as_of, *totals, steps, loops))


@router.get(
    "/journeys/retention",
    **question(
        "journey_retention", "Who came back, by cohorts of their entry", gives=shapes.Retention,
        query=ZONE
        | {
            "mode": said("On that day, on it or later, or within a bracket of days.", enum=MODES, default=MODES[0]),
            "days": said("Days of 24 hours after the entry, parted by commas.", default=_DAYS),
            "width": number("Days in a bracket.", 7),
            "unit": said("What makes a cohort.", enum=questions.UNITS, default="week"),
            "entry": said("The kind that is the entry; without it the first moment is."),
            "back": said("The kind that counts as coming back; without it any moment does."),
        },
    ),
)  # fmt: skip
def retention(request: Request) -> HttpResponse:
    given = query(request)
    days = [digits(one, "days", queries.LONGEST) for one in given.get("days", _DAYS).split(",")]
    mode = reading.choice(given, "mode", MODES, MODES[0])
    width = whole(given, "width", 7, 366)
    if mode == "bracket":
        spans = questions.brackets(days, width)
    else:
        spans = questions.n_day(days) if mode == "n-day" else questions.unbounded(days)
    answer = queries.retention(
        request.auth, spans, wanted(request, given), unit=reading.choice(given, "unit", questions.UNITS, "week"),
        zone=given.get("zone", "UTC"), entry=given.get("entry") or None, back=given.get("back") or None,
    )  # fmt: skip
    cells = [shapes.RetentionCell(one.cohort, one.n, one.size, one.mature, one.returned) for one in answer.found]
    return answered(request, given, shapes.Retention(answer.as_of, cells))


@router.get(
    "/journeys/sessions",
    **question(
        "journey_sessions", "Moments that belong together, and how long they take", gives=shapes.JourneySessions,
        query={"pause_minutes": number("A longer pause begins another session.", 30)},
    ),
)  # fmt: skip
def sessions(request: Request) -> HttpResponse:
    given = query(request)
    pause = timedelta(minutes=whole(given, "pause_minutes", 30, 100_000))
    answer = queries.sessions(request.auth, wanted(request, given), pause=pause)
    found = answer.found
    return answered(
        request, given, shapes.JourneySessions(
            answer.as_of, found.sessions, found.customers, found.moments, found.single, found.moments_median,
            found.moments_p90, seconds(found.length_median), seconds(found.length_p90),
        ),
    )  # fmt: skip


def _ways(answer: Answer[Variants]) -> shapes.JourneyVariants:
    items = [
        shapes.JourneyVariant(list(one.steps), one.n, one.repeats, seconds(one.median)) for one in answer.found.items
    ]
    return shapes.JourneyVariants(answer.as_of, answer.found.customers, answer.found.variants, items)
