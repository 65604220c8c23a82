"""The order in which mails were written, kept on the disk: an archive of any size is put in order without memory."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from careline.kit import clock

# Mail is not older; a clock that says otherwise was wrong.
FIRST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)


class Entry(msgspec.Struct, frozen=True):
    """Where a mail lies: in which of the sources, and where in it."""

    at: int
    source: int
    start: int
    size: int


class Order:
    def __init__(self, work: Path, entries: Iterable[Entry]) -> None:
        self._rows = sqlite3.connect(work / "order.sqlite")
        self._rows.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;"
            "CREATE TABLE mail (at INTEGER, source INTEGER, start INTEGER, size INTEGER)"
        )
        digest = hashlib.sha256()
        self.total = 0
        oldest = None
        for one in entries:
            self._rows.execute("INSERT INTO mail VALUES (?, ?, ?, ?)", (one.at, one.source, one.start, one.size))
            digest.update(b"%d %d %d %d\n" % (one.at, one.source, one.start, one.size))
            self.total += 1
            oldest = one.at if oldest is None else min(oldest, one.at)
        self._rows.execute("CREATE INDEX in_order ON mail (at, source, start)")
        self.fingerprint = digest.hexdigest()
        self.oldest = None if oldest is None else datetime.fromtimestamp(oldest, UTC)

    def after(self, count: int) -> Iterator[Entry]:
        found = self._rows.execute(
            "SELECT at, source, start, size FROM mail ORDER BY at, source, start LIMIT -1 OFFSET ?", (count,)
        )
        for row in found:
            yield Entry(*row)

    def close(self) -> None:
        self._rows.close()


def sane(*moments: datetime | None) -> datetime | None:
    """The first of them that can be."""
    latest = clock.now() + AHEAD
    return next((one for one in moments if one is not None and FIRST <= one <= latest), None)
