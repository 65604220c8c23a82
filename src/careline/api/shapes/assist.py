"""What might be answered, replies that are kept, and how the house speaks."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next

Manner = Literal["any", "formal", "friendly"]


class ReplySuggestion(msgspec.Struct, frozen=True):
    """`words` go into the reply, names filled in; they are empty where an article is for the team alone. `times` is how
    often colleagues answered so, `last_at` when last."""

    source: Literal["article", "answer", "saved"]
    item_id: str
    claim: str
    words: str
    url: str
    score: float
    times: int
    last_at: Moment | None


class ReplySuggestions(msgspec.Struct, frozen=True):
    """At most three, the best first, for the words up to `seq`; `by` is whether meanings or letters were compared."""

    seq: int
    language: str
    by: Literal["meaning", "letters"]
    items: list[ReplySuggestion]


class SavedReplyWriting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All of it is kept anew."""

    name: Annotated[str, Meta(min_length=1, max_length=80)]
    body: Annotated[
        str,
        Meta(
            min_length=1, max_length=4000, description="`{customer}` and `{agent}` become first names where it is used."
        ),
    ]
    language: Annotated[str, Meta(min_length=1, max_length=12, description="One the organization speaks.")]
    inbox_ids: Annotated[list[str], Meta(max_length=200, description="Where it may be used; empty is everywhere.")] = []


class SavedReply(msgspec.Struct, frozen=True):
    id: str
    name: str
    body: str
    language: str
    inbox_ids: list[str]
    changed_at: Moment


class SavedReplies(msgspec.Struct, frozen=True):
    items: list[SavedReply]
    next: Next


class VoiceWord(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A word you do not use, and what is said in its place; empty where it is best left out."""

    word: Annotated[str, Meta(min_length=1, max_length=80)]
    instead: Annotated[str, Meta(max_length=80)] = ""


class Voice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What is marked in a draft: promises that something is certain, of a day, of money beyond `most_minor`
    (in minor units of the organization's currency); blame and shouting."""

    manner: Manner = "any"
    words: Annotated[list[VoiceWord], Meta(max_length=300)] = []
    guarantees: bool = True
    dates: bool = False
    money: bool = True
    most_minor: Annotated[int, Meta(ge=0, le=10**12)] = 0
    blame: bool = True
    shouting: bool = True


class Draft(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    body: Annotated[str, Meta(max_length=20_000)]


class DraftMark(msgspec.Struct, frozen=True):
    """From `start` to `end` in characters; `instead` is what may stand there, empty where it is best left out, null
    where only whoever writes can know."""

    start: int
    end: int
    kind: Literal["blank", "word", "guarantee", "date", "money", "blame", "loose", "stiff", "shouting"]
    words: str
    instead: str | None


class DraftMarks(msgspec.Struct, frozen=True):
    items: list[DraftMark]


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What a language model is asked for: a draft from what is suggested, or `body` in other words or another language,
    without `language` that of the customer."""

    how: Literal["draft", "shorter", "kinder", "formal", "translate"]
    body: Annotated[str, Meta(max_length=6000)] = ""
    language: Annotated[str, Meta(max_length=12)] = ""


class Worded(msgspec.Struct, frozen=True):
    """`words` are null where there are none; `verdict` says why: `unconfigured`, `over-budget`, `slow`, `down`, `busy`,
    `refused`, `malformed`, `ungrounded`, `unsure`. `sources` are addresses a draft rests on."""

    verdict: str
    words: str | None
    sources: list[str]


class Translating(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    language: Annotated[str, Meta(min_length=2, max_length=12, description="A code such as `id`.")]


class Summary(msgspec.Struct, frozen=True):
    """The thread up to `seq` in a few of its own sentences."""

    seq: int
    sentences: list[str]
