"""Flows as programs write, rehearse and publish them, where they answer, and how well."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next
from careline.service.bots.core.shapes import NO_NUL, Values

# As long as a recording may be, less its beginning.
MOST_EVENTS = 119
Written = Annotated[str, Meta(max_length=300_000, description="TOML, as in [the flow](bots.md#the-flow).")]
Did = Literal["run", "ask", "answer", "refuse"]


class BotMaking(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From a template with its rehearsals, or from text, one of them; `name` is for a template, text names itself."""

    template: str | None = None
    name: Annotated[str, Meta(max_length=100, pattern=NO_NUL)] = ""
    text: Written | None = None


class BotWriting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Another draft, whole; what is published stays as it is."""

    text: Written
    changed_at: Annotated[
        Moment | None,
        Meta(description="Of the draft that was read. If somebody kept another meanwhile: 409; null overwrites."),
    ] = None


class BotWay(msgspec.Struct, frozen=True):
    """Of a flow: an `exit` of a `step`."""

    step: str
    exit: str


class Bot(msgspec.Struct, frozen=True, kw_only=True):
    """`version` is the newest that was published, 0 where none was; `draft` says that it is not what is written now."""

    id: str
    name: str
    intents: list[str]
    steps: int
    version: int
    draft: bool
    changed_at: Moment


class Bots(msgspec.Struct, frozen=True):
    items: list[Bot]
    next: Next


class BotWritten(Bot, frozen=True, kw_only=True):
    """`failing` are rehearsals its draft goes another way in, `missed` its ways out that none goes through."""

    text: str
    rehearsals: int
    failing: list[str]
    ways: int
    missed: list[BotWay]


class BotVersion(msgspec.Struct, frozen=True):
    """Rehearsals went through `taken` of its `ways` out when it was published."""

    number: int
    text: str
    taken: int
    ways: int
    published_at: Moment
    published_by: str | None


class BotVersions(msgspec.Struct, frozen=True):
    items: list[BotVersion]
    next: Next


class BotTemplate(msgspec.Struct, frozen=True):
    template: str
    name: str
    about: str
    steps: int
    rehearsals: int
    text: str


class BotTemplates(msgspec.Struct, frozen=True):
    items: list[BotTemplate]
    next: Next


class BotEvent(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One of: the customer's words (`heard`), what a program, a look or an article brought (`brings`), that it
    `fails`, or that the time has passed (`woken`)."""

    heard: Annotated[str, Meta(max_length=5_000, pattern=NO_NUL)] | None = None
    brings: Values | None = None
    fails: bool = False
    woken: bool = False


Events = Annotated[list[BotEvent], Meta(max_length=MOST_EVENTS)]


class BotTrying(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A talk from its beginning. `values` are known when it begins; `verified`: they have proven who they are. With
    `text` another draft is tried than the one that is kept."""

    events: Events = []
    values: Values = {}
    verified: bool = False
    text: Written | None = None


class BotRehearsing(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The way the draft goes now becomes the one it has to go; in the place of a rehearsal of the same name."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    events: Events = []
    values: Values = {}
    verified: bool = False


class BotWanted(msgspec.Struct, frozen=True):
    """What a flow wants done: `words` and `options` by language are said; `why` a person is called; `minutes` it waits;
    `sends` is what another program is told or looked up by; `resolves` closes the conversation."""

    want: Literal["speak", "phrase", "fetch", "later", "person", "finish"]
    step: str
    words: dict[str, str]
    options: list[dict[str, str]]
    why: str | None
    minutes: int | None
    sends: Values
    resolves: bool


class BotTurn(msgspec.Struct, frozen=True):
    wants: list[BotWanted]
    way: list[BotWay]


class BotTrial(msgspec.Struct, frozen=True):
    """The first turn is its beginning; then it stands `at` a step and `awaits` something, or nothing more."""

    turns: list[BotTurn]
    at: str
    awaits: Literal["start", "words", "yes", "answer", "time", "nothing"]
    values: Values


class BotOutline(msgspec.Struct, frozen=True):
    """What is wanted, and by which step."""

    want: str
    step: str


class BotDifference(msgspec.Struct, frozen=True):
    """At this turn, counted from 1, the draft goes another way."""

    turn: int
    was: list[BotOutline]
    now: list[BotOutline]


class BotRehearsal(msgspec.Struct, frozen=True):
    id: str
    name: str
    passes: bool
    differs: BotDifference | None
    events: list[BotEvent]
    values: Values
    verified: bool


class BotRehearsals(msgspec.Struct, frozen=True):
    items: list[BotRehearsal]
    next: Next


class BotAnswering(msgspec.Struct, frozen=True):
    """Of one inbox. `signed`: a secret is kept, which nobody is shown."""

    inbox_id: str
    on: bool
    bot_ids: list[str]
    articles: bool
    name: str
    url: str
    signed: bool


class BotAnsweringSetting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    on: bool
    bot_ids: Annotated[list[str], Meta(max_length=100)] = []
    articles: bool = True
    name: Annotated[str, Meta(max_length=60)] = "Careline bot"
    url: Annotated[str, Meta(max_length=500, description="Of another program that answers in the place of flows.")] = ""
    secret: Annotated[
        Annotated[str, Meta(max_length=500)] | None,
        Meta(description="Shared with it (`whsec_…`); null leaves it as it is."),
    ] = None


class BotShare(msgspec.Struct, frozen=True):
    """`part` of `of`, in per cent with its 95 % interval; null where it is of too few to say anything."""

    part: int
    of: int
    percent: float | None
    low: float | None
    high: float | None


class BotQuality(msgspec.Struct, frozen=True):
    """Of messages judged `since`: `covered` by flow or article, and of those looked at, `right`. `near_misses` were
    refused or asked back about though they were something we know."""

    since: Moment
    judged: int
    covered: BotShare
    asked_back: BotShare
    refused: BotShare
    right: BotShare
    near_misses: int


class BotLikeness(msgspec.Struct, frozen=True):
    intent: str
    likeness: float


class BotJudgement(msgspec.Struct, frozen=True):
    """What a bot took a message for and did about it; `right` is null until somebody says so, and `intent` what it was
    about where it was wrong."""

    message_id: str
    conversation_id: str
    at: Moment
    taken_for: list[BotLikeness]
    threshold: float
    did: Did
    right: bool | None
    intent: str | None


class BotCorrecting(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    right: bool
    intent: Annotated[
        Annotated[str, Meta(max_length=40)] | None, Meta(description="What it was about; null is nothing we know.")
    ] = None
