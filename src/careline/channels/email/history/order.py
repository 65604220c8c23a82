"""The order in which mails were written, kept on the disk: an archive of any size is put in order without memory."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import msgspec

from careline.channels.history import Leaving, Why
from careline.kit import clock

# Mail is not older; a clock that says otherwise was wrong.
FIRST = datetime(1990, 1, 1, tzinfo=UTC)
AHEAD = timedelta(days=1)


class Entry(msgspec.Struct, frozen=True):
    """Where a mail lies: by the name of its file or folder, and where in it."""

    at: int
    source: bytes
    start: int
    size: int
    why: Why = ""


class Order:
    """`name` calls a source what it is called as long as the places in it mean the same."""

    def __init__(
        self, work: Path, entries: Iterable[Entry], stop: threading.Event, name: Callable[[bytes], bytes] = bytes
    ) -> None:
        self._rows = sqlite3.connect(work / "order.sqlite")
        self._rows.executescript(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA temp_store = FILE;"
            "CREATE TABLE mail (at INTEGER, source BLOB, start INTEGER, size INTEGER, why TEXT)"
        )
        rows = ((one.at, one.source, one.start, one.size, one.why) for one in _until(entries, stop))
        self._rows.executemany("INSERT INTO mail VALUES (?, ?, ?, ?, ?)", rows)
        self._rows.execute("CREATE INDEX in_order ON mail (at, source, start)")
        self.total, oldest = self._rows.execute("SELECT count(*), min(at) FROM mail").fetchone()
        self.oldest = None if oldest is None else datetime.fromtimestamp(oldest, UTC)
        self._name = name
        self._walked, self._walk, self._digest = 0, self.after(0), hashlib.sha256()

    def after(self, count: int) -> Iterator[Entry]:
        found = self._rows.execute("SELECT * FROM mail ORDER BY at, source, start LIMIT -1 OFFSET ?", (count,))
        for row in found:
            yield Entry(*row)

    def fingerprint(self, count: int) -> str:
        """Of the first `count`; what is asked for more and more is walked through once."""
        if count < self._walked:
            self._walked, self._walk, self._digest = 0, self.after(0), hashlib.sha256()
        for one in islice(self._walk, count - self._walked):
            self._digest.update(b"%d %b %d %d\n" % (one.at, self._name(one.source), one.start, one.size))
        self._walked = count
        return f"{count}:{self._digest.hexdigest()}"

    def close(self) -> None:
        self._rows.close()


def _until(entries: Iterable[Entry], stop: threading.Event) -> Iterator[Entry]:
    for one in entries:
        if stop.is_set():
            raise Leaving
        yield one


def sane(*moments: datetime | None) -> datetime | None:
    """The first of them that can be."""
    latest = clock.now() + AHEAD
    return next((one for one in moments if one is not None and FIRST <= one <= latest), None)
