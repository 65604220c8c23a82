"""Parquet, read for whoever brings files onto the line and written for other warehouses."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from careline.insights.warehouse import engine
from careline.insights.warehouse.dialects.duckdb import lines as sql
from careline.insights.warehouse.engine import Connection, quoted
from careline.insights.warehouse.sight import Sight
from careline.kit.refusals import Refused
from careline.tracking.importing import formats

_AT_ONCE = 500


def rows(path: Path, passed: formats.Passed) -> Iterator[formats.Row]:
    import duckdb

    with (
        tempfile.TemporaryDirectory(prefix="careline-import-") as room,
        engine.opened(memory=None, room=Path(room)) as conn,
    ):
        try:
            counted = conn.execute("SELECT sum(num_rows) FROM parquet_file_metadata(?)", [str(path)]).fetchone()
            total = max(1, counted[0] or 0) if counted else 1
            found = conn.execute("SELECT * FROM read_parquet(?)", [str(path)])
            header = [one[0] for one in found.description or []]
            numbers = itertools.count(1)
            seen = 0
            passed.measure = lambda: seen / total
            while piece := found.fetchmany(_AT_ONCE):
                seen += len(piece)
                for cells in piece:
                    yield next(numbers), dict(zip(header, cells, strict=True))
        except duckdb.Error as error:
            raise formats.unreadable(error) from None


def write(conn: Connection, sight: Sight, path: Path) -> tuple[int, int]:
    """Into a file that is there and empty; returns how many moments of how many customers."""
    import duckdb

    try:
        conn.execute(sql.WRITE.format(moments=sight.moments(), path=quoted(str(path))), sight.given())
    except duckdb.IOException as error:
        told = _("%(path)s cannot be written: %(why)s.")
        raise Refused(told % {"path": path, "why": str(error).splitlines()[0].rstrip(".")}) from None
    [(moments, customers)] = conn.execute(sql.WRITTEN.format(path=quoted(str(path)))).fetchall()
    return moments, customers


def register() -> None:
    formats.register("parquet", rows)
