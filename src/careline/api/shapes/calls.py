"""Calls of language models, as the API tells them."""

from __future__ import annotations

import msgspec

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next


class LanguageModelCall(msgspec.Struct, frozen=True):
    """`verdict` is empty while it is asked, or where the process ended; `passages` and `citations` are keys."""

    id: str
    at: Moment
    purpose: str
    model: str
    verdict: str
    passages: list[str]
    citations: list[str]
    hidden: int
    requests: int
    tokens: int
    took_ms: int | None


class LanguageModelCalls(msgspec.Struct, frozen=True):
    items: list[LanguageModelCall]
    next: Next
