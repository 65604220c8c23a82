"""Answers that go by themselves: what each intent has earned, and what went."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next


class EarnedIntent(msgspec.Struct, frozen=True):
    """Of `of` first suggestions that agents looked at in the last 90 days, `taken` went as they stood; `least` have to.
    `resting` is switched on and not earned any longer: nothing goes until it is again."""

    code: str
    name: str
    taken: int
    of: int
    least: int
    state: Literal["not-yet", "ready", "on", "resting", "stopped"]
    sent: int
    held: int
    unread: int
    stopped_at: Moment | None


class EarnedIntents(msgspec.Struct, frozen=True):
    items: list[EarnedIntent]
    next: Next


class EarnedIntentSwitching(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    on: bool


class EarningBounds(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    least: Annotated[int, Meta(ge=5, le=1000, description="So many first suggestions have to be taken as they stood.")]
    every: Annotated[int, Meta(ge=2, le=100, description="One of so many that would go is held for an agent.")]


class OwnAnswer(msgspec.Struct, frozen=True):
    """An answer that went by itself, or was `held` and then has no `words`."""

    id: str
    conversation_id: str
    intent: str
    source: Literal["article", "saved"]
    item_id: str
    taken: int
    of: int
    held: bool
    words: str
    verdict: Literal["right", "wrong"] | None
    at: Moment


class OwnAnswers(msgspec.Struct, frozen=True):
    items: list[OwnAnswer]
    next: Next


class OwnAnswerReviewing(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One that was wrong switches its intent off."""

    right: bool
