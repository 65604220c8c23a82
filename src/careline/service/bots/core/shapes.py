"""A flow: named steps, each with its exits. The names of steps and values are those of its text form."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Language = Annotated[str, Meta(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
# The database keeps no NUL.
NO_NUL = r"^[^\x00]*$"
# A text a language; the runner chooses the customer's. {value} stands for a value of the flow.
Words = Annotated[
    dict[Language, Annotated[str, Meta(min_length=1, max_length=2_000, pattern=NO_NUL)]], Meta(min_length=1)
]
# What JSON and TOML both keep as it is.
Value = (
    Annotated[str, Meta(max_length=4_000, pattern=NO_NUL)]
    | Annotated[int, Meta(ge=-(2**53), le=2**53)]
    | Annotated[float, Meta(ge=-1e15, le=1e15)]
    | bool
)
Values = dict[Name, Value]

# Bounds, so that every path ends.
MOST_STEPS = 500
MOST_OPTIONS = 12


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="do"):
    """One node of the graph. An exit that is left out hands over to a person."""


class Say(Step, frozen=True, tag="say"):
    words: Words
    next: Name


class Ask(Step, frozen=True, tag="ask"):
    """Waits for an answer that passes `check` and keeps it under `into`; so many `tries`, then `otherwise`."""

    words: Words
    into: Name
    next: Name
    check: Literal["text", "number", "email", "phone", "date"] = "text"
    again: Words | None = None
    tries: Annotated[int, Meta(ge=1, le=5)] = 2
    otherwise: Name | None = None


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    words: Words
    next: Name


class Choose(Step, frozen=True, tag="choose"):
    """Waits for one of the options, by its words in any language or its number counted from 1."""

    words: Words
    options: Annotated[list[Option], Meta(min_length=1, max_length=MOST_OPTIONS)]
    tries: Annotated[int, Meta(ge=1, le=5)] = 2
    otherwise: Name | None = None


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Holds where `value` `is` so; a value that is not known holds in no case but `unknown`."""

    value: Name
    next: Name
    how: Literal["is", "is_not", "over", "under", "has", "known", "unknown"] = "is"
    than: Value = ""


class Branch(Step, frozen=True, tag="branch"):
    """The first case that holds."""

    cases: Annotated[list[Case], Meta(min_length=1, max_length=MOST_OPTIONS)]
    otherwise: Name


class Set(Step, frozen=True, tag="set"):
    values: Annotated[Values, Meta(min_length=1, max_length=20)]
    next: Name


class Call(Step, frozen=True, tag="call"):
    """Asks another program; `takes` names what of its JSON answer is kept under which name.

    One that is `irreversible` is sent only for a customer whose identity is proven and who has just said yes to
    `confirm`: the engine sees to both, no flow can leave them out.
    """

    url: Annotated[str, Meta(pattern=r"^https?://[^\s{}]+$", max_length=500)]
    next: Name
    method: Literal["GET", "POST", "PUT", "DELETE"] = "POST"
    secret: Name | None = None
    sends: Annotated[list[Name], Meta(max_length=20)] = []
    takes: dict[Name, Annotated[str, Meta(min_length=1, max_length=100)]] = {}
    irreversible: bool = False
    confirm: Words | None = None
    declined: Name | None = None
    failed: Name | None = None


class Look(Step, frozen=True, tag="look"):
    """The customer's own: their profile, or their newest order (or the one whose number is `by`)."""

    at: Literal["customer", "orders"]
    next: Name
    takes: Annotated[dict[Name, Annotated[str, Meta(min_length=1, max_length=100)]], Meta(min_length=1)]
    by: Name | None = None
    failed: Name | None = None


class Offer(Step, frozen=True, tag="offer"):
    """The article that answers the words under `about` best, with its link; `otherwise` where none does."""

    about: Name
    next: Name
    otherwise: Name | None = None


class Wait(Step, frozen=True, tag="wait"):
    minutes: Annotated[int, Meta(ge=1, le=60 * 24 * 60)]
    next: Name


class HandOver(Step, frozen=True, tag="hand_over"):
    words: Words | None = None


class End(Step, frozen=True, tag="end"):
    """`resolves` closes the conversation too."""

    words: Words | None = None
    resolves: bool = False


Node = Say | Ask | Choose | Branch | Set | Call | Look | Offer | Wait | HandOver | End


class Flow(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """`intents` are those it answers; `knows` are values it may be begun with."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    start: Name
    steps: Annotated[dict[Name, Node], Meta(min_length=1)]
    intents: Annotated[list[Name], Meta(max_length=50)] = []
    knows: Annotated[list[Name], Meta(max_length=20)] = []


def exits(node: Node) -> dict[str, str | None]:
    """Where each way out of a node leads; None hands over."""
    if isinstance(node, Say | Set | Wait):
        return {"next": node.next}
    if isinstance(node, Ask | Offer):
        return {"next": node.next, "otherwise": node.otherwise}
    if isinstance(node, Choose):
        return {**_numbered("option", node.options), "otherwise": node.otherwise}
    if isinstance(node, Branch):
        return {**_numbered("case", node.cases), "otherwise": node.otherwise}
    if isinstance(node, Call):
        asked: dict[str, str | None] = {"declined": node.declined} if node.irreversible else {}
        return {"next": node.next, **asked, "failed": node.failed}
    if isinstance(node, Look):
        return {"next": node.next, "failed": node.failed}
    return {}


def _numbered(word: str, ways: Sequence[Option | Case]) -> dict[str, str | None]:
    return {f"{word} {number}": way.next for number, way in enumerate(ways, 1)}
