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
    steps: tuple[str, ...]
    n: int


class Variants(msgspec.Struct, frozen=True):
    """The most frequent ones; how many different ones there are, and of how many customers."""

    items: list[Variant]
    variants: int = 0
    customers: int = 0


class Reached(msgspec.Struct, frozen=True):
    """How many came as far as this step, and the median time from entry to here."""

    kind: str
    n: int
    median: float | None


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
