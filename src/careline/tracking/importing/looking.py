"""The first rows of a file, before anybody said what they mean."""

from __future__ import annotations

from pathlib import Path

from django.utils.translation import gettext as _

from careline.kit.refusals import Refused
from careline.tracking.importing import formats
from careline.tracking.shapes import Json

ROWS = 100


def format_of(name: str) -> str:
    found = formats.of_name(name)
    if not found:
        raise Refused(
            _("The name of the file must end in .csv, .jsonl, .xes or .parquet, or in .gz after it."), field="file"
        )
    return found


def first_rows(path: Path, format: str) -> list[Json]:
    """The first that are any."""
    found: list[Json] = []
    for number, row in formats.rows(path, format):
        if isinstance(row, dict):
            found.append(row)
        if len(found) == ROWS or number > 10 * ROWS:
            break
    if not found:
        raise Refused(_("There is no row in this file."), field="file")
    return found
