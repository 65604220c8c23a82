"""What a rule says: when it is asked, and the steps that are then taken."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Since = Literal["silence", "opened", "resolved"]
Minutes = Annotated[int, Meta(ge=1, le=2 * 366 * 24 * 60)]
Tags = Annotated[list[Annotated[str, Meta(min_length=1, max_length=60)]], Meta(min_length=1, max_length=30)]
Words = Annotated[str, Meta(min_length=1, max_length=10_000)]
# Ids are texts, as outside.
Id = Annotated[str, Meta(pattern=r"^[1-9][0-9]{0,17}$")]
MOST = 20


class RuleWhen(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A kind of touchpoint, or so many minutes since something that lasts: one of the two."""

    kind: str = ""
    since: Since | None = None
    minutes: Minutes | None = None


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, tag_field="do"):
    """One thing that is done."""


class AssignStep(Step, frozen=True, tag="assign"):
    """What is not named stays as it is."""

    agent_id: Id | None = None
    team_id: Id | None = None


class TagStep(Step, frozen=True, tag="tag"):
    tags: Tags


class UntagStep(Step, frozen=True, tag="untag"):
    tags: Tags


class PrioritizeStep(Step, frozen=True, tag="priority"):
    priority: Annotated[int, Meta(ge=0, le=4)]


class ReplyStep(Step, frozen=True, tag="reply"):
    """A template in some languages: the customer's is taken, else the inbox's, else the house's first."""

    words: Annotated[dict[str, Words], Meta(min_length=1, max_length=60)]


class NoteStep(Step, frozen=True, tag="note"):
    words: Words


class CallStep(Step, frozen=True, tag="webhook"):
    endpoint_id: Id


class PromiseStep(Step, frozen=True, tag="promise"):
    """Keeps this promise whatever its conditions say; null lets them say again."""

    policy_id: Id | None = None


class DescribeStep(Step, frozen=True, tag="field"):
    """Sets an attribute of the conversation; null takes its value away."""

    name: str
    value: str | int | float | bool | None = None


class MoveStep(Step, frozen=True, tag="state"):
    """`minutes` are of a snooze."""

    state: Literal["resolved", "open", "snoozed", "spam", "trash"]
    minutes: Minutes | None = None


class WaitStep(Step, frozen=True, tag="wait"):
    """What follows is done so much later, unless somebody has spoken or the state is another by then."""

    minutes: Minutes


class BindStep(Step, frozen=True, tag="thread"):
    """Whether the customer's next words after it was resolved join this conversation or begin a new one."""

    next_words: Literal["join", "begin"]


Then = (
    AssignStep | TagStep | UntagStep | PrioritizeStep | ReplyStep | NoteStep | CallStep | PromiseStep | DescribeStep
    | MoveStep | WaitStep | BindStep
)  # fmt: skip


class Content(msgspec.Struct, frozen=True):
    """A rule as it stands or stood: all that a version keeps. `conditions` in their raw form."""

    name: str
    when: RuleWhen
    conditions: dict[str, Any]
    then: list[Then]


def content(raw: Any) -> Content:
    """As it was stored."""
    return msgspec.convert(raw, Content)


def stored(found: Content) -> dict[str, Any]:
    return msgspec.to_builtins(found)  # type: ignore[no-any-return]
