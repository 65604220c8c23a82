"""What an agent, or the house itself, wants to say by mail, and to whom."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from careline.channels.email.addresses import Address
from careline.channels.email.threads.answers import Answering
from careline.channels.email.writing import domains
from careline.channels.email.writing.automatic import Automatic


class Enclosed(msgspec.Struct, frozen=True, kw_only=True):
    """A file; with a content id it is shown where the HTML names it."""

    name: str
    media_type: str
    content: bytes
    content_id: str = ""


class Quoted(msgspec.Struct, frozen=True, kw_only=True):
    """The message that is answered, folded below the answer."""

    author: Address
    sent_at: datetime | None = None
    text: str = ""
    html: str = ""


class Forwarded(msgspec.Struct, frozen=True, kw_only=True):
    """The message that is passed on below a comment, with its headers as words."""

    author: Address
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    subject: str = ""
    sent_at: datetime | None = None
    text: str = ""
    html: str = ""


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing in it is trusted: names and subjects come from customers, texts from anywhere."""

    # The mailbox, with the name customers see.
    sender: Address
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    # They get it and nobody sees that they do.
    bcc: tuple[Address, ...] = ()
    subject: str
    text: str
    # The same as HTML, where it is more than its words; ours, and never what came from outside.
    html: str = ""
    # Ours; the same at every attempt, so that a repeated delivery shows once.
    message: UUID
    written_at: datetime
    # Where answers go, when that is not the mailbox itself.
    reply_to: str = ""
    answering: Answering = Answering()
    # The mailbox's signature, as text.
    signature: str = ""
    quoted: Quoted | None = None
    forwarded: tuple[Forwarded, ...] = ()
    attachments: tuple[Enclosed, ...] = ()
    # Of the conversation; see threads.marker.
    marker: str = ""
    # None: a human wrote it.
    automatic: Automatic | None = None


def envelope(letter: Letter) -> tuple[str, tuple[str, ...]]:
    """The sender and everybody it goes to, each once, the hidden ones as well, as servers speak of them."""
    everybody = [domains.wire(one.address) for one in (*letter.to, *letter.cc, *letter.bcc)]
    return domains.wire(letter.sender.address), tuple(dict.fromkeys(everybody))


def needs_utf8(letter: Letter) -> bool:
    """Whether an address needs a server that speaks SMTPUTF8; names, subjects and texts never do."""
    sender, recipients = envelope(letter)
    return not all(one.isascii() for one in (sender, *recipients, domains.wire(letter.reply_to)))
