"""Metrics: their definitions, their figures, and what is behind a figure."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next


class MetricDefinition(msgspec.Struct, frozen=True):
    """What is counted of what; a metric that waits has no figures yet."""

    name: str
    title: str
    area: str
    version: Annotated[int | None, Meta(description="Goes up whenever figures may change by the definition.")]
    changed_on: date | None
    changed: Annotated[str, Meta(description="What changed then.")]
    kind: Annotated[str, Meta(description="share, nps, mean, median, rate or count.")]
    unit: Annotated[str, Meta(description="percent, points, seconds, ratio or count.")]
    better: Annotated[str, Meta(description="high or low: the side that is wished for.")]
    counted: str
    among: str
    clock: str
    maturity_days: Annotated[int | None, Meta(description="Younger cases are left out, since they cannot be told yet.")]
    formula: str
    coverage: Annotated[str, Meta(description="What the coverage of a figure is a share of.")]
    source: str
    reads: Annotated[list[str], Meta(description="Kinds of touchpoint.")]
    goes_by: Annotated[list[str], Meta(description="What it can be narrowed and parted by.")]
    waits_for: str | None


class MetricDefinitions(msgspec.Struct, frozen=True):
    items: list[MetricDefinition]


class MetricPoint(msgspec.Struct, frozen=True):
    """A figure of one span of time and one part."""

    at: Annotated[Moment, Meta(description="When its span begins.")]
    ends: Moment
    group: Annotated[str | None, Meta(description="Its part: a channel, or an id; null is all, or those of none.")]
    label: Annotated[str, Meta(description="What the part is called.")]
    value: Annotated[float | None, Meta(description="Null under n = 10, except of counts.")]
    n: Annotated[int, Meta(description="How many cases it is of.")]
    interval: Annotated[list[float] | None, Meta(description="Its ends, of 95 %, in the same unit.")]
    coverage: Annotated[float | None, Meta(description="From 0 to 1; the definition says of what.")]
    immature: Annotated[int, Meta(description="Cases left out because they cannot be told yet.")]
    mature: Annotated[bool, Meta(description="Whether nothing of it may change by waiting.")]
    beside: Annotated[
        dict[str, float],
        Meta(description="What else is said of the same cases: p90 of times, mean of scores, count of rates."),
    ]


class Metric(msgspec.Struct, frozen=True):
    """Figures of a metric. One that waits has no points and says what it waits for."""

    name: str
    definition: str
    version: int | None
    changed_on: date | None
    unit: str
    zone: str
    as_of: Moment | None
    waits_for: str | None
    points: list[MetricPoint]


Ends = Annotated[list[float], Meta(description="The value and the ends of its interval of 95 %.")]


class EffortPart(msgspec.Struct, frozen=True):
    """How much one part of effort weighs: now, and by the house's own answers about ease."""

    part: str
    weight: float
    by_answers: Annotated[float | None, Meta(description="Null while answers tell nothing.")]
    cost: Annotated[Ends | None, Meta(description="Points of ease, of 1 to 7, that each further one costs.")]


class EffortWeights(msgspec.Struct, frozen=True):
    """`weighed` and `alike`: correlations of the answers with effort, the first of customers kept aside."""

    way: Literal["alike", "answers"]
    n: Annotated[int, Meta(description="Answers about ease after a conversation.")]
    fewest: Annotated[int, Meta(description="From so many on they are asked.")]
    holds: Annotated[bool, Meta(description="Whether the weights tell more than chance does.")]
    weighed: Ends | None
    alike: Ends | None
    parts: list[EffortPart]


class EffortWeighing(msgspec.Struct, frozen=True):
    way: Annotated[Literal["alike", "answers"], Meta(description="All parts alike, or by the house's own answers.")]


class MetricCase(msgspec.Struct, frozen=True):
    """One case behind a figure. Names, subjects and words are told as far as they may be seen."""

    touchpoint_id: str
    at: Moment
    customer_id: str | None
    customer: str
    conversation_id: str | None
    subject: str
    known: Annotated[bool, Meta(description="Whether it counts already.")]
    value: Annotated[
        float | None,
        Meta(description="Of shares 1 or 0, of NPS 1, 0 or -1, else as the unit says; null while nobody knows."),
    ]
    score: float | None
    words: str


class MetricCases(msgspec.Struct, frozen=True):
    items: list[MetricCase]
    next: Next


class Annotating(msgspec.Struct, frozen=True):
    at: Moment
    words: str
    kind: Literal["release", "outage", "price", "campaign", "other"] = "other"
    until: Moment | None = None


class Annotation(msgspec.Struct, frozen=True):
    """Something that happened to the house and may explain a figure."""

    id: str
    at: Moment
    until: Moment | None
    kind: str
    words: str


class Annotations(msgspec.Struct, frozen=True):
    items: list[Annotation]


class ScoreboardViewKeeping(msgspec.Struct, frozen=True):
    name: str
    chosen: Annotated[
        dict[str, str],
        Meta(description="As the address says it: view, days, from, to, channel, inbox, team, agent, segment."),
    ]
    shared: Annotated[bool, Meta(description="For everybody.")] = False


class ScoreboardView(msgspec.Struct, frozen=True):
    id: str
    name: str
    shared: bool
    chosen: dict[str, str]


class ScoreboardViews(msgspec.Struct, frozen=True):
    items: list[ScoreboardView]
