"""Lists: some items, and where the next ones begin."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Conversation, Follower, Message
from careline.api.shapes.customers import Customer, Merge, Suggestion, Touchpoint
from careline.api.shapes.house import Agent, Inbox, Team

Next = Annotated[str | None, Meta(description="The cursor of the next page; null on the last one.")]


class Conversations(msgspec.Struct, frozen=True):
    items: list[Conversation]
    next: Next


class Followers(msgspec.Struct, frozen=True):
    items: list[Follower]
    next: Next


class Messages(msgspec.Struct, frozen=True):
    items: list[Message]
    next: Next


class Customers(msgspec.Struct, frozen=True):
    items: list[Customer]
    next: Next


class Merges(msgspec.Struct, frozen=True):
    items: list[Merge]
    next: Next


class Suggestions(msgspec.Struct, frozen=True):
    items: list[Suggestion]
    next: Next


class Touchpoints(msgspec.Struct, frozen=True):
    items: list[Touchpoint]
    next: Next


class Inboxes(msgspec.Struct, frozen=True):
    items: list[Inbox]
    next: Next


class Agents(msgspec.Struct, frozen=True):
    items: list[Agent]
    next: Next


class Teams(msgspec.Struct, frozen=True):
    items: list[Team]
    next: Next
