"""The shapes of what comes: a request and its events, believed nothing of yet; then what is taken and what is not."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from careline.tracking import limits

Json = dict[str, Any]
_Id = Annotated[str, Meta(max_length=limits.ID)] | None
_Name = Annotated[str, Meta(max_length=limits.NAME)] | None


class Around(msgspec.Struct, rename="camel"):
    """What stands beside the events of a batch, or beside the one."""

    batch: msgspec.Raw = msgspec.Raw()
    context: Any = None
    integrations: Any = None
    sent_at: Any = None
    write_key: Any = None


class Given(msgspec.Struct, rename="camel"):
    """An event as it came: anything may be anything."""

    type: Any = None
    message_id: Any = None
    user_id: Any = None
    anonymous_id: Any = None
    previous_id: Any = None
    group_id: Any = None
    event: Any = None
    name: Any = None
    category: Any = None
    properties: Any = None
    traits: Any = None
    context: Any = None
    timestamp: Any = None
    original_timestamp: Any = None
    sent_at: Any = None
    # Only in files: at the doors it is now.
    received_at: Any = None


class Usual(msgspec.Struct, rename="camel"):
    """What nearly every event of a batch is; one that does not fit is read with care, as `Given`."""

    type: Literal["page", "track"]
    message_id: Annotated[str, Meta(min_length=1, max_length=limits.MESSAGE_ID)]
    user_id: _Id = None
    anonymous_id: _Id = None
    event: _Name = None
    name: _Name = None
    properties: Json | None = None
    context: Json | None = None
    timestamp: datetime | None = None
    original_timestamp: datetime | None = None
    sent_at: datetime | None = None
    category: None = None
    traits: None = None


class Event(msgspec.Struct):
    type: str
    raw: msgspec.Raw
    message_id: str
    occurred_at: datetime
    user: str
    anonymous: str
    properties: Json
    traits: Json
    context: Json
    name: str = ""
    previous: str = ""
    group: str = ""
    # Whom it names, where that is neither a customer's number nor a device.
    place: tuple[str, str, str] | None = None
    # A field that was left out, and why, of an event that is taken all the same.
    remark: tuple[str, str] = ("", "")


class Unread(msgspec.Struct):
    """An event that is not taken."""

    field: str
    reason: str
    raw: msgspec.Raw
    type: str = ""
    name: str = ""
    message_id: str = ""


class Request(msgspec.Struct):
    """A body whose JSON is sound, before anybody asked what is in it."""

    pieces: list[tuple[msgspec.Raw, Given | Usual | None]]
    around: Around
    # A batch that is no list, or a body that is no object: one refusal for all of it.
    wrong: Unread | None = None
