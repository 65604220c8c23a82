"""A message that has an envelope: who wrote it to whom, about what, and what is known of how it came."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec

from careline.channels.threading import Step

# Written down beside a delivery that somebody wants to be a conversation, whatever its channel thinks of it.
INSISTED = "x-careline-insisted"
# Stands beside a delivery of the public form; headers that come from outside never bring it.
BY_FORM = "by-form"


class Attachment(msgspec.Struct, frozen=True):
    """A file that came with a message: its bytes as the channel brought them."""

    name: str
    media_type: str
    content: bytes
    # By which the text shows it in its place.
    content_id: str = ""


class Filled(msgspec.Struct, frozen=True):
    """What somebody wrote in a public form."""

    name: str
    address: str
    subject: str
    text: str
    files: tuple[Attachment, ...] = ()


# Around what a stored original quotes. No element is called so, and what cleans HTML leaves out the marks alone.
HISTORY, HISTORY_ENDS = "<careline-history>", "</careline-history>"
# What programs put before a subject when a mail is answered or passed on.
_PREFIX = re.compile(
    r"(?:re|aw|sv|vs|rif|ref|antw|fw|fwd|wg|tr|rv|enc|i|pd|odp|ynt|回复|答复|转发|رد)(?:\[\d{1,3}\])?\s?[:：]\s*",
    re.IGNORECASE,
)


class Party(msgspec.Struct, frozen=True, omit_defaults=True):
    address: str
    name: str = ""

    @property
    def key(self) -> str:
        return self.address.casefold()


class Letter(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What stands beside a message's words, in both directions; empty where nothing is known."""

    sender: Party | None = None
    to: tuple[Party, ...] = ()
    cc: tuple[Party, ...] = ()
    bcc: tuple[Party, ...] = ()
    reply_to: tuple[Party, ...] = ()
    subject: str = ""
    # Somebody wrote the subject; it leaves as it stands.
    verbatim: bool = False
    # Whether what is answered stands below; None: as the mailbox has it.
    quotes: bool | None = None
    # Messages that stand below its words, for somebody who has not seen them.
    passes_on: tuple[UUID, ...] = ()
    # By its writer's clock, which may be wrong.
    written_at: datetime | None = None
    # The name other programs know it by, without brackets.
    message_id: str = ""
    in_reply_to: str = ""
    # Of the messages before it, the oldest first.
    references: tuple[str, ...] = ()
    # The stored file that holds the whole of it, cleaned HTML or text, when the words are not all there is.
    original: UUID | None = None
    # Its form says something that the words alone do not.
    rich: bool = False
    # The delivery it came in, for as long as that is kept.
    raw: int = 0
    # The words are what is new; what they answer, and the signature, are in the original.
    shortened: bool = False
    protection: tuple[str, ...] = ()
    invitations: tuple[dict[str, Any], ...] = ()
    # What was mended or left out in reading, as codes of the channel.
    remarks: tuple[str, ...] = ()
    # Which kind of machine wrote it; empty for a human.
    automatic: str = ""
    # How it found its conversation.
    steps: tuple[Step, ...] = ()
    # Files that came with it and are not taken, by name, and why.
    left_out: dict[str, str] = {}
    # Whom it did not reach, and why.
    missed: dict[str, str] = {}

    @property
    def everybody(self) -> tuple[Party, ...]:
        """Each once: who wrote it, where answers go, and to whom it went."""
        named = (*((self.sender,) if self.sender else ()), *self.reply_to, *self.to, *self.cc, *self.bcc)
        return tuple({one.key: one for one in reversed(named)}.values())[::-1]


class Mailing(msgspec.Struct, frozen=True):
    """Of a letter nobody wrote by hand: its words as HTML, and the address by which its reader gets no more of them."""

    html: str
    unsubscribe: str = ""


def bare(subject: str) -> str:
    """What it is about, by which two subjects are one."""
    subject = " ".join(subject.split())
    while prefix := _PREFIX.match(subject):
        subject = subject[prefix.end() :]
    return subject.casefold()


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """The message that is answered, to be folded below the answer; or one of those that are passed on."""

    author: Party
    to: tuple[Party, ...] = ()
    cc: tuple[Party, ...] = ()
    subject: str = ""
    sent_at: datetime | None = None
    text: str = ""
    html: str = ""


class Passed(msgspec.Struct, frozen=True):
    """Messages for somebody who has not seen them, the oldest first, with their envelopes as words."""

    messages: tuple[Quote, ...]


class Writer(msgspec.Struct, frozen=True):
    """Whoever of us wrote a letter by hand, and what they put below it."""

    name: str = ""
    signature: str = ""


NOBODY = Writer()


class Leaving(msgspec.Struct, frozen=True):
    """A letter of ours on its way out: its envelope, what it answers or passes on, and who wrote it."""

    letter: Letter
    quote: Quote | Passed | None = None
    writer: Writer = NOBODY


class Stationery(msgspec.Struct, frozen=True, kw_only=True):
    """What letters of one inbox have in common."""

    sender: Party | None = None
    signature: str = ""
    # Whether what is answered stands below the answer.
    quotes: bool = False
    # Bytes of files that one letter carries; 0 where the channel itself sets no bound.
    room: int = 0


def read(stored: str | None) -> Letter | None:
    """As it stands at its message."""
    return None if stored is None else msgspec.json.decode(stored, type=Letter)
