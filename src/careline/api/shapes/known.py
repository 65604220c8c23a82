"""What customers have told us already."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next


class KnownThing(msgspec.Struct, frozen=True):
    """One thing we need not ask for."""

    id: Annotated[str | None, Meta(description="Of what was read out of their words; a profile's has none.")]
    kind: Literal["order", "email", "phone", "date", "address", "size", "name"]
    value: Annotated[str, Meta(description="As they wrote it.")]
    source: Literal["message", "profile"]
    at: Moment | None
    conversation_id: str | None
    message_id: str | None


class KnownThings(msgspec.Struct, frozen=True):
    items: list[KnownThing]
    next: Next


class DraftChecking(msgspec.Struct, frozen=True):
    body: Annotated[str, Meta(max_length=50_000)]


class RepeatedQuestions(msgspec.Struct, frozen=True):
    items: list[KnownThing]
