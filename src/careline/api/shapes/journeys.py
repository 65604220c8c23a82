"""Journeys: what follows what, how many come how far, who comes back. Times between moments are seconds."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment

AsOf = Annotated[
    Moment | None, Meta(description="Everything recorded until then is counted; null while there is nothing.")
]


class JourneyActivity(msgspec.Struct, frozen=True):
    kind: Annotated[str, Meta(description="The kind of touchpoint, or the name of an event no rule maps.")]
    n: int
    firsts: Annotated[int, Meta(description="How many lines begin with it.")]
    lasts: Annotated[int, Meta(description="How many lines end with it.")]


class JourneyEdge(msgspec.Struct, frozen=True):
    start: str
    to: Annotated[str, Meta(description="What came directly after it.")]
    n: int
    median_seconds: float
    p90_seconds: Annotated[float, Meta(description="The shortest time that nine of ten do not exceed.")]


class JourneyMap(msgspec.Struct, frozen=True):
    as_of: AsOf
    activities: list[JourneyActivity]
    edges: list[JourneyEdge]


class JourneyVariant(msgspec.Struct, frozen=True):
    steps: list[str]
    n: int
    repeats: Annotated[int, Meta(description="Steps that were there before.")]
    median_seconds: Annotated[float | None, Meta(description="From the first to the last; of whole lines alone.")]


class JourneyVariants(msgspec.Struct, frozen=True):
    as_of: AsOf
    customers: Annotated[int, Meta(description="Or cases, when a case is a journey.")]
    variants: Annotated[int, Meta(description="How many different ones there are; the most frequent are listed.")]
    items: list[JourneyVariant]


class FunnelStep(msgspec.Struct, frozen=True):
    kind: str
    n: int
    median_seconds: Annotated[float | None, Meta(description="From the entry to here.")]
    excluded: Annotated[
        int, Meta(description="Came here in time, but by way of what must not happen; none of the n.")
    ]  # fmt: skip


Name = Annotated[str | None, Meta(description="Null for those of none, and for all the others together.")]
Others = Annotated[bool, Meta(description="All the parts that are not among the most frequent.")]


class FunnelPart(msgspec.Struct, frozen=True):
    name: Name
    others: Others
    steps: list[FunnelStep]


class Funnel(msgspec.Struct, frozen=True):
    as_of: AsOf
    steps: list[FunnelStep]
    parts: Annotated[list[FunnelPart], Meta(description="The same for each part, when it was asked for.")]


class RepeatedStep(msgspec.Struct, frozen=True):
    kind: str
    n: Annotated[int, Meta(description="Moments of this kind.")]
    cases: Annotated[int, Meta(description="Cases that have it.")]
    again: Annotated[int, Meta(description="Those of them that have it more than once.")]
    direct: Annotated[int, Meta(description="How often it follows itself directly.")]
    direct_median_seconds: Annotated[float | None, Meta(description="Between the two.")]
    round: Annotated[int, Meta(description="How often it comes again after something else.")]
    round_median_seconds: Annotated[float | None, Meta(description="From one to the next.")]
    longer_median_seconds: Annotated[float | None, Meta(description="How long cases take that have it more than once.")]
    once_median_seconds: Annotated[float | None, Meta(description="How long cases take that have it once.")]


class JourneyLoop(msgspec.Struct, frozen=True):
    kind: str
    over: Annotated[list[str], Meta(description="What comes between, in its order, at most four; nothing is directly.")]
    n: int
    cases: int
    median_seconds: float
    p90_seconds: float


class Rework(msgspec.Struct, frozen=True):
    as_of: AsOf
    cases: int
    again: Annotated[int, Meta(description="Cases in which any kind happens more than once.")]
    repeats: Annotated[int, Meta(description="Moments that are not the first of their kind in their case.")]
    longer_median_seconds: Annotated[float | None, Meta(description="How long the cases take that repeat something.")]
    once_median_seconds: Annotated[float | None, Meta(description="How long the others take.")]
    steps: list[RepeatedStep]
    loops: list[JourneyLoop]


class Waits(msgspec.Struct, frozen=True):
    n: Annotated[int, Meta(description="Waits that ended in time.")]
    unanswered: Annotated[int, Meta(description="Waits that did not, or too late.")]
    waiting: Annotated[int, Meta(description="Waits that may still end in time.")]
    median_seconds: float | None
    p90_seconds: float | None


class WaitsSince(Waits, frozen=True):
    begins: Annotated[date, Meta(description="The first day of the day, week or month in which they began.")]


class WaitsPart(Waits, frozen=True):
    name: Name
    others: Others


class TimeBin(msgspec.Struct, frozen=True):
    from_seconds: float
    below_seconds: float | None
    n: int


class Between(Waits, frozen=True):
    as_of: AsOf
    bins: list[TimeBin]
    trend: list[WaitsSince]
    parts: list[WaitsPart]


class FlowNode(msgspec.Struct, frozen=True):
    step: Annotated[int, Meta(description="How many steps after the chosen one, or below zero before it.")]
    kind: Annotated[str | None, Meta(description="Null for the others.")]
    n: int
    stops: Annotated[int, Meta(description="Cases that end here or, looked at backwards, begin here.")]


class FlowLink(msgspec.Struct, frozen=True):
    step: Annotated[int, Meta(description="That of its start; it leads to the next.")]
    start: Annotated[str | None, Meta(description="Null for the others.")]
    to: Annotated[str | None, Meta(description="Null for the others.")]
    n: int


class Flow(msgspec.Struct, frozen=True):
    as_of: AsOf
    nodes: list[FlowNode]
    links: list[FlowLink]


class RetentionCell(msgspec.Struct, frozen=True):
    cohort: date
    day: int
    size: Annotated[int, Meta(description="Customers of the cohort.")]
    mature: Annotated[int, Meta(description="Those of them whose span is over; only they are counted.")]
    returned: int


class Retention(msgspec.Struct, frozen=True):
    as_of: AsOf
    cells: list[RetentionCell]


class JourneySessions(msgspec.Struct, frozen=True):
    as_of: AsOf
    sessions: int
    customers: int
    moments: int
    single: Annotated[int, Meta(description="Sessions of one moment.")]
    moments_median: float | None
    moments_p90: int | None
    median_seconds: float | None
    p90_seconds: float | None
