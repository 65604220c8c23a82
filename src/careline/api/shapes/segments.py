"""Segments and their rules."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next

Written = Annotated[
    dict[str, Any],
    Meta(
        description='A condition, or a group of them: {"of": "all", "conditions": […]}. Conditions are of the kinds'
        ' attribute, trait, happened and service; docs/customers.md names what each takes.'
    ),
]  # fmt: skip


class Rule(msgspec.Struct, frozen=True):
    """What must be true of a customer."""

    rule: Written


class SegmentWriting(msgspec.Struct, frozen=True):
    name: str
    rule: Written


class Segment(msgspec.Struct, frozen=True):
    id: str
    name: str
    rule: Written
    count: Annotated[int, Meta(description="How many belong to it now.")]
    inbox_ids: Annotated[list[str] | None, Meta(description="Whose conversations count; null is every inbox.")]
    changed_at: Moment
    counted_at: Annotated[Moment | None, Meta(description="When everybody was looked at last.")]


class Segments(msgspec.Struct, frozen=True):
    items: list[Segment]
    next: Next


class Count(msgspec.Struct, frozen=True):
    """How many, of how many customers, and when it was counted."""

    count: int
    of: int
    at: Moment
