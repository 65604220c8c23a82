"""Rules of the house, where they ran, and the programs that are told of it."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next
from careline.service.rules.shapes import RuleWhen, Then

Conditions = Annotated[
    dict[str, Any],
    Meta(
        description='`{"all": [{"field": …, "op": …, "value": …}, {"any": […]}]}`; an empty group holds of every '
        "conversation. docs/rules.md names the fields."
    ),
]
Steps = Annotated[list[Then], Meta(min_length=1, max_length=20)]


class HouseRuling(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a rule is to be; all of it is kept anew, as its next version."""

    name: Annotated[str, Meta(min_length=1, max_length=100)]
    when: RuleWhen
    then: Steps
    conditions: Conditions = {}


class HouseRuleAdding(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One of the ready-made."""

    ready: str


class HouseRule(msgspec.Struct, frozen=True):
    id: str
    name: str
    on: bool
    position: Annotated[int, Meta(description="Lower ones are asked first.")]
    version: int
    when: RuleWhen
    conditions: Conditions
    then: list[Then]
    ran: Annotated[int, Meta(description="In how many conversations so far, each time counted.")]
    ran_at: Moment | None
    changed_at: Moment


class HouseRules(msgspec.Struct, frozen=True):
    items: list[HouseRule]
    next: Next


class RuleOrdering(msgspec.Struct, frozen=True):
    """Those that are named come first, in this order."""

    rules: Annotated[list[str], Meta(max_length=200)]


class RuleMatch(msgspec.Struct, frozen=True):
    conversation_id: str
    at: Moment


class RuleTrial(msgspec.Struct, frozen=True):
    """What a rule would have done in the last days, had it been on; nothing is done."""

    since: Moment
    asked: Annotated[int, Meta(description="How often it would have been asked.")]
    matched: int
    first: Annotated[list[RuleMatch], Meta(description="The newest 200 of those it would have run in.")]
    cut: Annotated[bool, Meta(description="Older ones than the newest 2,000 are left out.")]


class RuleStepDone(msgspec.Struct, frozen=True):
    do: str
    refused: Annotated[str | None, Meta(description="Why it was not done.")]


class RuleFiring(msgspec.Struct, frozen=True):
    id: str
    conversation_id: str
    version: int
    at: Moment
    done: list[RuleStepDone]


class RuleFirings(msgspec.Struct, frozen=True):
    items: list[RuleFiring]
    next: Next


class WebhookMaking(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: Annotated[str, Meta(min_length=1, max_length=100)]
    url: Annotated[str, Meta(min_length=1, max_length=2000)]


class Webhook(msgspec.Struct, frozen=True):
    """A program that is told, signed as Standard Webhooks are."""

    id: str
    name: str
    url: str
    waiting: int
    failed: int
    told_at: Moment | None
    secret: Annotated[str | None, Meta(description="Only in the answer that made it.")]


class Webhooks(msgspec.Struct, frozen=True):
    items: list[Webhook]
    next: Next
