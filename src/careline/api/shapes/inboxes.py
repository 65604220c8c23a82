"""Inboxes as they are set up: settings, a trial, what the DNS says, the last looks."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment

Settings = Annotated[
    dict[str, Any],
    Meta(description="By the names of the channel's fields; passwords are taken here and never given."),
]


class InboxSettings(msgspec.Struct, frozen=True):
    """An inbox with its settings, for roles that manage inboxes."""

    id: str
    kind: str
    name: str
    key: str
    language: str
    archived: bool
    created_at: Moment
    settings: Settings
    kept: Annotated[list[str], Meta(description="Names of the passwords that are there.")]
    well: bool
    says: Annotated[str, Meta(description="How it is doing, as a sentence.")]


class InboxMaking(msgspec.Struct, frozen=True):
    kind: str
    name: str
    language: str = "en"
    settings: Settings = {}


class InboxChanging(msgspec.Struct, frozen=True):
    name: str | None = None
    language: str | None = None
    settings: Annotated[
        dict[str, Any] | None,
        Meta(description="Those to be changed; the rest stays, and so does a password that is empty."),
    ] = None
    archived: bool | None = None


class TrialStep(msgspec.Struct, frozen=True):
    name: str
    label: str
    state: Literal["running", "good", "wrong", "late", "skipped"]
    words: str
    advice: Annotated[str, Meta(description="What to do about it.")]
    link: Annotated[str, Meta(description="Where to do it.")]


class Trial(msgspec.Struct, frozen=True):
    """Whether the inbox's ways work, step by step."""

    id: str
    running: bool
    good: bool
    steps: list[TrialStep]
    begun_at: Moment
    ended_at: Moment | None


class DnsRecord(msgspec.Struct, frozen=True):
    record: Literal["spf", "dkim", "dmarc"]
    state: Literal["good", "weak", "wrong", "missing", "unknown"]
    says: str
    found: Annotated[str | None, Meta(description="What stands there now.")]
    name: Annotated[str | None, Meta(description="Of the TXT record to publish.")]
    value: Annotated[str | None, Meta(description="Of the TXT record to publish.")]


class Dns(msgspec.Struct, frozen=True):
    """What the DNS says of the inbox's domain; `ready` is false while the name servers are asked."""

    ready: bool
    records: list[DnsRecord]
    asked_at: Moment


class Left(msgspec.Struct, frozen=True):
    why: Literal["known", "before", "head", "gone", "refused"]
    count: int


class Visit(msgspec.Struct, frozen=True):
    """A look into the mailbox; looks that found the same stand in one."""

    started_at: Moment
    ended_at: Moment
    looks: int
    seen: int
    new: int
    left: list[Left]
    error: str | None


class Visits(msgspec.Struct, frozen=True):
    items: list[Visit]


class Unreadable(msgspec.Struct, frozen=True):
    """A delivery nobody could read; it is kept as it came."""

    id: str
    at: Moment
    why: Annotated[str, Meta(description="A code; empty where the delivery is stuck.")]
    says: str
    conversation_id: Annotated[str | None, Meta(description="Where the original is attached; null while it is stuck.")]
    told_at: Annotated[Moment | None, Meta(description="When those who manage inboxes were told by mail.")]


class Unreadables(msgspec.Struct, frozen=True):
    items: list[Unreadable]
