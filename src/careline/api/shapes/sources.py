"""Sources of events."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next

Side = Annotated[
    Literal["client", "server"],
    Meta(description="Whether its key can be read in a page or an app, or is a secret of a server."),
]


class Source(msgspec.Struct, frozen=True):
    id: str
    name: str
    side: str
    write_key: Annotated[str, Meta(description="Opens the tracking API, to send.")]
    archived: bool
    created_at: Moment


class Sources(msgspec.Struct, frozen=True):
    items: list[Source]
    next: Next


class SourceMaking(msgspec.Struct, frozen=True):
    name: str
    side: Side


class SourceChanging(msgspec.Struct, frozen=True):
    name: str | None = None
    archived: bool | None = None
