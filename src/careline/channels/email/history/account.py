"""The folders of an IMAP account, every one of them but what was thrown away, never sent, or is spam."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import groupby, islice
from pathlib import Path

from careline.channels.email.history.order import FIRST, Entry, Order, sane
from careline.channels.email.imap.line import Folder, Line, Refused, opened
from careline.channels.email.imap.mailbox import MEGABYTE, Mailbox
from careline.channels.history import Found

# Numbers asked about at once, and mails fetched at once.
ASKED = 500
TOGETHER = 25
TOGETHER_BYTES = 4 * MEGABYTE


class Account:
    def __init__(self, mailbox: Mailbox, work: Path) -> None:
        self._line: Line = opened(mailbox)
        self._largest = mailbox.largest
        self._open = ""
        try:
            self._folders = self._line.kept_folders()
            self._order = Order(work, self._entries())
        except BaseException:
            self._line.close()
            raise
        self.total, self.fingerprint, self.oldest = self._order.total, self._order.fingerprint, self._order.oldest

    def after(self, count: int) -> Iterator[Found]:
        left = self._order.after(count)
        while piece := list(islice(left, TOGETHER)):
            for source, group in groupby(piece, key=lambda one: one.source):
                yield from self._fetched(self._folders[source], list(group))

    def close(self) -> None:
        self._order.close()
        self._line.close()

    def _entries(self) -> Iterator[Entry]:
        for n, name in enumerate(self._folders):
            folder = self._select(name)
            last = folder.next - 1 if folder.next else self._line.number_at(folder.exists) if folder.exists else 0
            before = FIRST
            for low in range(1, last + 1, ASKED):
                for uid, one in self._line.listed(low, min(last, low + ASKED - 1)).items():
                    before = sane(None if one.at is None else one.at.astimezone(UTC)) or before
                    yield Entry(int(before.timestamp()), n, uid, one.size)

    def _select(self, name: str) -> Folder:
        self._open = name
        return self._line.open(name)

    def _fetched(self, folder: str, group: list[Entry]) -> Iterator[Found]:
        if folder != self._open:
            self._select(folder)
        mails: dict[int, bytes] = {}
        wanted = {one.start: one.size for one in group if one.size <= self._largest}
        while wanted:
            piece: list[int] = []
            total = 0
            for uid, size in wanted.items():
                if piece and total + size > TOGETHER_BYTES:
                    break
                piece.append(uid)
                total += size
            try:
                mails |= self._line.mails(piece, total)
            except Refused:
                for uid in piece:
                    mails |= self._one(uid, wanted[uid])
            for uid in piece:
                del wanted[uid]
        for one in group:
            place, at = f"{folder}:{one.start}", datetime.fromtimestamp(one.at, UTC)
            if one.size > self._largest:
                yield Found(place=place, at=at, why="large")
            elif raw := mails.pop(one.start, b""):
                yield Found(place=place, at=at, raw=raw)
            else:
                yield Found(place=place, at=at, why="gone")

    def _one(self, uid: int, size: int) -> dict[int, bytes]:
        try:
            return self._line.mails([uid], size)
        except Refused:
            return {}
