"""Attributes, where values came from, and consent."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next

AttributeOf = Literal["customer", "conversation"]
AttributeType = Literal["text", "number", "date", "boolean", "choice"]
Side = Annotated[str, Meta(description="The id it stands under; another than the customer's where two were joined.")]


class AttributeDefining(msgspec.Struct, frozen=True):
    """What it is of and what kind of value it holds cannot be changed later."""

    label: str
    type: AttributeType
    choices: list[str] = []
    of: AttributeOf = "customer"


class Attribute(msgspec.Struct, frozen=True):
    name: str
    label: str
    type: AttributeType
    choices: list[str]
    of: AttributeOf
    asked: Annotated[
        dict[str, Any] | None,
        Meta(description="Of conversations: whoever resolves one of which these conditions hold must have said it."),
    ]


class AttributeAsking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Conditions as docs/rules.md has them; none is always."""

    conditions: dict[str, Any]


class Attributes(msgspec.Struct, frozen=True):
    items: list[Attribute]
    next: Next


class Origin(msgspec.Struct, frozen=True):
    """A value as the customer is shown with it; source and time are null where they were not kept."""

    field: Annotated[str, Meta(description="name, language, zone, attribute:NAME or trait:NAME.")]
    value: Any
    customer_id: Side
    source: Annotated[
        str | None, Meta(description="agent:2, token:7, source:3 (of events), import:4, customer:9 or system.")
    ]
    at: Moment | None


class Provenance(msgspec.Struct, frozen=True):
    items: list[Origin]
    next: Next


class Consent(msgspec.Struct, frozen=True):
    """What holds for a purpose: a no under any id of the customer before a yes under another."""

    purpose: str
    given: bool
    at: Moment
    source: str
    customer_id: Side


class Consents(msgspec.Struct, frozen=True):
    items: list[Consent]
    next: Next


class Purpose(msgspec.Struct, frozen=True):
    """A kind of message the organization writes unasked."""

    name: str
    label: str
    about: str


class Purposes(msgspec.Struct, frozen=True):
    items: list[Purpose]
    next: Next


class PurposeDefining(msgspec.Struct, frozen=True):
    label: str
    about: str = ""


class OptOut(msgspec.Struct, frozen=True):
    """What belongs into a message that was not asked for."""

    url: Annotated[str, Meta(description="Opens the customer's choices without signing in; looking changes nothing.")]
    headers: Annotated[dict[str, str], Meta(description="Of the mail, for one click (RFC 8058).")]


class Consenting(msgspec.Struct, frozen=True):
    given: bool
