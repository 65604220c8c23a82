"""More of the reference: funnels, the time between, what is done again, what comes before and after."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from careline.insights.warehouse.answers import (
    Between,
    Bin,
    Flow,
    FunnelPart,
    Link,
    Loop,
    Node,
    Reached,
    Repeated,
    Rework,
    Waited,
    WaitedPart,
    WaitedSince,
)
from careline.insights.warehouse.walks import BOUNDS
from tests.insights.reference import MICROSECOND, Lines, Moment, begins, middle, nine_of_ten, took

NOTHING: Mapping[int, Sequence[str]] = {}
# Which parts a moment of a case is of.
NameOf = Callable[[Any, Moment], Sequence[str]]


def went(
    line: list[Moment], steps: Sequence[str], window: timedelta, strict: bool, never: Mapping[int, Sequence[str]]
) -> tuple[list[Moment], bool]:
    """The moments that were the steps, and whether the next one was come to by a way that does not count."""
    places: list[int] = []
    for n, step in enumerate(steps, 1):
        start = places[-1] + 1 if places else 0
        ahead = range(start, min(start + 1, len(line)) if strict and places else len(line))
        place = next((place for place in ahead if line[place].kind == step), None)
        if place is None or (places and line[place].at - line[places[0]].at > window):
            break
        if places and any(moment.kind in never.get(n, ()) for moment in line[start:place]):
            return [line[one] for one in places], True
        places.append(place)
    return [line[one] for one in places], False


def funnel(
    lines: Lines, steps: Sequence[str], *, window: timedelta, strict: bool = False,
    never: Mapping[int, Sequence[str]] = NOTHING,
) -> list[Reached]:  # fmt: skip
    times: list[list[int]] = [[] for _step in steps]
    excluded = [0 for _step in steps]
    for line in lines.values():
        taken, astray = went(line, steps, window, strict, never)
        for n, moment in enumerate(taken):
            times[n].append((moment.at - taken[0].at) // MICROSECOND)
        if astray:
            excluded[len(taken)] += 1
    return [Reached(step, len(t), _middle(t), x) for step, t, x in zip(steps, times, excluded, strict=True)]


def parted(
    anchors: Sequence[tuple[Any, Moment]], names: NameOf, most: int = 20
) -> dict[tuple[str | None, bool], set[int]]:  # fmt: skip
    """Which of the anchors, by their place in the list, are of which part."""
    counts = Counter(name for case, moment in anchors for name in names(case, moment))
    kept = {name for name, _n in sorted(counts.items(), key=lambda one: (-one[1], one[0].encode()))[:most]}
    found: dict[tuple[str | None, bool], set[int]] = defaultdict(set)
    for place, (case, moment) in enumerate(anchors):
        here = names(case, moment)
        for name in here:
            found[(name, False) if name in kept else (None, True)].add(place)
        if not here:
            found[None, False].add(place)
    return found


def _part_order(part: Any, n: int) -> Any:
    return part.name is None, part.name is None and not part.others, -n, (part.name or "").encode()


def funnel_parts(lines: Lines, steps: Sequence[str], names: NameOf, **given: Any) -> list[FunnelPart]:
    anchors = [
        (case, moment) for case, line in lines.items()
        if (moment := next((one for one in line if one.kind == steps[0]), None)) is not None
    ]  # fmt: skip
    parts = [
        FunnelPart(*part, funnel({anchors[place][0]: lines[anchors[place][0]] for place in places}, steps, **given))
        for part, places in parted(anchors, names).items()
    ]
    return sorted(parts, key=lambda part: _part_order(part, part.steps[0].n))


Wait = tuple[Any, Moment, Moment | None]


def _waits(lines: Lines, start: str, finish: str) -> Iterator[Wait]:
    for case, line in lines.items():
        since: Moment | None = None
        for moment in line:
            if moment.kind == finish and since is not None:
                yield case, since, moment
                since = None
            if moment.kind == start and since is None:
                since = moment
        if since is not None:
            yield case, since, None


def _waited(waits: Iterable[Wait], window: timedelta, until: datetime) -> Waited:
    times, unanswered, waiting = [], 0, 0
    for _case, since, answer in waits:
        if answer is not None and answer.at - since.at <= window:
            times.append((answer.at - since.at) // MICROSECOND)
        elif answer is None and until.astimezone(UTC).replace(tzinfo=None) - since.at <= window:
            waiting += 1
        else:
            unanswered += 1
    return Waited(len(times), unanswered, waiting, *((middle(times), nine_of_ten(times)) if times else (None, None)))


def between(
    lines: Lines, start: str, finish: str, *, window: timedelta, until: datetime, unit: str = "week",
    zone: str = "UTC", names: NameOf | None = None,
) -> Between:  # fmt: skip
    waits = list(_waits(lines, start, finish))
    answered = [
        (answer.at - since.at) // MICROSECOND for _case, since, answer in waits
        if answer is not None and answer.at - since.at <= window
    ]  # fmt: skip
    bins = [
        Bin(low, high, sum(low <= one and (high is None or one < high) for one in answered))
        for low, high in zip(BOUNDS, (*BOUNDS[1:], None), strict=True)
    ]
    days: dict[date, list[Wait]] = defaultdict(list)
    for wait in waits:
        days[begins(unit, wait[1].at.replace(tzinfo=UTC).astimezone(ZoneInfo(zone)).date())].append(wait)
    trend = [WaitedSince(day, _waited(days[day], window, until)) for day in sorted(days)]
    parts = []
    if names is not None:
        places = parted([(case, since) for case, since, _answer in waits], names)
        parts = [
            WaitedPart(*part, _waited([waits[place] for place in chosen], window, until))
            for part, chosen in places.items()
        ]
        parts.sort(key=lambda part: _part_order(part, part.times.n))
    return Between(_waited(waits, window, until), bins, trend, parts)


def rework(lines: Lines, *, limit: int = 20) -> Rework:
    counts = {case: Counter(moment.kind for moment in line) for case, line in lines.items()}
    again = {case for case in lines if max(counts[case].values()) > 1}
    direct: dict[str, list[int]] = defaultdict(list)
    around: dict[str, list[int]] = defaultdict(list)
    loops: dict[tuple[str, tuple[str, ...]], list[tuple[Any, int]]] = defaultdict(list)
    for case, line in lines.items():
        last: dict[str, int] = {}
        for place, moment in enumerate(line):
            if moment.kind in last:
                since = last[moment.kind]
                over = tuple(one.kind for one in line[since + 1 : place])
                time = (moment.at - line[since].at) // MICROSECOND
                (around if over else direct)[moment.kind].append(time)
                if len(over) <= 4:
                    loops[moment.kind, over].append((case, time))
            last[moment.kind] = place
    steps = []
    for kind in {*direct, *around}:
        having = [case for case in lines if counts[case][kind]]
        steps.append(
            Repeated(
                kind, sum(counts[case][kind] for case in having), len(having),
                sum(counts[case][kind] > 1 for case in having), len(direct[kind]), _middle(direct[kind]),
                len(around[kind]), _middle(around[kind]),
                _middle([took(lines[case]) for case in having if counts[case][kind] > 1]),
                _middle([took(lines[case]) for case in having if counts[case][kind] == 1]),
            )
        )  # fmt: skip
    ways = [
        Loop(
            *loop, len(found), len({case for case, _time in found}), middle([time for _case, time in found]),
            nine_of_ten([time for _case, time in found]),
        )
        for loop, found in loops.items()
    ]  # fmt: skip
    return Rework(
        len(lines), len(again), sum(len(lines[case]) - len(counts[case]) for case in lines),
        _middle([took(lines[case]) for case in again]),
        _middle([took(line) for case, line in lines.items() if case not in again]),
        sorted(steps, key=lambda one: (-one.direct - one.round, one.kind.encode()))[:limit],
        sorted(ways, key=lambda one: (-one.n, one.kind.encode(), [kind.encode() for kind in one.over]))[:limit],
    )  # fmt: skip


def flow(lines: Lines, chosen: str, *, back: bool = False, length: int = 4, most: int = 8) -> Flow:
    ways = []
    for line in lines.values():
        kinds = [moment.kind for n, moment in enumerate(line) if n == 0 or line[n - 1].kind != moment.kind]
        if chosen in kinds:
            first = kinds.index(chosen)
            whole = kinds[: first + 1][::-1] if back else kinds[first:]
            ways.append((whole[: length + 1], len(whole)))
    kept = []
    for step in range(length + 1):
        here = Counter(way[step] for way, _whole in ways if len(way) > step)
        kept.append([kind for kind, _n in sorted(here.items(), key=lambda one: (-one[1], one[0].encode()))[:most]])
    nodes: Counter[Any] = Counter()
    stops: Counter[Any] = Counter()
    links: Counter[Any] = Counter()
    for way, whole in ways:
        named = [kind if kind in kept[step] else None for step, kind in enumerate(way)]
        for step, kind in enumerate(named):
            at = -step if back else step
            nodes[at, kind] += 1
            stops[at, kind] += step == whole - 1
            if step + 1 < len(named):
                links[(at - 1, named[step + 1], kind) if back else (at, kind, named[step + 1])] += 1
    drawn = [Node(*key, n, stops[key]) for key, n in nodes.items()]
    drawn.sort(key=lambda one: (one.step, -one.n, one.kind is None, (one.kind or "").encode()))
    lead = [Link(*key, n) for key, n in links.items()]
    lead.sort(key=lambda one: (
        one.step, -one.n, one.start is None, (one.start or "").encode(), one.to is None, (one.to or "").encode()
    ))  # fmt: skip
    return Flow(drawn, lead)


def _middle(values: Sequence[int]) -> float | None:
    return middle(values) if values else None
