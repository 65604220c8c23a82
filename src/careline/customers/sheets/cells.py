"""Cells of a CSV file: what a spreadsheet takes for a formula is made harmless going out and restored coming in."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

import msgspec
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused, TooLarge

LARGEST = 1024 * 1024
MOST_ROWS = 2000
MOST_COLUMNS = 100
# Also behind apostrophes, so that one which was there before is told from the one that was put there.
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_QUOTED = re.compile(r"'+[=+\-@\t\r]")


class Table(msgspec.Struct, frozen=True):
    heads: list[str]
    rows: list[list[str]]


def harmless(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def restored(cell: str) -> str:
    return cell[1:] if _QUOTED.match(cell) else cell


def line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([harmless(one) for one in cells])
    return out.getvalue()


def table(raw: bytes) -> Table:
    """In any of the usual encodings, parted by commas, semicolons or tabs; the first line names the columns."""
    if len(raw) > LARGEST:
        raise TooLarge(_("A file may have at most 1 MB."), field="file")
    text = _decoded(raw)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        lines = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter, strict=True) if any(row)]
    except csv.Error as error:
        raise Refused(_("This is no CSV file: %(why)s.") % {"why": error}, field="file") from None
    if len(lines) < 2:
        raise Refused(_("The file has no rows below its first line."), field="file")
    if len(lines) > MOST_ROWS + 1:
        raise Refused(_("A file has at most %(most)s rows; part it.") % {"most": MOST_ROWS}, field="file")
    if len(lines[0]) > MOST_COLUMNS:
        raise Refused(_("A file has at most %(most)s columns.") % {"most": MOST_COLUMNS}, field="file")
    return Table([one.strip() for one in lines[0]], [_row(one) for one in lines[1:]])


def _row(cells: Sequence[str]) -> list[str]:
    return [restored(one) for one in cells]


def _decoded(raw: bytes) -> str:
    codec = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(codec)
    except UnicodeDecodeError:
        text = raw.decode("cp1252", errors="replace")
    if "\0" in text:
        raise Refused(_("This is no CSV file: %(why)s.") % {"why": "NUL"}, field="file")
    return text
