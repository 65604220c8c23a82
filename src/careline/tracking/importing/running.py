"""A file on its way, in pieces: each lands in one transaction together with how far the file has come.

Whoever is killed in the middle begins behind the last piece that landed. What landed by an earlier file, or by this
one under the same id, is counted and not taken again.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from django.db import OperationalError, transaction
from django.utils.translation import gettext as _

from careline.files import actions as files
from careline.files import storage
from careline.kit import clock, outages
from careline.kit.refusals import Refused, TooMany
from careline.tracking import hot
from careline.tracking.importing import formats, moments
from careline.tracking.importing import landing as landings
from careline.tracking.importing.columns import Columns
from careline.tracking.importing.landing import Landing, Refusal
from careline.tracking.importing.moments import Moments
from careline.tracking.importing.profiles import Profiles
from careline.tracking.models import Import, RefusedRow

PIECE = 500
TRIES = 4
Told = Callable[[Import], Any]


class Elsewhere(Exception):
    """Somebody else has taken it further meanwhile."""


class Leaving(Exception):
    """The worker is told to go; whoever comes next goes on behind what landed."""


def run(imported: Import, path: Path, told: Told) -> Import:
    """All that is left of it; what cannot be read to its end fails with a sentence, and what landed stays."""
    if imported.state != Import.State.RUNNING:
        return imported
    try:
        for now in _pieces(imported, path, told):
            told(now)
    except Elsewhere:
        return Import.objects.get(pk=imported.pk)
    except Refused as refusal:
        return ended(imported.pk, Import.State.FAILED, str(refusal))
    except (OSError, sqlite3.OperationalError, OperationalError) as error:
        if not _is_full(error):
            raise
        return ended(imported.pk, Import.State.FAILED, _("The disk is full. What landed before stays."))
    return ended(imported.pk, Import.State.DONE, "")


def _pieces(imported: Import, path: Path, told: Told) -> Iterator[Import]:
    landing = _landing(imported)
    try:
        landing.prepare(_looked_through(imported, path, told))
        passed = formats.Passed()
        size = path.stat().st_size
        left = formats.rows(path, imported.format, passed)
        behind, first = islice(left, imported.read), 0
        while piece := list(islice(behind, PIECE)):
            landing.read(first, piece)
            first += len(piece)
        while piece := list(islice(left, PIECE)):
            taken, refused = landing.read(first, piece)
            landing.make_room(taken)
            rows, far = range(first, first + len(piece)), round(passed.share * size)
            yield _patiently(partial(_landed, imported.pk, landing, rows, far, taken, refused))
            first = rows.stop
    finally:
        landing.close()


def _landing(imported: Import) -> Landing:
    if (making := landings.of_form(imported.form)) is not None:
        return making(imported.columns, imported.pk)
    columns = msgspec.convert(imported.columns, Columns)
    if columns.form == "profiles":
        return Profiles(columns, f"import:{imported.pk}")
    assert imported.source is not None
    source = hot.source_of(imported.source.key)
    if source is None:
        raise Refused(_("The source of this import is archived."))
    return Moments(source, moments.reader_of(columns, source, imported.created_at))


def _looked_through(imported: Import, path: Path, told: Told) -> Iterator[list[formats.Row]]:
    """The whole file, for whoever must know the end of it first; also this is stopped."""
    rows = formats.rows(path, imported.format)
    while piece := list(islice(rows, PIECE)):
        yield piece
        if not Import.objects.filter(pk=imported.pk, state=Import.State.RUNNING).exists():
            raise Elsewhere
        told(imported)


def _patiently(land: Callable[[], Import]) -> Import:
    """The same customers may be busy elsewhere for a moment."""
    for attempt in range(TRIES):
        try:
            return land()
        except TooMany:
            time.sleep(2**attempt)
    return land()


def _landed(
    import_id: int, landing: Landing, rows: range, far: int, taken: list[Any], refused: list[Refusal]
) -> Import:
    with transaction.atomic():
        imported = Import.objects.select_for_update().get(pk=import_id)
        if imported.state != Import.State.RUNNING or imported.read != rows.start:
            raise Elsewhere
        outcome = landing.land(taken)
        refused = [*refused, *outcome.refused]
        RefusedRow.objects.bulk_create(
            RefusedRow(imported=imported, row=row, field=field[:200], reason=reason) for row, field, reason in refused
        )
        imported.read, imported.passed, imported.tries = rows.stop, far, 0
        imported.added += outcome.added
        imported.repeated += outcome.repeated
        imported.superseded += outcome.superseded
        imported.made += outcome.made
        imported.refused += len(refused)
        imported.save(update_fields=["read", "passed", "tries", "added", "repeated", "superseded", "made", "refused"])
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
