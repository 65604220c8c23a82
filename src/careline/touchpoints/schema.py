"""What facts are made of, and the schemas of what is worked out about talks or added by hand."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import Meta

Preview = Annotated[str, Meta(max_length=120)]
Code = Annotated[str, Meta(min_length=1, max_length=200)]
Words = Annotated[str, Meta(max_length=2000)]
Currency = Annotated[str, Meta(min_length=3, max_length=3)]
# Where on the way somebody is, as the organization calls it: "browse", "buy".
Stage = Annotated[str, Meta(min_length=1, max_length=60)] | None


class Facts(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Strict: a fact outside the schema is refused. Erasure removes the `personal` ones, so those have defaults."""

    personal: ClassVar[tuple[str, ...]] = ()


class OfConversation(Facts, frozen=True):
    conversation: int


class Awaited(OfConversation, frozen=True):
    """Whose turn it is, as somebody of the house says."""

    on: Literal["us", "customer", "third_party"]


class OfMessage(OfConversation, frozen=True):
    personal: ClassVar[tuple[str, ...]] = ("preview",)
    message: uuid.UUID
    seq: int
    channel: Code
    preview: Preview = ""


class Expected(OfMessage, frozen=True, kw_only=True):
    """Answers what the `outbound` asked, in the words of the room that `expects` it: "survey:12:csat"."""

    personal: ClassVar[tuple[str, ...]] = ("preview", "value")
    outbound: int
    expects: Code
    # What was chosen, or their words; empty when it was passed over.
    value: Annotated[str, Meta(max_length=5000)] = ""


class Weighed(OfConversation, frozen=True):
    """How a customer's words felt, by what was used for it: from -1 to 1."""

    message: uuid.UUID
    channel: Code
    score: Annotated[float, Meta(ge=-1, le=1)]
    by: Code


class Counted(OfConversation, frozen=True):
    """What a talk has cost the customer so far: each part by itself, and their sum."""

    effort: Annotated[int, Meta(ge=0)]
    channel: str = ""
    contacts: Annotated[int, Meta(ge=0)] = 0
    waits: Annotated[int, Meta(ge=0)] = 0
    transfers: Annotated[int, Meta(ge=0)] = 0
    switches: Annotated[int, Meta(ge=0)] = 0


class Rated(Facts, frozen=True):
    """One figure that was answered, on the scale it was asked on; no figure where a survey asks for none."""

    personal = ("text",)
    survey: Code
    metric: Annotated[str, Meta(max_length=200)]
    score: float | None = None
    scale_max: float | None = None
    text: str = ""
    question: Annotated[str, Meta(max_length=200)] = ""
    scale_min: float | None = None
    version: int | None = None


class Answered(Rated, frozen=True):
    """Of somebody we know: where the whole answer stands, and which talk it is about."""

    response: int | None = None
    conversation: int | None = None


class Segmented(Facts, frozen=True):
    segment: int


class Agreed(Facts, frozen=True):
    purpose: Code


class Added(Facts, frozen=True):
    """What somebody of the team adds by hand, and who it was."""

    personal = ("words",)
    way: Literal["call", "meeting", "visit", "letter", "other"]
    author: Code
    words: Words = ""


SHOPPING = (
    "products.searched", "products.listed", "product.viewed", "product.added", "product.removed", "product.wished",
    "product.shared", "product.reviewed", "promotion.viewed", "promotion.clicked", "coupon.entered", "coupon.applied",
    "coupon.refused", "cart.viewed", "checkout.started", "checkout.advanced", "payment.entered", "order.updated",
    "order.refunded", "order.canceled",
)  # fmt: skip


class Decided(Facts, frozen=True):
    """`terms` fill the places of the reason; `retry_at` is when what it says ends by itself."""

    personal = ("terms",)
    decision: int
    purpose: Code
    channel: Code
    allowed: bool
    reason: Words = ""
    terms: dict[str, str | int] = {}
    retry_at: datetime | None = None


class Held(Facts, frozen=True):
    personal = ("reason",)
    hold: int
    until: datetime | None = None
    reason: Words = ""


class Broken(Facts, frozen=True):
    """What we said we would do and did not, by its name; about which talk or order, and when it was due."""

    promise: Code
    conversation: int | None = None
    order: Code | None = None
    due_at: datetime | None = None


class Released(Facts, frozen=True):
    hold: int


class Queued(Facts, frozen=True):
    personal = ("preview",)
    outbound: int
    channel: Code
    purpose: str | None = None
    preview: Preview = ""
    # 0 begins; the rest goes on with what they answered.
    step: int = 0
