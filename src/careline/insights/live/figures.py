"""The board of a viewer, added up of what their inboxes hold. Pure: no database, no clock."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

import msgspec

from careline.insights.live import looks
from careline.insights.live.looks import Ended, Limit, Seen
from careline.insights.metrics import intervals
from careline.insights.metrics.figures import FEWEST, Figure

# From so many in the last hour on the pace of a queue says something of the next.
ENOUGH = 5


class Service(msgspec.Struct, frozen=True):
    """Raw counts of waits that ended; each formula is worked out of these."""

    taken: int = 0
    within: int = 0
    given_up: int = 0
    at_once: int = 0
    soon: int = 0

    @property
    def offered(self) -> int:
        return self.taken + self.given_up

    def level(self, formula: str = "later") -> Figure:
        """The share, in percent, that was taken within the target; `formula` is one of FORMULAS."""
        hits, of = FORMULAS[formula](self)
        return _share(hits, of)

    def abandonment(self) -> Figure:
        """Of those who waited longer than a moment, the share that gave up, in percent."""
        return _share(self.given_up - self.at_once, self.offered - self.at_once)


# Given up within the target: left out, counted as missed, not looked at, or counted as kept.
FORMULAS = {
    "later": lambda one: (one.within, one.taken + one.given_up - one.soon),
    "strict": lambda one: (one.within, one.offered),
    "taken": lambda one: (one.within, one.taken),
    "kind": lambda one: (one.within + one.soon, one.offered),
}
USUAL = "later"


class Line(msgspec.Struct, frozen=True):
    """One queue. `expected_s` is what somebody who comes now has to wait, None while nothing is known of the pace."""

    queue: int
    name: str
    target_s: int
    target_percent: int
    waiting: int
    oldest: tuple[datetime, ...]
    expected_s: int | None
    service: Service


class Person(msgspec.Struct, frozen=True):
    """`work` is how many of their open conversations the viewer sees."""

    agent: int
    name: str
    status: str
    reason: str
    since: datetime
    capacity: int
    load: int
    work: int


class Board(msgspec.Struct, frozen=True):
    """`felt` counts by level from -2 to 2, None is not known. `usual` is what the same weekdays had by now.

    Of open conversations the next promise of `soon` breaks within looks.AHEAD, first at `first_due`; of `late` it has.
    """

    at: datetime
    house: str
    lines: tuple[Line, ...]
    people: tuple[Person, ...]
    felt: dict[int | None, int]
    arrived: int
    usual: tuple[int, ...]
    soon: int = 0
    late: int = 0
    first_due: datetime | None = None
    # Those somebody set, passed or not: careline.insights.live.limits.
    limits: tuple[Limit, ...] = ()

    @property
    def waiting(self) -> int:
        return sum(one.waiting for one in self.lines)

    @property
    def ready(self) -> int:
        return sum(one.status == "ready" for one in self.people)

    @property
    def low(self) -> int:
        """Open conversations that feel poor or bad."""
        return sum(n for level, n in self.felt.items() if level is not None and level < 0)


_held = msgspec.json.Decoder(dict[str, int])


def board(seen: Seen, inboxes: Collection[int]) -> Board:
    """Of what is seen through these inboxes."""
    mine = frozenset(inboxes)
    felt: Counter[int | None] = Counter()
    for one in seen.felt:
        if one.inbox in mine:
            felt[one.level] += one.n
    arrived: Counter[int] = Counter()
    # The house's own rows say of which weeks anything is kept.
    for row in seen.arrived:
        arrived[row.weeks] += row.n if row.inbox in mine else 0
    due = [one for one in seen.due if one.inbox in mine]
    return Board(
        at=seen.at, house=seen.house.name, lines=_lines(seen, mine), people=_people(seen, mine), felt=dict(felt),
        arrived=arrived.get(0, 0), usual=tuple(arrived[week] for week in sorted(arrived) if week),
        soon=sum(one.soon for one in due), late=sum(one.late for one in due),
        first_due=min((one.first for one in due if one.first is not None), default=None),
        limits=tuple(seen.limits),
    )  # fmt: skip


def _lines(seen: Seen, mine: frozenset[int]) -> tuple[Line, ...]:
    waits, ended = defaultdict(list), defaultdict(list)
    for one in seen.waits:
        if one.inbox in mine:
            waits[one.queue].append(one)
    everywhere = defaultdict(list)
    for row in seen.ended:
        everywhere[row.queue].append(row)
        if row.inbox in mine:
            ended[row.queue].append(row)
    whole = Counter({one.id: 0 for one in seen.queues})
    for one in seen.waits:
        whole[one.queue] += one.n
    return tuple(
        Line(
            queue=one.id, name=one.name, target_s=one.target_s, target_percent=one.target_percent,
            waiting=sum(part.n for part in waits[one.id]),
            oldest=tuple(sorted(at for part in waits[one.id] for at in part.oldest)[: looks.DRAWN]),
            expected_s=expected(everywhere[one.id], whole[one.id], seen.at), service=service(ended[one.id]),
        )
        for one in seen.queues
    )  # fmt: skip


def service(rows: Iterable[Ended]) -> Service:
    return added(rows)


def added(rows: Iterable[Ended | Service]) -> Service:
    found = list(rows)
    return Service(**{name: sum(getattr(one, name) for one in found) for name in Service.__struct_fields__})


def expected(rows: Collection[Ended], waiting: int, at: datetime) -> int | None:
    """Seconds, by the pace of the last hour in the whole queue: whoever comes now stands behind all who wait there."""
    taken = sum(one.lately for one in rows)
    first = min((one.first for one in rows if one.first is not None), default=None)
    if taken < ENOUGH or first is None:
        return None
    return round((at - first) / timedelta(seconds=1) / taken * (waiting + 1))


def _people(seen: Seen, mine: frozenset[int]) -> tuple[Person, ...]:
    return tuple(
        Person(
            agent=one.id, name=one.name, status=one.status, reason=one.reason, since=one.since, capacity=one.capacity,
            load=one.load, work=sum(n for inbox, n in _held.decode(one.held).items() if int(inbox) in mine),
        )
        for one in seen.agents
        if not mine.isdisjoint(one.inboxes)
    )  # fmt: skip


def _share(hits: int, of: int) -> Figure:
    if of < FEWEST:
        return Figure(None, of, of)
    found = intervals.share(hits, of)
    return Figure(found.value, of, of, found.low, found.high)
