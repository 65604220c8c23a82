"""A condition as it is kept, and a conversation as conditions see it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, Literal

import msgspec

Value = str | int | float | bool | None


class Condition(msgspec.Struct, frozen=True):
    """One thing that is true of a conversation or not; `value` is None where nothing is compared."""

    field: str
    op: str
    value: Value = None


class Conditions(msgspec.Struct, frozen=True):
    """A group of which all or any must hold; `all` of nothing holds always."""

    how: Literal["all", "any"] = "all"
    parts: tuple[Condition | Conditions, ...] = ()


class Subject(msgspec.Struct, frozen=True, kw_only=True):
    """A conversation and its customer at one moment."""

    id: int
    at: datetime
    person: int  # whoever stands for the customer now
    inbox: int
    channel: str
    language: str = ""
    state: str = "open"
    waiting_on: str = "us"
    priority: int = 0
    tags: tuple[str, ...] = ()
    team: int | None = None
    assignee: int | None = None
    subject: str = ""
    text: str = ""  # the customer's last words, one message a line
    attributes: dict[str, Any] = {}  # the conversation's own and the customer's: names are unique over both
    traits: dict[str, Any] = {}
    segments: frozenset[int] = frozenset()
    is_open: bool = True  # whether its team, else its inbox, works then
    opened_at: datetime
    active_at: datetime
    feeling: int | None = None  # -2 to 2; None while their words said nothing
    is_marked: bool = False


def leaves(conditions: Conditions) -> Iterator[Condition]:
    for part in conditions.parts:
        if isinstance(part, Conditions):
            yield from leaves(part)
        else:
            yield part


def fields(conditions: Conditions) -> set[str]:
    """What it depends on: "channel", "attribute:plan"."""
    return {one.field for one in leaves(conditions)}
