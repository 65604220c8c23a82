"""Tables as files: every format holds the same, and a cell is never a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, datetime
from xml.etree import ElementTree

import pytest

from careline.customers.sheets import cells
from careline.insights import tables
from careline.kit.tables import Column, Table
from careline.tracking.importing import formats

AT = datetime(2026, 3, 1, 9, 0, 0, 123456, tzinfo=UTC)
COLUMNS = [
    Column("id"), Column("score", "integer"), Column("share", "number"), Column("at", "moment"), Column("done", "yes"),
]  # fmt: skip
ROWS = [
    ["=1+1", 0, 0.1 + 0.2, AT, True],
    ['\'@x "q", _x0041_ \x07\r\n\tسلام <&>', None, -1e-17, None, False],
    ["-9", 10**15 - 1, None, AT, None],
]


def bytes_of(format: str) -> bytes:
    return b"".join(tables.pieces(Table(COLUMNS, iter(ROWS)), format))


def test_csv_gives_back_every_byte():
    head, *rows = csv.reader(io.StringIO(bytes_of("csv").decode(), newline=""))
    assert head == ["id", "score", "share", "at", "done"]
    assert rows[0][0] == "'=1+1"  # harmless to a spreadsheet
    assert [[cells.restored(one) for one in row] for row in rows] == [
        ["=1+1", "0", repr(0.1 + 0.2), AT.isoformat(), "yes"],
        [ROWS[1][0], "", "-1e-17", "", "no"],
        ["-9", "999999999999999", "", AT.isoformat(), ""],
    ]


def test_a_workbook_holds_text_as_text_and_numbers_with_all_their_digits():
    with zipfile.ZipFile(io.BytesIO(bytes_of("xlsx"))) as book:
        assert book.testzip() is None
        sheet = ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml"))
    space = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
    assert not list(sheet.iter(f"{space}f"))
    rows = [
        [(cell.get("t"), "".join(cell.itertext())) for cell in row.iter(f"{space}c")]
        for row in sheet.iter(f"{space}row")
    ]
    assert rows[1][:3] == [("inlineStr", "=1+1"), (None, "0"), (None, repr(0.1 + 0.2))]
    assert rows[2][0] == ("inlineStr", '\'@x "q", _x005F_x0041_ _x0007__x000D_\n\tسلام <&>')
    assert rows[2][1] == (None, "")


def test_parquet_keeps_types_and_values(tmp_path):
    path = tmp_path / "table.parquet"
    path.write_bytes(bytes_of("parquet"))
    found = [list(row.values()) for _number, row in formats.rows(path, "parquet") if isinstance(row, dict)]
    assert found == ROWS


@pytest.mark.parametrize("format", tables.FORMATS)
def test_a_table_without_rows_still_names_its_columns(format):
    assert b"".join(tables.pieces(Table(COLUMNS, iter([])), format))
