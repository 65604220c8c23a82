"""What was read of one message. Nothing in here is a row; it travels between processes as it is."""

from __future__ import annotations

from datetime import datetime

import msgspec

from careline.channels.email.addresses import Address

HEADERS = 500


class Attachment(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    media_type: str
    content: bytes
    content_id: str = ""
    # Shown within the text: named by the HTML, or meant to be.
    inline: bool = False

    @property
    def size(self) -> int:
        return len(self.content)


class Listed(msgspec.Struct, frozen=True, kw_only=True):
    """A file that is only named."""

    name: str
    media_type: str
    size: int


class Literal(msgspec.Struct, frozen=True, kw_only=True):
    """Of a broken mail that was mended: its text to the letter, and what is a file only to the letter."""

    text: str = ""
    files: tuple[Listed, ...] = ()


class Invitation(msgspec.Struct, frozen=True, kw_only=True):
    """An event that came as text/calendar."""

    method: str = ""
    uid: str = ""
    summary: str = ""
    starts: str = ""
    ends: str = ""
    zone: str = ""
    location: str = ""
    organizer: str = ""
    # An answer of somebody invited: accepted, declined, tentative.
    answer: str = ""


class Report(msgspec.Struct, frozen=True):
    """A part that machines write for machines, as words: message/delivery-status and its like."""

    kind: str
    text: str


class Mail(msgspec.Struct, frozen=True, kw_only=True):
    """`key` is what a repeated delivery has in common with the first, within one mailbox."""

    key: str = ""
    message_id: str = ""
    in_reply_to: tuple[str, ...] = ()
    # Newest first.
    references: tuple[str, ...] = ()
    authors: tuple[Address, ...] = ()
    sender: Address | None = None
    reply_to: tuple[Address, ...] = ()
    to: tuple[Address, ...] = ()
    cc: tuple[Address, ...] = ()
    bcc: tuple[Address, ...] = ()
    # Where it was really delivered: Delivered-To, X-Original-To, Envelope-To and the like, in their order.
    delivered_to: tuple[str, ...] = ()
    # None: there is none. "" is the empty envelope sender of bounces.
    return_path: str | None = None
    # Whom a group or a forwarding mailbox stands in front of.
    original_author: Address | None = None
    subject: str = ""
    # ISO 8601 with the zone it was written in, since a date that travels between processes loses it; or empty.
    written_at: str = ""
    kind: str = "text/plain"
    parameters: dict[str, str] = {}
    text: str = ""
    html: str = ""
    # The words were made out of the HTML, since there were none.
    made_of_html: bool = False
    attachments: tuple[Attachment, ...] = ()
    # Where text and attachments are not what the parts are to the letter (literal.py).
    literal: Literal | None = None
    invitations: tuple[Invitation, ...] = ()
    reports: tuple[Report, ...] = ()
    # Messages inside, without their bytes, which are an attachment.
    nested: tuple[Mail, ...] = ()
    # smime-signed smime-encrypted pgp-signed pgp-encrypted pgp-key
    protection: tuple[str, ...] = ()
    # As they came, decoded, names in lower case; at most 500 of them.
    headers: tuple[tuple[str, str], ...] = ()
    # Why it could not be read (a code of remarks.py); empty when it was.
    unread: str = ""
    # What was mended or left out (codes of remarks.py).
    remarks: tuple[str, ...] = ()

    @property
    def sent_at(self) -> datetime | None:
        """With the zone it was written in."""
        return datetime.fromisoformat(self.written_at) if self.written_at else None

    @property
    def author(self) -> Address | None:
        return self.authors[0] if self.authors else self.sender

    @property
    def recipients(self) -> tuple[Address, ...]:
        """Everybody it was written to, each once, then where it was delivered."""
        found: dict[str, Address] = {}
        for one in (*self.to, *self.cc, *self.bcc, *(Address(value) for value in self.delivered_to)):
            found.setdefault(one.key, one)
        return tuple(found.values())

    @property
    def answered(self) -> tuple[str, ...]:
        """The ids it may be an answer to, the likeliest first."""
        return tuple(dict.fromkeys((*self.in_reply_to, *self.references)))

    def header(self, name: str) -> str | None:
        return next((value for known, value in self.headers if known == name), None)

    def every(self, name: str) -> list[str]:
        return [value for known, value in self.headers if known == name]
