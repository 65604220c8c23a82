"""Tables as files: CSV, a workbook, or Parquet for a warehouse; all of them hold the same."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from careline.customers.sheets import cells
from careline.insights.warehouse import parquet
from careline.kit import tables
from careline.kit.refusals import Refused
from careline.kit.tables import Table

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "parquet": "application/vnd.apache.parquet",
}
FORMATS = tuple(TYPES)
_PIECE = 64 * 1024


def pieces(table: Table, format: str) -> Iterator[bytes]:
    """What could not be written is refused before the first of them."""
    if format == "csv":
        return _csv(table)
    room = tempfile.TemporaryDirectory(prefix="careline-table-")
    try:
        path = Path(room.name) / "table"
        if format == "parquet":
            parquet.write_table(table, path, Path(room.name))
        else:
            with path.open("wb") as out:
                tables.workbook(table, out)
    except tables.TooManyRows:
        room.cleanup()
        raise Refused(
            _("A workbook holds at most %(most)s rows; take CSV or Parquet.") % {"most": f"{tables.MOST_ROWS:,}"}
        ) from None
    except BaseException:
        room.cleanup()
        raise
    return _read(path, room)


def _csv(table: Table) -> Iterator[bytes]:
    yield cells.line([one.name for one in table.columns]).encode()
    for row in table.rows:
        yield cells.line([tables.written(one) for one in row]).encode()


def _read(path: Path, room: tempfile.TemporaryDirectory[str]) -> Iterator[bytes]:
    with room, path.open("rb") as file:
        while piece := file.read(_PIECE):
            yield piece
