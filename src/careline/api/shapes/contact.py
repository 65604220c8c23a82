"""Whether a customer may be written to unasked: holds that say no for a while, and what was decided."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.knowing import Side
from careline.api.shapes.pages import Next


class Holding(msgspec.Struct, frozen=True):
    """Nothing but answers goes to the customer until then; without an end, until it is lifted."""

    reason: Annotated[str, Meta(min_length=1, max_length=500)]
    until: Moment | None = None


class Hold(msgspec.Struct, frozen=True):
    id: str
    customer_id: Side
    reason: str
    until: Moment | None
    created_at: Moment
    released_at: Annotated[Moment | None, Meta(description="When it was lifted before its time.")]
    running: bool


class Holds(msgspec.Struct, frozen=True):
    items: list[Hold]
    next: Next


class Decision(msgspec.Struct, frozen=True):
    """One answer to whether the customer may be written to."""

    id: str
    at: Moment
    purpose: str
    channel: str
    allowed: bool
    reason: Annotated[str | None, Meta(description="What spoke against it, in words.")]


class Decisions(msgspec.Struct, frozen=True):
    items: list[Decision]
    next: Next


class Suppression(msgspec.Struct, frozen=True):
    """An address nothing is sent to."""

    id: str
    address: Annotated[str | None, Meta(description="Null once the customer who had it was erased.")]
    reason: Literal["user_unknown", "host_unknown", "refused", "complaint"]
    says: Annotated[str, Meta(description="The reason as a sentence.")]
    code: Annotated[str | None, Meta(description="The status the other side gave, such as 5.1.1.")]
    words: Annotated[str | None, Meta(description="What the other side said.")]
    message_id: Annotated[str | None, Meta(description="The message that came back.")]
    answers: Annotated[bool, Meta(description="Whether answers in a conversation still go there.")]
    at: Moment


class Suppressions(msgspec.Struct, frozen=True):
    items: list[Suppression]
    next: Next


class Breaker(msgspec.Struct, frozen=True):
    """It trips when an inbox sends too many automatic answers in an hour, and stays so until it is put back."""

    inbox_id: str
    tripped_at: Moment | None
