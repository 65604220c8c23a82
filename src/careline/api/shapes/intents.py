"""Intents and the ways people say them."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next
from careline.api.shapes.sheets import RefusedRow
from careline.service.bots.core.shapes import Language


class IntentNaming(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=100)]


class Intent(msgspec.Struct, frozen=True):
    code: str
    name: str
    phrasings: int


class Intents(msgspec.Struct, frozen=True):
    items: list[Intent]
    next: Next


class Phrasing(msgspec.Struct, frozen=True):
    id: str
    text: str
    language: str
    added_at: Moment


class Phrasings(msgspec.Struct, frozen=True):
    items: list[Phrasing]
    next: Next


class PhrasingsAdding(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Without a `language` each is in that of the organization's it reads like."""

    texts: Annotated[list[str], Meta(min_length=1, max_length=2_000)]
    language: Language | None = None


class PhrasingsAdded(msgspec.Struct, frozen=True):
    """`known` were there before. What is refused, by its row counted from 1, does not keep the others back."""

    added: int
    known: int
    refused: list[RefusedRow]
