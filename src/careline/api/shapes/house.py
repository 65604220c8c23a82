"""The house around the conversations: inboxes, agents, teams, files."""

from __future__ import annotations

import uuid
from typing import Annotated

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment


class Inbox(msgspec.Struct, frozen=True):
    id: str
    kind: Annotated[str, Meta(description="The channel, such as webchat or api.")]
    name: str
    key: Annotated[str, Meta(description="What stands in its public addresses.")]
    language: str
    archived: bool
    created_at: Moment


class Agent(msgspec.Struct, frozen=True):
    id: str
    name: str
    email: str
    role: str
    active: bool
    team_ids: list[str]


class Signature(msgspec.Struct, frozen=True):
    """What an agent has below their mails, where the mailbox's signature places it or is none."""

    signature: Annotated[str, Meta(description="Lines of text; empty: none.")]


class Team(msgspec.Struct, frozen=True):
    id: str
    name: str
    agent_ids: list[str]


class File(msgspec.Struct, frozen=True):
    """An uploaded file; its id goes into the attachments of a message."""

    id: uuid.UUID
    name: str
    media_type: Annotated[str, Meta(description="What the bytes are, whatever was said of them.")]
    size: Annotated[int, Meta(description="In bytes.")]
    url: Annotated[str, Meta(description="Opens the file for whoever holds it, for a month.")]
