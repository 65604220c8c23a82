"""Rows of a file that say what customers are: their columns become attributes, and the last row of each holds."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from zoneinfo import ZoneInfo

import msgspec

from careline.accounts import queries as accounts
from careline.accounts.actor import SYSTEM
from careline.customers import describing
from careline.customers.describing import Said
from careline.customers.identities import Given, known
from careline.kit.refusals import Refused
from careline.tracking import limits, naming
from careline.tracking.importing import becoming, cells, formats
from careline.tracking.importing.columns import Columns
from careline.tracking.importing.landing import Outcome, Refusal
from careline.tracking.importing.rows import Wrong, sound, written
from careline.tracking.meaning import at
from careline.tracking.shapes import Json


class Reader:
    """What a row says of whom; or which column was wrong, and how: then nothing of the row is taken."""

    def __init__(self, columns: Columns) -> None:
        self.columns, self.zone = columns, ZoneInfo(columns.zone)
        self.kept = becoming.kept(columns.attributes)
        self.country = accounts.organization().country

    def read(self, row: Json) -> Said:
        columns = self.columns
        who = written(row, columns.person, limits.ID)
        try:
            name = known(Given(columns.person_kind, who), country=self.country)
        except Refused:
            raise Wrong(columns.person, "no_name") from None
        found = {
            kept.name: cells.value(kept, column, at(row, column), columns.order, self.zone)
            for column, kept in self.kept.items()
        }
        if not columns.clear_empty:
            found = {name: value for name, value in found.items() if value is not None}
        return Said(name.place, name.original, found)


class Latest:
    """Which rows a later one stands for; on the disk, since a file may hold more than the memory."""

    def __init__(self) -> None:
        self.rows = sqlite3.connect("", isolation_level=None)
        self.rows.execute("PRAGMA journal_mode = OFF")
        self.rows.execute("CREATE TABLE last (key TEXT PRIMARY KEY, row INTEGER NOT NULL) WITHOUT ROWID")
        self.rows.execute("CREATE TABLE earlier (row INTEGER PRIMARY KEY)")
        self.rows.execute("BEGIN")

    def note(self, key: str, row: int) -> None:
        before = self.rows.execute("SELECT row FROM last WHERE key = ?", [key]).fetchone()
        self.rows.execute("INSERT OR REPLACE INTO last VALUES (?, ?)", [key, row])
        if before is not None:
            self.rows.execute("INSERT INTO earlier VALUES (?)", before)

    def earlier(self, rows: range) -> set[int]:
        asked = "SELECT row FROM earlier WHERE row >= ? AND row < ?"
        return {row for (row,) in self.rows.execute(asked, [rows.start, rows.stop])}

    def close(self) -> None:
        self.rows.close()


class Row(msgspec.Struct, frozen=True):
    number: int
    said: Said
    # A later row says what is of this customer.
    is_earlier: bool


class Profiles:
    def __init__(self, columns: Columns, source: str) -> None:
        self.columns, self.source = columns, source
        self.reader = Reader(columns)
        self.latest = Latest()

    def prepare(self, pieces: Iterator[Sequence[formats.Row]]) -> None:
        """Whom each row names: of several that name one customer, under whichever id, the last lands."""
        first = 0
        for piece in pieces:
            rows, _refused = said(piece, self.reader)
            owners = describing.roots([one.place for _n, _number, one in rows])
            for n, _number, one in rows:
                root = owners.get(one.place)
                self.latest.note(str(root) if root is not None else "\0".join(("", *one.place)), first + n)
            first += len(piece)

    def read(self, first: int, piece: Sequence[formats.Row]) -> tuple[list[Row], list[Refusal]]:
        rows, refused = said(piece, self.reader)
        earlier = self.latest.earlier(range(first, first + len(piece)))
        return [Row(number, one, first + n in earlier) for n, number, one in rows], refused

    def make_room(self, taken: list[Row]) -> None:
        """Nothing goes onto the line that needs any."""

    def land(self, taken: list[Row]) -> Outcome:
        rows = [one for one in taken if not one.is_earlier]
        became = naming.held(
            lambda _may_join: describing.describe_many(
                [one.said for one in rows], actor=SYSTEM, source=self.source, make=self.columns.new_customers
            )
        )
        changed = sum(one.made or bool(one.changes) for one in became)
        unknown = [row.number for row, one in zip(rows, became, strict=True) if one.person is None]
        return Outcome(
            added=changed,
            repeated=len(rows) - changed - len(unknown),
            superseded=len(taken) - len(rows),
            made=sum(one.made for one in became),
            refused=[(number, self.columns.person, "nobody") for number in unknown],
        )

    def close(self) -> None:
        self.latest.close()


def said(piece: Sequence[formats.Row], reader: Reader) -> tuple[list[tuple[int, int, Said]], list[Refusal]]:
    """Each with its place in the piece and its number."""
    found: list[tuple[int, int, Said]] = []
    refused: list[Refusal] = []
    for n, (number, row) in enumerate(piece):
        try:
            found.append((n, number, reader.read(sound(row))))
        except Wrong as wrong:
            refused.append((number, wrong.field, wrong.reason))
        except (Refused, ValueError, RecursionError):
            refused.append((number, "", "unstorable"))
    return found, refused
