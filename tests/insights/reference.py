"""The same questions in slow and plain Python, over a list of moments; the engine must answer the same, row by row."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from careline.insights.warehouse.answers import Activity, Cell, Edge, Reached, Session, Sessions, Variant, Variants

MICROSECOND = timedelta(microseconds=1)
DAY = timedelta(days=1)


class Moment(NamedTuple):
    """`at` is UTC without saying so."""

    person: int
    at: datetime
    id: UUID
    kind: str
    inbox: int | None = None


Lines = dict[int, list[Moment]]


def lines(moments: Iterable[Moment], joined: dict[int, int] | None = None) -> Lines:
    """By whom they stand for now; ties go by id."""
    found: Lines = defaultdict(list)
    for moment in moments:
        found[(joined or {}).get(moment.person, moment.person)].append(moment)
    return {customer: sorted(found[customer], key=lambda m: (m.at, m.id.int)) for customer in sorted(found)}


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


def variants(lines: Lines, *, limit: int = 20) -> Variants:
    return _counted((tuple(moment.kind for moment in line) for line in lines.values()), limit)


def paths(lines: Lines, *, steps: int = 5, limit: int = 20) -> Variants:
    def begun(line: list[Moment]) -> tuple[str, ...]:
        kinds = [moment.kind for moment in line]
        return tuple(kind for n, kind in enumerate(kinds) if n == 0 or kind != kinds[n - 1])[:steps]

    return _counted((begun(line) for line in lines.values()), limit)


def funnel(lines: Lines, steps: Sequence[str], *, window: timedelta) -> list[Reached]:
    times: list[list[int]] = [[] for _step in steps]
    for line in lines.values():
        entered: datetime | None = None
        wanted = 0
        for moment in line:
            if wanted == len(steps) or (entered is not None and moment.at - entered > window):
                break
            if moment.kind == steps[wanted]:
                entered = entered or moment.at
                times[wanted].append((moment.at - entered) // MICROSECOND)
                wanted += 1
    return [Reached(step, len(t), middle(t) if t else None) for step, t in zip(steps, times, strict=True)]


def _begins(unit: str, day: date) -> date:
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
            cohorts[_begins(unit, local)].append((entered, line))
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
