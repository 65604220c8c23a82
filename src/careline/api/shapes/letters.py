"""The envelope of a message, on channels whose messages have one."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta


class Party(msgspec.Struct, frozen=True, gc=False):
    name: str
    address: str


class LetterRemark(msgspec.Struct, frozen=True, gc=False):
    code: str
    words: Annotated[str, Meta(description="The same as a sentence.")]


class Invitation(msgspec.Struct, frozen=True, gc=False):
    """An event that came along, as its sender wrote it."""

    method: Annotated[str, Meta(description="request, reply, cancel, publish.")]
    summary: str
    starts: Annotated[str, Meta(description="As text/calendar has it: 20260302T093000Z, or 20260302 for a day.")]
    ends: str
    zone: Annotated[str, Meta(description="Of a start without its own.")]
    location: str
    organizer: str
    answer: Annotated[str, Meta(description="Of a reply: accepted, declined, tentative.")]


class NotTaken(msgspec.Struct, frozen=True, gc=False):
    name: str
    why: str


class NotReached(msgspec.Struct, frozen=True, gc=False):
    address: str
    why: str


class Letter(msgspec.Struct, frozen=True, gc=False, rename={"sender": "from"}):
    """Who wrote it to whom, about what, and what is known of how it came."""

    sender: Party | None
    to: list[Party]
    cc: list[Party]
    bcc: Annotated[list[Party], Meta(description="Known of our own only.")]
    subject: str
    written_at: Annotated[datetime, Meta(tz=True, description="By its writer's clock, which may be wrong.")] | None
    message_id: Annotated[str, Meta(description="The name other programs know it by, without brackets.")]
    automatic: Annotated[str, Meta(description="The kind of machine that wrote it, such as out-of-office; or empty.")]
    protection: Annotated[list[LetterRemark], Meta(description="S/MIME and PGP: recognized, kept, not opened.")]
    invitations: list[Invitation]
    remarks: Annotated[list[LetterRemark], Meta(description="What was mended or left out in reading it.")]
    left_out: Annotated[list[NotTaken], Meta(description="Files that came with it and are not kept.")]
    missed: Annotated[list[NotReached], Meta(description="Recipients it did not reach.")]
    trace: Annotated[list[str], Meta(description="How it found its conversation, step by step.")]
    shortened: Annotated[bool, Meta(description="body is what is new in it; the whole is the original.")]
    original_url: Annotated[
        str | None, Meta(description="Opens the whole, cleaned HTML or text, for whoever holds it, for a month.")
    ]
