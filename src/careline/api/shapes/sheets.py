"""Files of customers taken in."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec
from msgspec import Meta


class Importing(msgspec.Struct, frozen=True):
    """A file as text, of at most 1 MB and 2,000 rows."""

    text: str
    format: Literal["csv", "vcard"] = "csv"
    columns: Annotated[
        list[str] | None,
        Meta(
            description="What each column holds: name, email, phone, external_id, company, language, zone,"
            " attribute:NAME, or nothing. Left out, it is guessed from the first line."
        ),
    ] = None
    dry_run: Annotated[bool, Meta(description="Only say what would become of the rows.")] = False


class RefusedRow(msgspec.Struct, frozen=True):
    """A row that was not taken: its number in the file, and why."""

    row: int
    why: str


class ImportReport(msgspec.Struct, frozen=True):
    """What became of the rows."""

    rows: int
    new: int
    changed: Annotated[int, Meta(description="Known before; the row said more of them.")]
    known: Annotated[int, Meta(description="Known before, and nothing new.")]
    refused: list[RefusedRow]
    columns: Annotated[list[str], Meta(description="What each column was taken for.")]
