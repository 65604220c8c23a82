"""Questions about journeys, asked of the columnar copy; what they count is what the token's agent sees."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpResponse
from ninja import Router

from careline.api import reading, shapes
from careline.api.describing import operation
from careline.api.door import Request, query, told
from careline.insights import queries
from careline.insights.queries import Answer, Filter
from careline.insights.warehouse import questions
from careline.insights.warehouse.answers import Variants
from careline.kit.refusals import Refused

router = Router(tags=["Journeys"])
MODES = ("n-day", "unbounded", "bracket")
_NUMBER = re.compile(r"[0-9]{1,6}", re.ASCII)
_DAYS = "1,7,30"


def _said(words: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"description": words, "schema": {"type": kind, **more}}


def _number(words: str, default: int) -> dict[str, Any]:
    return _said(words, "integer", minimum=1, default=default)


MOMENTS = {
    "from": _said("Only moments from then on.", format="date-time"),
    "to": _said("Only moments before then.", format="date-time"),
    "kinds": _said("Only moments of these kinds, parted by commas."),
}
LIMIT = {"limit": _said("How many at most.", "integer", minimum=1, maximum=reading.LONGEST_PAGE, default=20)}


@router.get(
    "/journeys/map",
    **operation(
        "journey_map", "What happens, and what directly follows what", gives=shapes.JourneyMap, query=MOMENTS,
        problems=(422,),
    ),
)  # fmt: skip
def journey_map(request: Request) -> HttpResponse:
    answer = queries.journey_map(request.auth, _wanted(query(request)))
    return told(
        shapes.JourneyMap(
            answer.as_of,
            [shapes.JourneyActivity(one.kind, one.n, one.firsts, one.lasts) for one in answer.found.activities],
            [
                shapes.JourneyEdge(edge.start, edge.to, edge.n, edge.median / 1e6, edge.p90 / 1e6)
                for edge in answer.found.edges
            ],
        )
    )


@router.get(
    "/journeys/variants",
    **operation(
        "journey_variants", "Whole lines, the most frequent first", gives=shapes.JourneyVariants,
        query=MOMENTS | LIMIT, problems=(422,),
    ),
)  # fmt: skip
def variants(request: Request) -> HttpResponse:
    given = query(request)
    return _ways(queries.variants(request.auth, _wanted(given), limit=_whole(given, "limit", 20, 200)))


@router.get(
    "/journeys/paths",
    **operation(
        "journey_paths", "How lines begin, what repeats itself taken once", gives=shapes.JourneyVariants,
        query=MOMENTS | LIMIT | {"length": _number("How many steps.", 5)}, problems=(422,),
    ),
)  # fmt: skip
def paths(request: Request) -> HttpResponse:
    given = query(request)
    limit, steps = _whole(given, "limit", 20, 200), _whole(given, "length", 5, queries.MOST_STEPS)
    return _ways(queries.paths(request.auth, _wanted(given), steps=steps, limit=limit))


@router.get(
    "/journeys/funnel",
    **operation(
        "journey_funnel", "How many take these steps in this order", gives=shapes.Funnel,
        query=MOMENTS
        | {
            "steps": _said("Kinds, parted by commas.") | {"required": True},
            "window_days": _number("Days within which all steps are taken, from the first entry on.", 30),
        },
        problems=(422,),
    ),
)  # fmt: skip
def funnel(request: Request) -> HttpResponse:
    given = query(request)
    window = timedelta(days=_whole(given, "window_days", 30, queries.LONGEST))
    answer = queries.funnel(request.auth, _kinds(given.get("steps", "")), _wanted(given), window=window)
    steps = [
        shapes.FunnelStep(one.kind, one.n, None if one.median is None else one.median / 1e6) for one in answer.found
    ]
    return told(shapes.Funnel(answer.as_of, steps))


@router.get(
    "/journeys/retention",
    **operation(
        "journey_retention", "Who came back, by cohorts of their entry", gives=shapes.Retention,
        query=MOMENTS
        | {
            "mode": _said("On that day, on it or later, or within a bracket of days.", enum=MODES, default=MODES[0]),
            "days": _said("Days of 24 hours after the entry, parted by commas.", default=_DAYS),
            "width": _number("Days in a bracket.", 7),
            "unit": _said("What makes a cohort.", enum=questions.UNITS, default="week"),
            "zone": _said("The time zone in which cohorts begin.", default="UTC"),
            "entry": _said("The kind that is the entry; without it the first moment is."),
            "back": _said("The kind that counts as coming back; without it any moment does."),
        },
        problems=(422,),
    ),
)  # fmt: skip
def retention(request: Request) -> HttpResponse:
    given = query(request)
    days = [_digits(said, "days", queries.LONGEST) for said in given.get("days", _DAYS).split(",")]
    mode = reading.choice(given, "mode", MODES, MODES[0])
    width = _whole(given, "width", 7, 366)
    if mode == "bracket":
        spans = questions.brackets(days, width)
    else:
        spans = questions.n_day(days) if mode == "n-day" else questions.unbounded(days)
    answer = queries.retention(
        request.auth, spans, _wanted(given), unit=reading.choice(given, "unit", questions.UNITS, "week"),
        zone=given.get("zone", "UTC"), entry=given.get("entry") or None, back=given.get("back") or None,
    )  # fmt: skip
    cells = [shapes.RetentionCell(one.cohort, one.n, one.size, one.mature, one.returned) for one in answer.found]
    return told(shapes.Retention(answer.as_of, cells))


@router.get(
    "/journeys/sessions",
    **operation(
        "journey_sessions", "Moments that belong together, and how long they take", gives=shapes.JourneySessions,
        query=MOMENTS | {"pause_minutes": _number("A longer pause begins another session.", 30)}, problems=(422,),
    ),
)  # fmt: skip
def sessions(request: Request) -> HttpResponse:
    given = query(request)
    pause = timedelta(minutes=_whole(given, "pause_minutes", 30, 100_000))
    answer = queries.sessions(request.auth, _wanted(given), pause=pause)
    found = answer.found
    return told(
        shapes.JourneySessions(
            answer.as_of, found.sessions, found.customers, found.moments, found.single, found.moments_median,
            found.moments_p90, _seconds(found.length_median), _seconds(found.length_p90),
        )
    )  # fmt: skip


def _ways(answer: Answer[Variants]) -> HttpResponse:
    items = [shapes.JourneyVariant(list(one.steps), one.n) for one in answer.found.items]
    return told(shapes.JourneyVariants(answer.as_of, answer.found.customers, answer.found.variants, items))


def _seconds(microseconds: float | None) -> float | None:
    return None if microseconds is None else microseconds / 1e6


def _wanted(given: Mapping[str, str]) -> Filter:
    kinds = _kinds(given["kinds"]) if given.get("kinds") else None
    return Filter(since=_moment(given, "from"), before=_moment(given, "to"), kinds=kinds)


def _kinds(said: str) -> tuple[str, ...]:
    if "\0" in said:
        raise Refused("A kind must not contain the character NUL.")
    return tuple(kind.strip() for kind in said.split(","))


def _moment(given: Mapping[str, str], name: str) -> datetime | None:
    said = given.get(name)
    if not said:
        return None
    try:
        at = datetime.fromisoformat(said)
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Refused(f"{name} is a moment, as 2026-01-31T12:00:00Z.", field=name) from None


def _whole(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    found = _digits(given.get(name, str(default)), name, most)
    if not found:
        raise Refused(f"{name} is a number from 1 to {most}.", field=name)
    return found


def _digits(said: str, name: str, most: int) -> int:
    if not _NUMBER.fullmatch(said.strip()) or int(said) > most:
        raise Refused(f"{name} takes numbers up to {most}.", field=name)
    return int(said)
