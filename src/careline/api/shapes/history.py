"""Messages of earlier years on their way in."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from careline.api.shapes.conversations import Moment
from careline.api.shapes.pages import Next


class History(msgspec.Struct, frozen=True):
    """A file, a folder or an account: how far it has come, and what became of what lay there."""

    id: str
    inbox_id: str
    name: str
    state: Literal["waiting", "running", "done", "stopped", "failed"]
    open_days: Annotated[int, Meta(description="A customer's last word that is younger is still open.")]
    total: int
    read: Annotated[int, Meta(description="Looked at so far: added, repeated and left out.")]
    added: int
    opened: Annotated[int, Meta(description="Conversations that were opened by the added.")]
    repeated: Annotated[int, Meta(description="Were here before.")]
    left_out: int
    unreadable: Annotated[int, Meta(description="Of the added: their original is attached.")]
    error: str
    created_at: Moment
    ended_at: Moment | None


class Histories(msgspec.Struct, frozen=True):
    items: list[History]
    next: Next


class Bringing(msgspec.Struct, frozen=True):
    """From where; one of the two."""

    place: Annotated[str, Meta(description="By name: what lies in the folder history of the data folder.")] = ""
    account: Annotated[bool, Meta(description="The account the mailbox fetches from.")] = False
    open_days: Annotated[int, Meta(ge=0, le=3650)] = 14


class LeftOut(msgspec.Struct, frozen=True):
    place: str
    why: str


class LeftOuts(msgspec.Struct, frozen=True):
    items: list[LeftOut]
    next: Next
