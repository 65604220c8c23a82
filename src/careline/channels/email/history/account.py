"""The folders of an IMAP account, every one of them but what was thrown away, never sent, or is spam."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TypeVar, cast

from django.utils.translation import gettext as _

from careline.channels.email.history import folders, mbox
from careline.channels.email.history.order import FIRST, Entry, Order, sane
from careline.channels.email.imap.line import Line, Refused, opened
from careline.channels.email.imap.mailbox import MEGABYTE, Mailbox
from careline.channels.email.imap.told import Folder, Head
from careline.channels.history import Found, Leaving, Why
from careline.channels.satchel import FetchFailed

# Mails asked about at once, and mails held at once; of those, bytes fetched with one question.
ASKED = 500
TOGETHER = 100
TOGETHER_BYTES = 16 * MEGABYTE
FETCHED_BYTES = 4 * MEGABYTE
# Seconds until a line that was cut is made again; a server that is begun anew is back by then.
WAITS = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 60.0)
T = TypeVar("T")


class Closed(FetchFailed):
    """The server lists the folder, and opens it for nobody."""


class Account:
    def __init__(self, mailbox: Mailbox, work: Path, stop: threading.Event) -> None:
        self._mailbox, self._stop = mailbox, stop
        self._line: Line | None = None
        # The folder that is open, and the place in it of the mail that is listed next; 0 when nobody knows.
        self._name, self._folder, self._next = b"", cast("Folder | None", None), 0
        # What numbers mean, as they were when they were read.
        self._counted: dict[bytes, int] = {}
        try:
            names = self._patiently(lambda: folders.kept(self._connected().named(), self._connected().capabilities()))
            self._order = Order(work, self._entries(names), stop, self._known_as)
        except BaseException:
            self._hang_up()
            raise
        self.total, self.fingerprint, self.oldest = self._order.total, self._order.fingerprint, self._order.oldest

    def after(self, count: int) -> Iterator[Found]:
        """What lies together in a folder is asked for together, and given in the order it was written in."""
        for piece in _pieces(self._order.after(count)):
            mails: dict[tuple[bytes, int], bytes | None] = {}
            for folder in sorted({one.source for one in piece}, key=lambda name: name != self._name):
                sizes = {one.start: one.size for one in piece if one.source == folder and not one.why}
                mails |= {(folder, uid): raw for uid, raw in self._fetched(folder, sizes)}
            for one in piece:
                yield self._found(one, mails)

    def close(self) -> None:
        self._order.close()
        self._hang_up()

    def _known_as(self, folder: bytes) -> bytes:
        return b"%b %d" % (folder, self._counted[folder])

    # ── the line, which may be cut at any time ──
    def _patiently(self, ask: Callable[[], T]) -> T:
        for wait in (*WAITS, None):
            try:
                return ask()
            except FetchFailed as failed:
                if isinstance(failed, Refused) and not failed.passing:
                    raise
                self._hang_up()
                if failed.lasting or wait is None:
                    raise
                if self._stop.wait(wait):
                    raise Leaving from failed
        raise AssertionError

    def _connected(self) -> Line:
        if self._line is None:
            self._line = opened(self._mailbox, self._stop)
        return self._line

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = self._folder = None

    def _opened(self, name: bytes) -> tuple[Line, Folder]:
        line = self._connected()
        if self._folder is None or self._name != name:
            self._folder = None
            try:
                self._name, self._folder, self._next = name, line.open(name.decode()), 0
            except FetchFailed as failed:
                if failed.lasting:
                    raise Closed(failed.reason, lasting=True) from failed
                raise
        known = self._counted.setdefault(name, self._folder.uidvalidity)
        if known != self._folder.uidvalidity:
            told = _("%(host)s counts the mails of the folder %(folder)s anew. Go on, and it is looked through again.")
            raise FetchFailed(told % {"host": self._mailbox.host, "folder": name.decode()}, lasting=True)
        return line, self._folder

    # ── what there is ──
    def _entries(self, names: Sequence[str]) -> Iterator[Entry]:
        for name in map(str.encode, names):
            before = FIRST
            try:
                for one in self._heads(name):
                    came = None if one.at is None else one.at.astimezone(UTC)
                    before = sane(mbox.written_at(one.dated), came) or before
                    yield Entry(int(before.timestamp()), name, one.uid, one.size, self._why(one))
            except Closed:
                self._counted[name] = 0
                yield Entry(int(FIRST.timestamp()), name, 0, 0, "closed")

    def _heads(self, name: bytes) -> Iterator[Head]:
        last = 0
        while (page := self._patiently(partial(self._page, name, last))) is not None:
            yield from page
            last = max(last, *(one.uid for one in page)) if page else last

    def _page(self, name: bytes, last: int) -> list[Head] | None:
        """Behind the number that was last; None at the end. Places are what they were as long as the line is."""
        line, folder = self._opened(name)
        first = self._next or (line.beyond(last, folder.exists) if last else 1)
        if first > folder.exists:
            return None
        page = line.heads(first, min(folder.exists, first + ASKED - 1))
        self._next = first + ASKED
        return page

    def _why(self, one: Head) -> Why:
        if one.size > self._mailbox.largest:
            return "large"
        return "draft" if "\\draft" in one.flags else "deleted" if "\\deleted" in one.flags else ""

    # ── the mails ──
    def _fetched(self, folder: bytes, sizes: Mapping[int, int]) -> Iterator[tuple[int, bytes | None]]:
        """None for what the server does not hand over; what is gone by now is missing."""
        for group in _groups(sizes):
            try:
                yield from self._patiently(partial(self._mails, folder, group)).items()
            except Closed:
                return
            except Refused:
                for uid, size in group.items():
                    yield from self._alone(folder, uid, size).items()

    def _mails(self, folder: bytes, sizes: Mapping[int, int]) -> dict[int, bytes]:
        line, _folder = self._opened(folder)
        return line.mails(list(sizes), sum(sizes.values()))

    def _alone(self, folder: bytes, uid: int, size: int) -> Mapping[int, bytes | None]:
        try:
            return self._patiently(partial(self._mails, folder, {uid: size}))
        except Refused as refused:
            if refused.passing:
                raise
            return {uid: None}

    def _found(self, one: Entry, mails: Mapping[tuple[bytes, int], bytes | None]) -> Found:
        folder, at = one.source.decode(), datetime.fromtimestamp(one.at, UTC)
        place = f"{folder}:{one.start}" if one.start else folder
        raw = mails.get((one.source, one.start), b"")
        why = one.why or ("refused" if raw is None else "large" if len(raw) > self._mailbox.largest else "")
        return Found(place=place, at=at, raw=raw or b"", why=why or ("" if raw else "gone"))


def _pieces(entries: Iterator[Entry]) -> Iterator[list[Entry]]:
    piece: list[Entry] = []
    size = 0
    for one in entries:
        if piece and (len(piece) == TOGETHER or size + one.size > TOGETHER_BYTES):
            yield piece
            piece, size = [], 0
        piece.append(one)
        size += 0 if one.why else one.size
    if piece:
        yield piece


def _groups(sizes: Mapping[int, int]) -> Iterator[dict[int, int]]:
    group: dict[int, int] = {}
    for uid, size in sizes.items():
        if group and sum(group.values()) + size > FETCHED_BYTES:
            yield group
            group = {}
        group[uid] = size
    if group:
        yield group
