"""Raw bytes in, a `Mail` out: always, whatever the bytes are."""

from __future__ import annotations

import re
from itertools import islice, pairwise

from careline.channels.email import (
    addresses,
    bodies,
    dates,
    encoded,
    fields,
    files,
    flowed,
    ids,
    invites,
    literal,
    markup,
    protection,
    uuencoded,
    winmail,
)
from careline.channels.email.addresses import Address
from careline.channels.email.mail import HEADERS, Attachment, Invitation, Mail, Report
from careline.channels.email.tree import Part, Tree

# A mail of 40 MB as the sender counts it, and what the transfer adds around it.
LARGEST = 45 * 1024 * 1024
LONGEST_TEXT = 2_000_000
LONGEST_REPORT = 200_000
LONGEST_HEADER = 10_000
DEEPEST_MESSAGE = 3
MOST_MESSAGES = 20
_REPORTS = {
    "message/delivery-status", "message/global-delivery-status", "message/feedback-report", "text/rfc822-headers",
    "message/disposition-notification", "message/rfc822-headers", "text/rfc822-header",
}  # fmt: skip
_MESSAGES = {"message/rfc822", "message/global", "message/news"}
_DELIVERED = ("delivered-to", "x-original-to", "envelope-to", "x-envelope-to", "x-delivered-to", "x-rcpt-to",
              "x-forwarded-to", "x-real-to", "apparently-to", "resent-to")  # fmt: skip
_ORIGINAL = ("x-original-from", "x-google-original-from", "x-original-sender")
# The format of old Macs: nothing that is still kept up opens it.
_BINHEX = {"application/mac-binhex40", "application/mac-binhex", "application/binhex"}
_CALENDARS = {"text/calendar", "application/ics"}
# How one mail ends and the next begins where several are put into one file (mbox).
_NEXT = re.compile(rb"\n\r?\n(?=From [^\r\n]{3,200}\r?\n[!-9;-~]{1,60}:)")
_ANYTHING = re.compile(rb"\S")
_CITED = re.compile(r"cid:([^\s\"'<>)]{1,500})", re.IGNORECASE)
_A_MAIL = {"from", "to", "cc", "subject", "date", "message-id", "mime-version", "received", "content-type", "sender",
           "return-path", "reply-to", "delivered-to", "x-mailer", "bcc"}  # fmt: skip


def read(raw: bytes) -> Mail:
    """Never fails: what cannot be read says so in `unread`, and carries the key it is kept by."""
    if not _ANYTHING.search(raw):
        return unread("empty", raw)
    try:
        if len(raw) > LARGEST:
            return unread("too-large", raw)
        return _Reading(_with_line_feeds(raw)).mail()
    except MemoryError:
        raise
    except Exception:
        return unread("failed", raw)


def unread(why: str, raw: bytes) -> Mail:
    """What can be said without reading: the key, and those headers that are plain to see."""
    try:
        reading = _Reading(raw[: fields.LARGEST])
        return reading.headed(key=reading.key(raw), unread=why)
    except Exception:
        return Mail(key=ids.without_one("", "", "", "", raw), unread=why)


def _with_line_feeds(raw: bytes) -> bytes:
    """Old Macs ended lines by a carriage return alone; some relays write two before the line feed."""
    start = raw[:65_536]
    if b"\n" not in start and b"\r" in start:
        return raw.replace(b"\r", b"\n")
    if b"\r\r\n" in start:
        return raw.replace(b"\r\r\n", b"\r\n")
    return raw


