"""Tables on their way out, column by column with a type, and as a workbook: what a cell holds is never a formula."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import IO, Any, Literal
from xml.sax.saxutils import escape

import msgspec

Type = Literal["text", "integer", "number", "moment", "yes"]
# What a sheet of a workbook holds; and beyond so many digits a program for them writes another number.
MOST_ROWS = 1_048_576
_EXACT = 10**15
# What XML cannot hold, carriage returns it would turn, and what looks like one of these escaped.
_UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff\ud800-\udfff]|_x[0-9A-Fa-f]{4}_")


class Column(msgspec.Struct, frozen=True):
    name: str
    type: Type = "text"


class Table(msgspec.Struct, frozen=True):
    """Rows are read once; None is an empty cell."""

    columns: list[Column]
    rows: Iterator[list[Any]]


class TooManyRows(Exception):
    """More than a sheet holds."""


def written(value: Any) -> str:
    """As text, from which the same value is read again."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return value.isoformat()
    return repr(value) if isinstance(value, float) else str(value)


def workbook(table: Table, out: IO[bytes], *, title: str = "Sheet") -> None:
    """One sheet, row by row: memory does not grow with it."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in _AROUND.items():
            book.writestr(name, _HEAD + content.replace("TITLE", escape(title[:31], {'"': "&quot;"})))
        with book.open("xl/worksheets/sheet1.xml", "w") as sheet:
            sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
            sheet.write(_row([one.name for one in table.columns]))
            for n, row in enumerate(table.rows, 2):
                if n > MOST_ROWS:
                    raise TooManyRows
                sheet.write(_row(row))
            sheet.write(b"</sheetData></worksheet>")


def _row(cells: Iterable[Any]) -> bytes:
    return f"<row>{''.join(map(_cell, cells))}</row>".encode()


def _cell(value: Any) -> str:
    if value is None:
        return "<c/>"
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if is_number and (isinstance(value, float) or abs(value) < _EXACT):
        return f"<c><v>{value!r}</v></c>"
    told = _UNFIT.sub(_escaped, written(value))
    return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(told)}</t></is></c>'


def _escaped(found: re.Match[str]) -> str:
    return f"_x{ord(found[0][0]):04X}_{found[0][1:]}"


_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKED = "http://schemas.openxmlformats.org/package/2006"
_BOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_AROUND = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKED}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_BOOK}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_BOOK}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKED}/relationships">'
    f'<Relationship Id="rId1" Type="{_TYPE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_TYPE}">'
    '<sheets><sheet name="TITLE" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKED}/relationships">'
    f'<Relationship Id="rId1" Type="{_TYPE}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}
