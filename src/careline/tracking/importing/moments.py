"""Rows of a file that are moments: read by what their columns mean, landed like events of a source."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from datetime import datetime

from careline.kit import clock, ids
from careline.kit.refusals import Refused
from careline.touchpoints.partitions import ensure_partitions
from careline.tracking import hot, mapping
from careline.tracking.importing import events, formats
from careline.tracking.importing.columns import Columns
from careline.tracking.importing.landing import Outcome, Refusal
from careline.tracking.importing.rows import Reader, Wrong, sound

# Older history lies in the open end of the line; a table for each of its months would cost every question.
YEARS = 5
AnyReader = Reader | events.Reader


class Occurrences:
    """How often a content came before in this file; on the disk, since a file may hold more than the memory."""

    def __init__(self) -> None:
        self.found = sqlite3.connect("", isolation_level=None)
        self.found.execute("PRAGMA journal_mode = OFF")
        self.found.execute("CREATE TABLE seen (key TEXT PRIMARY KEY, n INTEGER NOT NULL) WITHOUT ROWID")
        self.found.execute("BEGIN")

    def number(self, key: str) -> str:
        asked = "INSERT INTO seen VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET n = n + 1 RETURNING n"
        [n] = self.found.execute(asked, [key]).fetchone()
        return key if n == 1 else f"{key}-{n}"

    def close(self) -> None:
        self.found.close()


class Moments:
    def __init__(self, source: hot.Source, reader: AnyReader) -> None:
        self.source, self.reader = source, reader
        self.seen = Occurrences()

    def prepare(self, pieces: Iterator[Sequence[formats.Row]]) -> None:
        """Each row says all of it itself."""

    def read(self, first: int, piece: Sequence[formats.Row]) -> tuple[list[hot.Entry], list[Refusal]]:
        """What came before counts where rows are alike."""
        at = clock.now().isoformat()
        taken: list[hot.Entry] = []
        refused: list[Refusal] = []
        for (number, row), id in zip(piece, ids.many(len(piece)), strict=True):
            try:
                event, told, by_content = self.reader.read(sound(row))
                if by_content:
                    event.message_id = self.seen.number(event.message_id)
                taken.append(hot.entry(event, told, id, source=self.source.name, recorded_at=at))
            except Wrong as wrong:
                refused.append((number, wrong.field, wrong.reason))
            except (Refused, ValueError, RecursionError):
                refused.append((number, "", "unstorable"))
        return taken, refused

    def make_room(self, taken: Sequence[hot.Entry]) -> None:
        if taken:
            oldest = min(entry.event.occurred_at for entry in taken).date()
            today = clock.now().date()
            ensure_partitions(max(oldest, today.replace(year=today.year - YEARS, day=1)), today)

    def land(self, taken: list[hot.Entry]) -> Outcome:
        if not taken:
            return Outcome()
        done = hot.land(self.source, [hot.Read(clock.now(), taken, [])])
        return Outcome(added=done.accepted, repeated=done.repeated)

    def close(self) -> None:
        self.seen.close()


def reader_of(columns: Columns, source: hot.Source, received_at: datetime) -> AnyReader:
    rules = mapping.rules(source.rules)
    if columns.form == "events":
        return events.Reader(rules, source.currency, received_at)
    return Reader(columns, rules, source.currency, received_at)
