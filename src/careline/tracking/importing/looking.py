"""The first rows of a file, before anybody said what they mean."""

from __future__ import annotations

from pathlib import Path

import msgspec
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.kit.refusals import Refused
from careline.tracking.importing import becoming, columns, formats
from careline.tracking.importing.columns import Columns, Form
from careline.tracking.models import Import
from careline.tracking.shapes import Json

ROWS = 100
LATELY = 20


def format_of(name: str) -> str:
    found = formats.of_name(name)
    if not found and name.lower().endswith((".zip", ".xlsx", ".xls", ".ods", ".7z", ".rar", ".tar", ".tgz")):
        raise Refused(
            _("Archives and workbooks are not read. Unpack it, or save its sheet as CSV, and bring that."), field="file"
        )
    if not found:
        raise Refused(
            _("The name of the file must end in .csv, .jsonl, .xes or .parquet, or in .gz after it."), field="file"
        )
    return found


def first_rows(path: Path, format: str) -> list[Json]:
    """The first that are any."""
    found = [row for _number, row in first(path, format) if isinstance(row, dict)]
    if not found:
        raise Refused(_("There is no row in this file."), field="file")
    return found


def guess(found: list[Json], form: Form | None = None) -> Columns:
    """As the last file of such columns was taken, where one was: a warehouse brings the same each night."""
    names = formats.columns(found)
    if form in (None, "profiles"):
        for one in Import.objects.filter(columns__form="profiles").order_by("-pk")[:LATELY]:
            before = msgspec.convert(one.columns, Columns)
            used = {before.person, *before.left_out, *(into.column for into in before.attributes)}
            if used == set(names) and _still_fits(before):
                if before.order == "auto":
                    before.order = columns.order_in(found)
                return before
    return columns.guessed(names, found, accounts.organization().zone, form)


def _still_fits(before: Columns) -> bool:
    try:
        return not any(kept.is_new for kept in becoming.kept(before.attributes).values())
    except Refused:
        return False


def first(path: Path, format: str) -> list[formats.Row]:
    """Good ones and others, until there are enough of the good."""
    found: list[formats.Row] = []
    good = 0
    for number, row in formats.rows(path, format):
        found.append((number, row))
        good += isinstance(row, dict)
        if good == ROWS or len(found) > 10 * ROWS:
            break
    return found
