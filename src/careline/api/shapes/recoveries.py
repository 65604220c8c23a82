"""Winning customers back: recoveries, the rules that begin them, and what they achieved."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next

RecoveryCauseKind = Literal["answer", "promise", "reopened", "hand"]
RecoveryOwner = Literal["agent", "team", "inbox"]
StepKind = Literal["apology", "call", "goodwill", "other"]
Outcome = Literal["reached", "missed", "withdrawn"]


class RecoveryCause(msgspec.Struct, frozen=True):
    """What went wrong."""

    kind: RecoveryCauseKind
    at: Moment
    metric: str | None
    score: float | None
    scale_max: float | None
    promise: str | None
    words: Annotated[str | None, Meta(description="The customer's, or of whoever of the house saw it.")]
    response_id: str | None


class RecoveryStep(msgspec.Struct, frozen=True):
    place: int
    kind: StepKind
    words: str
    done_at: Moment | None
    done_by: str | None


class Goodwill(msgspec.Struct, frozen=True):
    amount_minor: Annotated[int, Meta(description="In the smallest unit of the currency.")]
    currency: str
    refund: Annotated[bool, Meta(description="Back of what was paid, rather than on top of it.")]
    words: str | None
    given_at: Moment
    given_by: str


class Recovery(msgspec.Struct, frozen=True):
    """One try to win a customer back, in the conversation that is marked for it."""

    id: str
    conversation_id: str
    customer_id: str
    opened_at: Moment
    due_at: Annotated[Moment, Meta(description="In the open hours of the house.")]
    late: bool
    escalated_at: Moment | None
    closed_at: Moment | None
    outcome: Outcome | None
    resolved: Annotated[bool | None, Meta(description="Whether what was wrong is right again.")]
    words: str | None
    assignee_id: str | None
    team_id: str | None
    causes: list[RecoveryCause]
    steps: list[RecoveryStep]
    goodwill: list[Goodwill]


class Recoveries(msgspec.Struct, frozen=True):
    items: list[Recovery]
    next: Next


class RecoveryBeginning(msgspec.Struct, frozen=True):
    """By hand, for what no rule sees."""

    conversation_id: str
    words: Annotated[str, Meta(max_length=2000)] = ""


class StepDoing(msgspec.Struct, frozen=True):
    done: bool


class GoodwillGiving(msgspec.Struct, frozen=True):
    """`once` is yours: the same again is the same goodwill."""

    amount_minor: Annotated[int, Meta(ge=1, le=10**12)]
    once: Annotated[str, Meta(min_length=1, max_length=200)]
    words: Annotated[str, Meta(max_length=2000)] = ""
    refund: bool = False


class RecoveryEnding(msgspec.Struct, frozen=True):
    """How it ended; what is resolved is resolved as a conversation too."""

    outcome: Outcome
    resolved: bool = False
    words: Annotated[str, Meta(max_length=2000)] = ""


class PlayStep(msgspec.Struct, frozen=True):
    """Without words each reader sees the step in their language."""

    kind: StepKind
    words: Annotated[str, Meta(max_length=200)] = ""


class RecoveryRuling(msgspec.Struct, frozen=True):
    """What a rule is to be; all of it is kept anew."""

    cause: Literal["answer", "promise", "reopened"]
    on: bool = True
    metric: Annotated[Literal["csat", "nps", "ces"] | None, Meta(description="Of an answer.")] = None
    at_most: Annotated[float | None, Meta(description="Of an answer: on the figure's own scale.")] = None
    promise: Annotated[str | None, Meta(description="Of a promise: its name; null is any.")] = None
    times: Annotated[int, Meta(ge=1, le=10, description="Of a conversation that is opened again.")] = 1
    owner: RecoveryOwner = "agent"
    team_id: str | None = None
    lead_id: Annotated[str | None, Meta(description="Who hears when it is late; null is all who lead teams.")] = None
    minutes: Annotated[int, Meta(ge=1, le=43200, description="Of open hours.")] = 480
    play: Annotated[list[PlayStep], Meta(max_length=8)] = []


class RecoveryRule(msgspec.Struct, frozen=True):
    id: str
    on: bool
    cause: Literal["answer", "promise", "reopened"]
    metric: str | None
    at_most: float | None
    promise: str | None
    times: int
    owner: RecoveryOwner
    team_id: str | None
    lead_id: str | None
    minutes: int
    play: list[PlayStep]
    changed_at: Moment


class RecoveryRules(msgspec.Struct, frozen=True):
    items: list[RecoveryRule]
    next: Next


class Achieved(msgspec.Struct, frozen=True):
    """A figure with its interval of 95 %; null under ten."""

    value: float | None
    low: float | None
    high: float | None
    n: int


class RecoverySides(msgspec.Struct, frozen=True):
    """One measure of those who were reached beside those who were not."""

    measure: Literal["came_back", "bought", "recommends", "effort"]
    reached: Achieved
    missed: Achieved
    difference: float | None
    real: Annotated[bool | None, Meta(description="Whether the interval of the difference leaves out zero.")]


class RecoveryOutcomes(msgspec.Struct, frozen=True):
    """Shares are in percent. What became of them is known once sixty days have passed."""

    running: int
    late: int
    closed: int
    withdrawn: int
    given_minor: int
    reached: Achieved
    in_time: Achieved
    resolved: Achieved
    sides: list[RecoverySides]
