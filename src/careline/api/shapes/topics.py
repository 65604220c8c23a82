"""Topics: what customers write about."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next
from careline.api.shapes.recoveries import Achieved

Mood = Literal["positive", "neutral", "negative", "mixed", "unknown"]


class TopicPart(msgspec.Struct, frozen=True):
    """What is counted with a topic."""

    id: str
    name: str


class Topic(msgspec.Struct, frozen=True):
    """What many write about, in one language; its figures are of the asked period."""

    id: str
    name: str
    words: list[str]
    language: str
    locked: Annotated[bool, Meta(description="The next search keeps its name and what it is about.")]
    away: bool
    merged_into: Annotated[str | None, Meta(description="The topic it is counted with.")]
    parts: list[TopicPart]
    count: int
    count_before: Annotated[int, Meta(description="In the period before.")]
    share: Achieved
    change: Annotated[float | None, Meta(description="Of the share, in points; null where it cannot be told.")]
    change_is_real: bool | None
    negative: Annotated[Achieved, Meta(description="Of those whose mood could be read.")]
    content: Annotated[Achieved, Meta(description="Of those who said how content they are.")]


class Topics(msgspec.Struct, frozen=True):
    items: list[Topic]
    count: Annotated[int, Meta(description="How many texts were said in the period.")]
    outside: Annotated[int, Meta(description="How many of them belong to none of these topics.")]


class TopicMember(msgspec.Struct, frozen=True):
    """The first words of a conversation, or the words of an answer to a survey."""

    conversation_id: str | None
    response_id: str | None
    said_at: Moment
    words: str
    mood: Mood


class TopicMembers(msgspec.Struct, frozen=True):
    items: list[TopicMember]
    next: Next


class TopicChanging(msgspec.Struct, frozen=True):
    """What is left out stays."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    locked: bool | msgspec.UnsetType = msgspec.UNSET
    away: bool | msgspec.UnsetType = msgspec.UNSET
    merged_into: Annotated[
        str | msgspec.UnsetType | None, Meta(description="Another topic's id; null takes it apart again.")
    ] = msgspec.UNSET


class TopicSearch(msgspec.Struct, frozen=True):
    """The last search for topics; null where none was asked for yet."""

    asked_at: Moment | None
    began_at: Moment | None
    ended_at: Moment | None
    done: Annotated[int, Meta(description="How many texts were read.")]
    whole: int
    since: Annotated[Moment | None, Meta(description="When the oldest of them was said.")]
    by_letters: Annotated[list[str], Meta(description="Languages grouped by letters, not by what is meant.")]
