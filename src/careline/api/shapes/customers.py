"""Customers and the moments on their line."""

from __future__ import annotations

import uuid
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from careline.api.shapes.conversations import Moment


class Identity(msgspec.Struct, frozen=True):
    """A name the customer is known by."""

    id: str
    kind: Literal["email", "phone", "external", "visitor"]
    value: Annotated[str, Meta(description="Brought to one form: what is compared.")]
    original: Annotated[str, Meta(description="As it was written.")]
    verified: bool


class Customer(msgspec.Struct, frozen=True):
    id: str
    name: str
    email: Annotated[str | None, Meta(description="The first address.")]
    phone: Annotated[str | None, Meta(description="The first number, in E.164.")]
    external_id: Annotated[str | None, Meta(description="The id in your system.")]
    identities: list[Identity]
    merged_from: Annotated[list[str], Meta(description="Ids that were joined to this one; each of them answers it.")]
    language: str
    zone: str
    blocked: bool
    attributes: dict[str, Any]
    feelings: Annotated[
        list[int],
        Meta(description="How the last eight moments felt, the newest last, from -2 to 2; what nobody knows is 0."),
    ]
    efforts: Annotated[
        list[int],
        Meta(description="How hard these were, from 0 to 3, counted from what happened; only talks cost anything."),
    ]
    first_seen_at: Moment
    created_at: Moment


class CustomerMaking(msgspec.Struct, frozen=True):
    """A customer you know before they write."""

    name: str | None = None
    email: str | None = None
    phone: Annotated[str | None, Meta(description="In any spelling; without a country, of the organization's.")] = None
    external_id: Annotated[str | None, Meta(description="Their id in your system.")] = None
    language: str | None = None
    zone: str | None = None
    attributes: Annotated[
        dict[str, Any] | None, Meta(description="Values of the attributes that are defined in the settings.")
    ] = None


class CustomerChanging(msgspec.Struct, frozen=True):
    """What is given changes; an attribute set to null is removed."""

    name: str | UnsetType = UNSET
    language: str | UnsetType = UNSET
    zone: str | UnsetType = UNSET
    attributes: dict[str, Any] | UnsetType = UNSET
    blocked: bool | UnsetType = UNSET


# A name with an address that belongs together; a number but for its country; an id the other goes by too.
Evidence = Literal["name", "phone", "external", "email", "visitor"]


class Merging(msgspec.Struct, frozen=True):
    """Who turned out to be the same customer."""

    other_id: str


class Merge(msgspec.Struct, frozen=True):
    """An entry of the ledger of who is who; deleted, both are again who they were."""

    id: str
    kept_id: Annotated[str, Meta(description="Whose id stands for both.")]
    joined_id: str
    evidence: Annotated[list[Evidence], Meta(description="Kinds of names that spoke for it.")]
    at: Moment


class Merged(Merge, frozen=True):
    """The entry, and the customer it made."""

    customer: Customer


class Suggestion(msgspec.Struct, frozen=True):
    """Two customers who may be one; merge them, or put its dismissal."""

    id: str
    customers: Annotated[list[Customer], Meta(description="The two, as they stand now.")]
    evidence: Annotated[list[Evidence], Meta(description="Kinds of names that speak for it.")]
    state: Literal["open", "dismissed", "taken"]
    created_at: Moment


class IdentityAdding(msgspec.Struct, frozen=True):
    """One more name of the customer; an address or a number counts as verified only once they have proved it."""

    kind: Literal["email", "phone", "external"]
    value: str


class By(msgspec.Struct, frozen=True):
    kind: str
    id: str | None


class Felt(msgspec.Struct, frozen=True):
    """How it felt, from -2 to 2: by an answer, or by the words, which is weak."""

    level: Annotated[int, Meta(ge=-2, le=2)]
    by: Literal["answer", "words"]


class Effort(msgspec.Struct, frozen=True):
    """How hard it was, from 0 to 3: by an answer, or counted from what happened, whose parts add up to `total`."""

    level: Annotated[int, Meta(ge=0, le=3)]
    by: Literal["answer", "behavior"]
    total: int
    parts: dict[str, int]


class MomentAdding(msgspec.Struct, frozen=True):
    """What no program told of: somebody called, came by, wrote a letter."""

    way: Literal["call", "meeting", "visit", "letter", "other"]
    words: Annotated[str, Meta(min_length=1, max_length=2000)]
    at: Annotated[Moment | None, Meta(description="When it happened, with its zone; else now.")] = None


class Touchpoint(msgspec.Struct, frozen=True):
    """One moment on a customer's line; never changed once it is written."""

    id: uuid.UUID
    kind: Annotated[str, Meta(description="What happened, such as message.received or order.placed.")]
    version: Annotated[int, Meta(description="Of the schema of its facts.")]
    at: Moment
    recorded_at: Moment
    inbox_id: str | None
    journey: Annotated[str | None, Meta(description="What it belongs to, such as order:A-17 or conversation:1001.")]
    actor: By
    facts: dict[str, Any]
    felt: Annotated[Felt | None, Meta(description="When this moment says how it felt.")]
    effort: Annotated[Effort | None, Meta(description="When this moment says how hard it was.")]
