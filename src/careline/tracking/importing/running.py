"""A file on its way to the line, in pieces: each lands in one transaction together with how far the file has come.

Whoever is killed in the middle begins behind the last piece that landed. What landed by an earlier file, or by this
one under the same id, is counted and not taken again.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from careline.files import actions as files
from careline.files import storage
from careline.kit import clock, ids, outages
from careline.kit.refusals import Refused, TooMany
from careline.touchpoints.partitions import ensure_partitions
from careline.tracking import hot, mapping
from careline.tracking.importing import events, formats
from careline.tracking.importing.columns import Columns
from careline.tracking.importing.rows import Reader, Wrong
from careline.tracking.models import Import, RefusedRow
from careline.tracking.shapes import Event, Json

PIECE = 500
# Older history lies in the open end of the line; a table for each of its months would cost every question.
YEARS = 5
TRIES = 4
Told = Callable[[Import], Any]
AnyReader = Reader | events.Reader


class Elsewhere(Exception):
    """Somebody else has taken it further meanwhile."""


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


class Leaving(Exception):
    """The worker is told to go; whoever comes next goes on behind what landed."""


def run(imported: Import, path: Path, told: Told) -> Import:
    """All that is left of it; what cannot be read to its end fails with a sentence, and what landed stays."""
    if imported.state != Import.State.RUNNING:
        return imported
    seen = Occurrences()
    try:
        for now in _pieces(imported, path, seen):
            told(now)
    except Elsewhere:
        return Import.objects.get(pk=imported.pk)
    except Refused as refusal:
        return ended(imported.pk, Import.State.FAILED, str(refusal))
    except (OSError, sqlite3.OperationalError, OperationalError) as error:
        if not _is_full(error):
            raise
        return ended(imported.pk, Import.State.FAILED, _("The disk is full. What landed before stays."))
    finally:
        seen.close()
    return ended(imported.pk, Import.State.DONE, "")


def reader_of(columns: Columns, source: hot.Source, at: datetime) -> AnyReader:
    rules = mapping.rules(source.rules)
    if columns.form == "events":
        return events.Reader(rules, source.currency, at)
    return Reader(columns, rules, source.currency, at)


def _pieces(imported: Import, path: Path, seen: Occurrences) -> Iterator[Import]:
    assert imported.source is not None
    source = hot.source_of(imported.source.key)
    if source is None:
        raise Refused(_("The source of this import is archived."))
    reader = reader_of(msgspec.convert(imported.columns, Columns), source, imported.created_at)
    passed = formats.Passed()
    size = path.stat().st_size
    left = formats.rows(path, imported.format, passed)
    now = imported.read
    behind = islice(left, now)
    while piece := list(islice(behind, PIECE)):
        read(piece, reader, seen, source)  # what came before counts where rows are alike
    while piece := list(islice(left, PIECE)):
        taken, refused = read(piece, reader, seen, source)
        rows, far = range(now, now + len(piece)), round(passed.share * size)
        yield _patiently(partial(_landed, imported.pk, source, rows, far, taken, refused))
        now = rows.stop


def read(
    piece: list[formats.Row], reader: AnyReader, seen: Occurrences, source: hot.Source
) -> tuple[list[hot.Entry], list[tuple[int, str, str]]]:
    at = clock.now().isoformat()
    taken: list[hot.Entry] = []
    refused: list[tuple[int, str, str]] = []
    for (number, row), id in zip(piece, ids.many(len(piece)), strict=True):
        try:
            event, told, by_content = one(row, reader)
            if by_content:
                event.message_id = seen.number(event.message_id)
            taken.append(hot.entry(event, told, id, source=source.name, recorded_at=at))
        except Wrong as wrong:
            refused.append((number, wrong.field, wrong.reason))
        except (Refused, ValueError, RecursionError):
            refused.append((number, "", "unstorable"))
    return taken, refused


def one(row: Json | str, reader: AnyReader) -> tuple[Event, mapping.Told, bool]:
    """What a row is, or Wrong for one that is none."""
    if isinstance(row, str):
        raise Wrong("", row)
    return reader.read(row)


def _patiently(land: Callable[[], Import]) -> Import:
    """The same customers may be busy elsewhere for a moment."""
    for attempt in range(TRIES):
        try:
            return land()
        except TooMany:
            time.sleep(2**attempt)
    return land()


def _landed(
    import_id: int,
    source: hot.Source,
    rows: range,
    far: int,
    taken: list[hot.Entry],
    refused: list[tuple[int, str, str]],
) -> Import:
    if taken:
        oldest = min(entry.event.occurred_at for entry in taken).date()
        today = clock.now().date()
        ensure_partitions(max(oldest, today.replace(year=today.year - YEARS, day=1)), today)
    with transaction.atomic():
        imported = Import.objects.select_for_update().get(pk=import_id)
        if imported.state != Import.State.RUNNING or imported.read != rows.start:
            raise Elsewhere
        outcome = hot.land(source, [hot.Read(clock.now(), taken, [])]) if taken else hot.Taken()
        RefusedRow.objects.bulk_create(
            RefusedRow(imported=imported, row=row, field=field[:200], reason=reason) for row, field, reason in refused
        )
        imported.read, imported.passed, imported.tries = rows.stop, far, 0
        imported.added += outcome.accepted
        imported.repeated += outcome.repeated
        imported.refused += len(refused)
        imported.save(update_fields=["read", "passed", "tries", "added", "repeated", "refused"])
    return imported


def ended(import_id: int, state: Import.State, error: str) -> Import:
    """Its file goes once nobody needs it; of one that did not come to its end it stays for a while, to go on."""
    with transaction.atomic():
        imported = Import.objects.select_for_update().get(pk=import_id)
        if imported.state == Import.State.RUNNING:
            imported.state, imported.error, imported.ended_at = state, error, clock.now()
            if state == Import.State.DONE and imported.file_id is not None:
                files.discard([imported.file_id])
                imported.file_id = None
            imported.save(update_fields=["state", "error", "ended_at", "file_id"])
    return imported


def _is_full(error: BaseException) -> bool:
    return storage.is_full(error) or outages.is_full(error) or "disk is full" in str(error)
