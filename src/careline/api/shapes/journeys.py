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


class JourneyVariants(msgspec.Struct, frozen=True):
    as_of: AsOf
    customers: int
    variants: Annotated[int, Meta(description="How many different ones there are; the most frequent are listed.")]
    items: list[JourneyVariant]


class FunnelStep(msgspec.Struct, frozen=True):
    kind: str
    n: int
    median_seconds: Annotated[float | None, Meta(description="From the entry to here.")]


class Funnel(msgspec.Struct, frozen=True):
    as_of: AsOf
    steps: list[FunnelStep]


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
