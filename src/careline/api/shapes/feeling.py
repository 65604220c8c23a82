"""How a conversation feels, what is like it, and incidents."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next


class MoodWord(msgspec.Struct, frozen=True):
    word: str
    weight: Annotated[float, Meta(description="From -4 to 4.")]


class Mood(msgspec.Struct, frozen=True):
    """By the customer's words; null while they have said nothing."""

    label: Literal["positive", "negative", "neutral", "mixed", "unknown"] | None
    score: Annotated[float | None, Meta(description="From -1 to 1; null where the language cannot be weighed.")]
    shift: Annotated[float | None, Meta(description="From how it began to now.")]
    words: Annotated[list[MoodWord], Meta(description="Those that carried it.")]
    emotion: str | None
    turned: Annotated[bool, Meta(description="It turned for the worse, to something bad.")]
    weighed: Annotated[int, Meta(description="How many messages could be weighed,")]
    heard: Annotated[int, Meta(description="of so many.")]


class MoodSaying(msgspec.Struct, frozen=True):
    label: Literal["positive", "neutral", "negative"]


class AlikeConversation(msgspec.Struct, frozen=True):
    conversation_id: str
    score: Annotated[float, Meta(description="How near, up to 1.")]
    incident_id: str | None


class AlikeConversations(msgspec.Struct, frozen=True):
    items: list[AlikeConversation]
    next: Next


class Incident(msgspec.Struct, frozen=True):
    """One trouble many write about."""

    id: str
    name: str
    opened_at: Moment
    open: Annotated[int, Meta(description="How many of its conversations are open.")]
    conversation_ids: Annotated[list[str], Meta(description="Those the token's agent sees, at most 200.")]


class Incidents(msgspec.Struct, frozen=True):
    items: list[Incident]
    next: Next


class IncidentLinking(msgspec.Struct, frozen=True):
    """Into `incident_id`, or a new one of this name."""

    conversation_ids: Annotated[list[str], Meta(max_length=200)]
    name: Annotated[str, Meta(max_length=120)] = ""
    incident_id: str | None = None


class IncidentAnswering(msgspec.Struct, frozen=True):
    """`once` is yours: the same again reaches nobody twice."""

    body: Annotated[str, Meta(max_length=5000, description="{name} becomes the first name of each.")]
    once: Annotated[str, Meta(min_length=1, max_length=100)]


class IncidentAnswer(msgspec.Struct, frozen=True):
    body: str
    at: Moment
    sent: int
    left_out: int
