"""What is kept of a customer and for how long, and how far the disk is clean of who was erased."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next


class CustomerExport(msgspec.Struct, frozen=True):
    customer_id: str
    rows: Annotated[dict[str, list[dict[str, Any]]], Meta(description="By the model that keeps them.")]


class Erasing(msgspec.Struct, frozen=True):
    now: Annotated[bool, Meta(description="Clean the disk right away instead of in the night.")] = False


class Erasure(msgspec.Struct, frozen=True):
    customer_id: str
    erased_at: Moment
    clean_by: Annotated[Moment, Meta(description="By then nothing of them is on the disk.")]
    clean_at: Annotated[Moment | None, Meta(description="Since then; null while it is still to be done.")]
    now: Annotated[bool, Meta(description="Whether somebody asked to have it done right away.")]
    left: Annotated[list[str], Meta(description="Codes of what stood in the way, or what the database keeps.")]
    rows: Annotated[dict[str, int], Meta(description="Of an erasure just done: rows emptied or removed, by model.")]


class Period(msgspec.Struct, frozen=True):
    kind: str
    days: Annotated[int | None, Meta(description="null: without end.")]
    least: Annotated[int, Meta(description="The house needs it for so many days.")]
    usual: Annotated[int | None, Meta(description="Where nobody has set a period.")]


class Periods(msgspec.Struct, frozen=True):
    items: list[Period]
    next: Next


class PeriodSetting(msgspec.Struct, frozen=True):
    days: Annotated[int, Meta(ge=1)] | None


class WouldGo(msgspec.Struct, frozen=True):
    rows: int
    people: int
    oldest: Moment | None
    bytes: int


class Aging(msgspec.Struct, frozen=True):
    period: Period
    days: Annotated[int | None, Meta(description="What was asked for, or the period there is.")]
    would_go: Annotated[
        WouldGo | None, Meta(description="null when it is kept without end, or when counting takes too long.")
    ]
