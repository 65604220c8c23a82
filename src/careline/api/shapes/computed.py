"""Traits that are worked out from moments."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment

Formula = Annotated[
    dict[str, Any],
    Meta(
        description='What is worked out of which moments: {"how": "sum", "kind": "order.placed", "fact": "total_minor",'
        ' "currency": "EUR", "days": 90, "where": []}; docs/customers.md names what each takes.'
    ),
]  # fmt: skip
Figure = float | str | None


class ComputedFormula(msgspec.Struct, frozen=True):
    """What would be worked out."""

    formula: Formula


class ComputedTraitWriting(msgspec.Struct, frozen=True):
    label: str
    formula: Formula


class ComputedTrait(msgspec.Struct, frozen=True):
    name: str
    label: str
    formula: Formula
    type: Annotated[Literal["number", "date", "text"] | None, Meta(description="Null when it can no longer be read.")]
    count: Annotated[int, Meta(description="How many customers have a value now.")]
    inbox_ids: Annotated[list[str] | None, Meta(description="Whose moments count too; null is every inbox.")]
    changed_at: Moment
    counted_at: Annotated[Moment | None, Meta(description="When everybody was looked at last.")]


class ComputedTraits(msgspec.Struct, frozen=True):
    items: list[ComputedTrait]


class ComputedWord(msgspec.Struct, frozen=True):
    value: str
    count: int


class ComputedPreview(msgspec.Struct, frozen=True):
    """How many customers would have a value, of how many, and what the values are like."""

    count: int
    of: int
    type: Literal["number", "date", "text"]
    median: Figure
    least: Figure
    most: Figure
    words: Annotated[list[ComputedWord], Meta(description="Of words the most frequent, with how many have each.")]
    at: Moment


class ComputedValue(msgspec.Struct, frozen=True):
    """What a trait is of one customer."""

    name: str
    label: str
    value: float | str
    moments: Annotated[int, Meta(description="From how many it was worked out.")]
    since: Annotated[Moment, Meta(description="When it became this.")]
    at: Annotated[Moment, Meta(description="When it was last found to be this.")]


class ComputedValues(msgspec.Struct, frozen=True):
    items: list[ComputedValue]
