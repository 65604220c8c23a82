"""What is told of who has a conversation first: rules, then a bot where one answers."""

from __future__ import annotations

from typing import Literal

from careline.touchpoints.schema import Code, Facts, OfConversation


class Fired(OfConversation, frozen=True):
    """By number and version; what each step is, and which were refused."""

    rule: int
    version: int
    done: list[Code] = []
    refused: list[Code] = []


class Ruled(OfConversation, frozen=True):
    """Once for each opening, after its rules: whoever has the conversation next begins here."""

    opening: Literal["opened", "reopened"]
    rules: list[int] = []


class Declined(OfConversation, frozen=True):
    """The bot that had it gives it to whoever comes next, and why."""

    reason: Code


KINDS: dict[str, type[Facts]] = {
    "rule.fired": Fired, "conversation.ruled": Ruled, "conversation.declined": Declined
}  # fmt: skip
