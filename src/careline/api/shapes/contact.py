"""Whether a customer may be written to unasked: holds that say no for a while, and what was decided."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.knowing import Side
from careline.api.shapes.pages import Next

ContactPriority = Literal["low", "normal", "high"]
ContactTalks = Literal["open", "ours", "ignored"]
ContactAbout = Literal["person", "hold", "consent", "reach", "address", "talk", "promise", "quiet", "limit"]
QuietTime = Annotated[str, Meta(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", description="By the customer's clock.")]


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
    retry_at: Annotated[
        Moment | None, Meta(description="When that ends by itself; the same key asks anew from then on.")
    ]


class Decisions(msgspec.Struct, frozen=True):
    items: list[Decision]
    next: Next


class ContactLimit(msgspec.Struct, frozen=True):
    """At most so many contacts in any stretch of so many hours."""

    most: Annotated[int, Meta(ge=1, le=1000)]
    hours: Annotated[int, Meta(ge=1, le=8784)]
    channel: Annotated[str | None, Meta(description="By this channel alone; null over all together.")]
    upto: Annotated[ContactPriority, Meta(description="The highest priority it stops.")]


class ContactLimiting(msgspec.Struct, frozen=True):
    """One to be kept: over all channels and for everything, unless it says otherwise."""

    most: Annotated[int, Meta(ge=1, le=1000)]
    hours: Annotated[int, Meta(ge=1, le=8784)]
    channel: str | None = None
    upto: ContactPriority = "high"


class ContactRuling(msgspec.Struct, frozen=True):
    """What a scope is to be; all of it is kept anew."""

    label: str
    priority: ContactPriority = "normal"
    limits: Annotated[list[ContactLimiting], Meta(max_length=8)] = []
    quiet_from: QuietTime | None = None
    quiet_to: QuietTime | None = None
    quiet_days: Annotated[list[Annotated[int, Meta(ge=1, le=7)]], Meta(description="1 is Monday.")] = []
    talks: ContactTalks = "open"
    promise_days: Annotated[int, Meta(ge=0, le=365)] = 14


class ContactRule(msgspec.Struct, frozen=True):
    """By what is decided about everything that is written for a purpose in this scope."""

    name: Annotated[str, Meta(description="any, surveys, or within another: surveys/nps.")]
    label: str
    priority: ContactPriority
    limits: list[ContactLimit]
    quiet_from: QuietTime | None
    quiet_to: QuietTime | None
    quiet_days: list[int]
    talks: ContactTalks
    promise_days: int
    changed_at: Moment


class ContactRules(msgspec.Struct, frozen=True):
    items: list[ContactRule]
    next: Next


class ContactLook(msgspec.Struct, frozen=True):
    """One thing that is looked at before somebody is written to."""

    about: ContactAbout
    passes: bool
    says: str
    until: Annotated[Moment | None, Meta(description="When what speaks against it ends by itself.")]


class ContactOutlook(msgspec.Struct, frozen=True):
    """What would be decided now; nothing was kept, and nothing is sent."""

    allowed: bool
    reason: Annotated[str | None, Meta(description="What speaks against it most, in words.")]
    retry_at: Moment | None
    scope: Annotated[str | None, Meta(description="The scope whose rules it was weighed by.")]
    looks: list[ContactLook]


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
