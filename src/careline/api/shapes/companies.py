"""Companies and who belongs to them."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, UnsetType

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next

ExternalId = Annotated[str | None, Meta(description="What your programs call it: the groupId of their events.")]
Origin = Annotated[str, Meta(description="Who said so: source:3 (of events), agent:2, token:7, import:2, system.")]


ParentId = Annotated[str | int | UnsetType | None, Meta(description="The company it is a part of; null is none.")]


class Value(msgspec.Struct, frozen=True):
    """A value, when it was so, and where it came from."""

    value: Any
    at: Moment
    source: Origin


class CompanyName(msgspec.Struct, frozen=True):
    """A company in a list."""

    id: str
    name: str
    external_id: ExternalId
    customers: Annotated[int, Meta(description="How many belong to it.")]
    created_at: Moment
    parent_id: Annotated[str | None, Meta(description="The company it is a part of.")]


class Company(CompanyName, frozen=True):
    """With what is known of it."""

    traits: dict[str, Value]


class Companies(msgspec.Struct, frozen=True):
    items: list[CompanyName]
    next: Next


class CompanyMaking(msgspec.Struct, frozen=True):
    """Give a name, an id of yours or both."""

    name: str | None = None
    external_id: ExternalId = None
    traits: dict[str, Any] = {}
    parent_id: ParentId = UNSET


class CompanyChanging(msgspec.Struct, frozen=True):
    """What is given changes; a trait set to null is removed."""

    name: str | None = None
    traits: dict[str, Any] | None = None
    parent_id: ParentId = UNSET


class Branch(msgspec.Struct, frozen=True):
    """A company of a tree."""

    id: str
    name: str
    external_id: ExternalId
    parent_id: str | None
    depth: Annotated[int, Meta(description="How far below the one that is looked at; above it, negative.")]
    customers: Annotated[int, Meta(description="How many belong to it itself.")]


class CompanyTree(msgspec.Struct, frozen=True):
    """What a company is a part of, and what it is made of."""

    above: Annotated[list[Branch], Meta(description="From the topmost down to the one right above.")]
    below: Annotated[list[Branch], Meta(description="Each before its parts, by name; the first 200.")]
    companies: Annotated[int, Meta(description="How many stand below it, listed or not.")]
    customers: Annotated[int, Meta(description="How many customers belong to it or to one below, each once.")]


class Belonging(msgspec.Struct, frozen=True):
    """A company one customer belongs to, since when, and who said so."""

    id: str
    name: str
    external_id: ExternalId
    at: Moment
    source: Origin


class Belongings(msgspec.Struct, frozen=True):
    items: list[Belonging]
    next: Next