class _Reading:
    """One message on its way from bytes to words."""

    def __init__(self, raw: bytes, start: int = 0, stop: int | None = None, depth: int = 0) -> None:
        self.tree = Tree(raw.lstrip(b"\r\n") if not start and raw[:1] in b"\r\n" else raw, start, stop)
        self.head = self.tree.head
        self.depth = depth

    def mail(self) -> Mail:
        chosen = bodies.chosen(self.tree.root)
        leaves = self.tree.leaves()
        text, made, written = self._text(chosen.text or _any_words(chosen.files))
        html = "\n".join(self.tree.text(one, LONGEST_TEXT) for one in chosen.html if one.kind == "text/html")
        if made and not text and html:
            text = markup.words(html)
        if not text and not chosen.text and html:
            text, made = markup.words(html), True
        protected = protection.of(self.tree.root, leaves, text)
        found, winmails = self._files(chosen.files, html)
        if written and not self.depth:
            self.tree.remarks.add("written-opened")
            found = (*found, *map(files.written, written))
        if winmails.text and not text.strip():
            text = winmails.text
        if winmails.html and not html:
            html = winmails.html
            text, made = (text, made) if text.strip() else (markup.words(html), True)
        self.tree.remarks.update(protected)
        return self.headed(
            key=self.key(),
            text=text,
            html=html,
            made_of_html=made,
            attachments=found,
            literal=None if self.depth else literal.of(self.tree, leaves, chosen, lambda parts: self._text(parts)[0]),
            invitations=self._invitations(leaves),
            reports=self._reports(leaves),
            nested=self._nested(leaves),
            protection=protected,
            unread="" if not _A_MAIL.isdisjoint(self.head.by_name) else "no-head",
        )

    def headed(self, *, key: str, **rest: object) -> Mail:
        """The headers, and what else is known."""
        head = self.head
        authors = _addresses(head, "from")
        sent_at = dates.read(head.text("date"))
        return Mail(
            key=key,
            message_id=ids.first(head.text("message-id") or head.text("x-message-id")),
            in_reply_to=tuple(dict.fromkeys(ids.thread(one) for one in ids.every(head.text("in-reply-to")))),
            references=ids.newest_first(head.every("references")),
            authors=authors,
            sender=next(iter(_addresses(head, "sender")), None),
            reply_to=_addresses(head, "reply-to"),
            to=_addresses(head, "to"),
            cc=_addresses(head, "cc"),
            bcc=_addresses(head, "bcc"),
            delivered_to=tuple(dict.fromkeys(one.address for one in _addresses(head, *_DELIVERED))),
            return_path=self._return_path(),
            original_author=next(iter(_addresses(head, *_ORIGINAL)), None),
            subject=head.line("subject")[:LONGEST_HEADER],
            written_at=sent_at.isoformat() if sent_at else "",
            kind=self.tree.declared,
            parameters={name: value[:500] for name, value in list(self.tree.root.parameters.items())[:20]},
            headers=tuple(
                (name, encoded.line(encoded.plain(value[:LONGEST_HEADER]))) for name, value in head.fields[:HEADERS]
            ),
            remarks=self._remarks(authors),
            **rest,  # type: ignore[arg-type]
        )

    def key(self, raw: bytes | None = None) -> str:
        head = self.head
        known = ids.first(head.text("message-id"))
        if known:
            return known
        body = self.tree.raw[head.end : self.tree.stop] if raw is None else raw
        return ids.without_one(head.text("date"), head.text("from"), head.text("to"), head.text("subject"), body)

    def _text(self, parts: list[Part]) -> tuple[str, bool, list[uuencoded.Found]]:
        """The parts after each other, and the files that stood in them; HTML only where there is nothing else."""
        pieces: list[str] = []
        made = False
        found: list[uuencoded.Found] = []
        for part in parts:
            if part.main != "text":
                continue
            if part.kind == "text/html":
                piece, made = markup.words(self.tree.text(part, LONGEST_TEXT)), True
            else:
                raw, written = uuencoded.taken_out(self.tree.content(part))
                found.extend(written)
                piece = flowed.text(part.parameters, self.tree.words(part, raw, LONGEST_TEXT))
            if pieces and not pieces[-1].endswith("\n"):
                pieces.append("\n")
            pieces.append(piece)
        return "".join(pieces)[:LONGEST_TEXT], made, found

    def _files(self, parts: list[Part], html: str) -> tuple[tuple[Attachment, ...], winmail.Opened]:
        cited = {found.strip() for found in _CITED.findall(html)} if "cid:" in html.lower() else set()
        opened = winmail.Opened()
        found: list[Attachment] = []
        if self.depth:
            return (), opened
        for number, part in enumerate(parts, 1):
            one = files.read(self.tree, part, number, cited)
            if one.media_type in winmail.KINDS or one.name.lower() == "winmail.dat":
                inside = winmail.opened(one.content)
                self.tree.remarks.add("winmail-opened" if inside is not None else "winmail-kept")
                opened = inside or opened
                found.extend(opened.files if inside else ())
            if one.media_type in _BINHEX or one.name.lower().endswith(".hqx"):
                self.tree.remarks.add("binhex-kept")
            found.append(one)
        return tuple(found), opened

    def _invitations(self, leaves: list[Part]) -> tuple[Invitation, ...]:
        found: dict[Invitation, None] = {}
        for part in leaves:
            if part.kind in _CALENDARS or files.name_of(part).lower().endswith(".ics"):
                found.update(dict.fromkeys(invites.read(self.tree.text(part, invites.LARGEST))))
        return tuple(found)

    def _reports(self, leaves: list[Part]) -> tuple[Report, ...]:
        return tuple(
            Report(part.kind, self.tree.text(part, LONGEST_REPORT)) for part in leaves if part.kind in _REPORTS
        )

    def _nested(self, leaves: list[Part]) -> tuple[Mail, ...]:
        if self.depth >= DEEPEST_MESSAGE:
            return ()
        found: list[Mail] = []
        for part in leaves:
            if part.kind in _MESSAGES and len(found) < MOST_MESSAGES:
                raw = _with_line_feeds(self.tree.content(part))
                found.append(_Reading(raw, depth=self.depth + 1).mail() if raw.strip() else Mail(unread="empty"))
        return (*found, *self._following(MOST_MESSAGES - len(found)))

    def _following(self, most: int) -> tuple[Mail, ...]:
        """Further mails of the same file, behind the end of the first."""
        raw, at = self.tree.raw, self.tree.end
        if self.depth or not raw.startswith(b"From ") or at >= self.tree.stop:
            return ()
        starts = [one.end() for one in _NEXT.finditer(raw, at - 1)]
        each = islice(pairwise([*starts, self.tree.stop]), most)
        return tuple(_Reading(raw[start:stop], depth=1).mail() for start, stop in each)

    def _return_path(self) -> str | None:
        given = next(iter(self.head.every("return-path")), None)
        if given is None:
            return None
        found = addresses.read(given)
        return found[0].address if found else given.strip("<> \t")[:320]

    def _remarks(self, authors: tuple[Address, ...]) -> tuple[str, ...]:
        said = set(self.tree.remarks)
        if self.head.strange:
            said.add("strange-head")
        if not self.depth:
            if not ids.first(self.head.text("message-id")):
                said.add("no-message-id")
            if not authors:
                said.add("no-author")
            if "date" in self.head and dates.read(self.head.text("date")) is None:
                said.add("bad-date")
        return tuple(sorted(said))


def _addresses(head: fields.Head, *names: str) -> tuple[Address, ...]:
    found: dict[tuple[str, str], Address] = {}
    for name in names:
        for value in head.every(name)[:100]:
            for one in addresses.read(value):
                found.setdefault((one.key, one.group), one)
    return tuple(found.values())


def _any_words(parts: list[Part]) -> list[Part]:
    """A text of an unusual kind is better than none."""
    shown = (p for p in parts if p.main == "text" and not p.attached and p.kind not in _CALENDARS | _REPORTS)
    return [part for part in shown if not bodies.named(part)][:1]
