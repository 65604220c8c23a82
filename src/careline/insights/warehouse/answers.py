"""What the questions answer with. Times are microseconds.

A median of an even count lies half way between the two in the middle; `p90` is the smallest that nine of ten do not
exceed.
"""

from __future__ import annotations

from datetime import date, datetime

import msgspec


class Edge(msgspec.Struct, frozen=True):
    """`to` came directly after `start`, n times; the median and the ninetieth percentile of the time between."""

    start: str
    to: str
    n: int
    median: float
    p90: int


class Activity(msgspec.Struct, frozen=True):
    """How often a kind happened, and how often a line began or ended with it."""

    kind: str
    n: int
    firsts: int
    lasts: int


class Variant(msgspec.Struct, frozen=True):
    """The median of the time from the first moment to the last; of beginnings alone there is none."""

    steps: tuple[str, ...]
    n: int
    median: float | None = None

    @property
    def repeats(self) -> int:
        """Steps that were there before."""
        return len(self.steps) - len(set(self.steps))


class Variants(msgspec.Struct, frozen=True):
    """The most frequent ones; how many different ones there are, and of how many customers."""

    items: list[Variant]
    variants: int = 0
    customers: int = 0


class Reached(msgspec.Struct, frozen=True):
    """How many came as far as this step, and the median time from entry to here.

    `excluded` came here in time, but by way of something that must not happen; they are none of the n.
    """

    kind: str
    n: int
    median: float | None
    excluded: int = 0


class FunnelPart(msgspec.Struct, frozen=True):
    """Those whose entry is of this part; without a name of none, or of all the others together."""

    name: str | None
    others: bool
    steps: list[Reached]


class Cell(msgspec.Struct, frozen=True):
    """Of a cohort: of those whose span is over (`mature`), how many came back within it."""

    cohort: date
    n: int
    size: int
    mature: int
    returned: int


class Session(msgspec.Struct, frozen=True):
    customer: int
    started_at: datetime
    ended_at: datetime
    moments: int


class Sessions(msgspec.Struct, frozen=True):
    """`single`: with one moment only."""

    sessions: int
    customers: int
    moments: int
    single: int
    moments_median: float | None
    moments_p90: int | None
    length_median: float | None
    length_p90: int | None


class Repeated(msgspec.Struct, frozen=True):
    """A kind that is done again: n moments in so many cases, `again` of which have it more than once.

    Of the repetitions, `direct` follow the one before directly and `round` come after something else; the medians are
    of the time since the one before. `longer` and `once` are medians of how long cases with and without one take.
    """

    kind: str
    n: int
    cases: int
    again: int
    direct: int
    direct_median: float | None
    round: int
    round_median: float | None
    longer: float | None
    once: float | None


class Loop(msgspec.Struct, frozen=True):
    """From a kind over these back to itself; over nothing when it follows itself."""

    kind: str
    over: tuple[str, ...]
    n: int
    cases: int
    median: float
    p90: int


class Rework(msgspec.Struct, frozen=True):
    """Of so many cases, those in which anything is done again, and how much longer they take."""

    cases: int
    again: int
    repeats: int
    longer: float | None
    once: float | None
    steps: list[Repeated]
    loops: list[Loop]


class Waited(msgspec.Struct, frozen=True):
    """n waits were answered; `unanswered` were not in time, of `waiting` nobody knows yet."""

    n: int
    unanswered: int
    waiting: int
    median: float | None
    p90: int | None


class Bin(msgspec.Struct, frozen=True):
    """Waits of at least `low` and less than `high`."""

    low: int
    high: int | None
    n: int


class WaitedSince(msgspec.Struct, frozen=True):
    """Waits that began in the day, week or month of this first day."""

    begins: date
    times: Waited


class WaitedPart(msgspec.Struct, frozen=True):
    name: str | None
    others: bool
    times: Waited


class Between(msgspec.Struct, frozen=True):
    times: Waited
    bins: list[Bin]
    trend: list[WaitedSince]
    parts: list[WaitedPart]


class Node(msgspec.Struct, frozen=True):
    """n cases are at this kind so many steps away; `stops` of them go no further. Without a kind: the others."""

    step: int
    kind: str | None
    n: int
    stops: int


class Link(msgspec.Struct, frozen=True):
    """From a node of this step to one of the next."""

    step: int
    start: str | None
    to: str | None
    n: int


class Flow(msgspec.Struct, frozen=True):
    nodes: list[Node]
    links: list[Link]
