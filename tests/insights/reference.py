"""The same questions in slow and plain Python, over a list of moments; the engine must answer the same, row by row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from careline.insights.warehouse.answers import Activity, Cell, Edge, Session, Sessions, Variant, Variants

MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)


class Moment(NamedTuple):
    """`at` is UTC without saying so."""

    person: int
    at: datetime
    id: UUID
    kind: str
    inbox: int | None = None
    journey: str | None = None


# By customer, or by customer and journey.
Lines = dict[Any, list[Moment]]


def lines(moments: Iterable[Moment], joined: dict[int, int] | None = None, noun: str | None = None) -> Lines:
    """By whom they stand for now, and with a noun by their journeys of it; ties go by id."""
    found: Lines = defaultdict(list)
    for moment in moments:
        customer = (joined or {}).get(moment.person, moment.person)
        if noun is None:
            found[customer].append(moment)
        elif moment.journey is not None and moment.journey.startswith(f"{noun}:"):
            found[customer, moment.journey].append(moment)
    return {case: sorted(found[case], key=lambda m: (m.at, m.id.int)) for case in sorted(found)}


def middle(values: Sequence[int]) -> float:
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def nine_of_ten(values: Sequence[int]) -> int:
    """The smallest that at least nine of ten do not exceed."""
    return sorted(values)[-(-9 * len(values) // 10) - 1]


def journey_map(lines: Lines) -> list[Edge]:
    gaps: dict[tuple[str, str], list[int]] = defaultdict(list)
    for line in lines.values():
        for one, following in pairwise(line):
            gaps[one.kind, following.kind].append((following.at - one.at) // MICROSECOND)
    edges = [Edge(*pair, len(found), middle(found), nine_of_ten(found)) for pair, found in gaps.items()]
    return sorted(edges, key=lambda edge: (-edge.n, edge.start.encode(), edge.to.encode()))


def activities(lines: Lines) -> list[Activity]:
    every = Counter(moment.kind for line in lines.values() for moment in line)
    firsts = Counter(line[0].kind for line in lines.values())
    lasts = Counter(line[-1].kind for line in lines.values())
    found = [Activity(kind, n, firsts[kind], lasts[kind]) for kind, n in every.items()]
    return sorted(found, key=lambda one: (-one.n, one.kind.encode()))


def _counted(steps: Iterable[tuple[str, ...]], limit: int) -> Variants:
    counts = Counter(steps)
    items = sorted(counts.items(), key=lambda item: (-item[1], [step.encode() for step in item[0]]))
    return Variants([Variant(*item) for item in items[:limit]], len(counts), counts.total())


def took(line: list[Moment]) -> int:
    return (line[-1].at - line[0].at) // MICROSECOND


def variants(lines: Lines, *, limit: int = 20) -> Variants:
    def steps(line: list[Moment]) -> tuple[str, ...]:
        return tuple(moment.kind for moment in line)

    counted = _counted(map(steps, lines.values()), limit)
    items = [
        Variant(one.steps, one.n, middle([took(line) for line in lines.values() if steps(line) == one.steps]))
        for one in counted.items
    ]
    return Variants(items, counted.variants, counted.customers)


def paths(lines: Lines, *, steps: int = 5, limit: int = 20) -> Variants:
    def begun(line: list[Moment]) -> tuple[str, ...]:
        kinds = [moment.kind for moment in line]
        return tuple(kind for n, kind in enumerate(kinds) if n == 0 or kind != kinds[n - 1])[:steps]

    return _counted((begun(line) for line in lines.values()), limit)


def begins(unit: str, day: date) -> date:
    if unit == "week":
        return day - timedelta(days=day.weekday())
    return day.replace(day=1) if unit == "month" else day


def retention(
    lines: Lines, spans: Sequence[tuple[int, int | None]], *, until: datetime, unit: str = "week", zone: str = "UTC",
    entry: str | None = None, back: str | None = None,
) -> list[Cell]:  # fmt: skip
    utc = ZoneInfo("UTC")
    cohorts: dict[date, list[tuple[datetime, list[Moment]]]] = defaultdict(list)
    for line in lines.values():
        entered = next((moment.at for moment in line if entry is None or moment.kind == entry), None)
        if entered is not None:
            local = entered.replace(tzinfo=utc).astimezone(ZoneInfo(zone)).date()
            cohorts[begins(unit, local)].append((entered, line))
    cells = []
    for cohort in sorted(cohorts):
        for low, high in spans:
            ripe = [
                (entered, line) for entered, line in cohorts[cohort]
                if until.astimezone(utc).replace(tzinfo=None) - entered >= (high or low + 1) * DAY
            ]  # fmt: skip
            came = [
                entered for entered, line in ripe
                if any(
                    (back is None or moment.kind == back) and moment.at - entered >= low * DAY
                    and (high is None or moment.at - entered < high * DAY) for moment in line
                )
            ]  # fmt: skip
            cells.append(Cell(cohort, low, len(cohorts[cohort]), len(ripe), len(came)))
    return cells


def session_list(lines: Lines, *, pause: timedelta, limit: int = 1000) -> list[Session]:
    found = []
    for customer, line in lines.items():
        current = [line[0]]
        for moment in line[1:]:
            if moment.at - current[-1].at > pause:
                found.append(Session(customer, current[0].at, current[-1].at, len(current)))
                current = []
            current.append(moment)
        found.append(Session(customer, current[0].at, current[-1].at, len(current)))
    return sorted(found, key=lambda one: (one.customer, one.started_at, one.moments))[:limit]


def sessions(lines: Lines, *, pause: timedelta) -> Sessions:
    found = session_list(lines, pause=pause, limit=10**9)
    moments = [one.moments for one in found]
    lengths = [(one.ended_at - one.started_at) // MICROSECOND for one in found]
    told = [(middle(values), nine_of_ten(values)) if values else (None, None) for values in (moments, lengths)]
    return Sessions(
        len(found), len(lines), sum(moments), sum(count == 1 for count in moments), *told[0], *told[1]
    )  # fmt: skip
