"""Parquet, read for whoever brings files onto the line and written for other warehouses."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import msgspec
from django.utils.translation import gettext as _

from careline.insights.warehouse import engine
from careline.insights.warehouse.dialects.duckdb import lines as sql
from careline.insights.warehouse.engine import Connection, quoted
from careline.insights.warehouse.sight import Sight
from careline.kit.refusals import Refused
from careline.kit.tables import Table
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
            zoned = _zoned(conn, path)
            found = conn.execute(f"SELECT {_plainly(zoned)} FROM read_parquet(?)", [str(path)])
            header = [one[0] for one in found.description or []]
            numbers = itertools.count(1)
            seen = 0
            passed.measure = lambda: seen / total
            while piece := found.fetchmany(_AT_ONCE):
                seen += len(piece)
                for cells in piece:
                    row = dict(zip(header, cells, strict=True))
                    for name in zoned:
                        row[name] = row[name] and row[name].replace(tzinfo=UTC)
                    yield next(numbers), row
        except duckdb.Error as error:
            raise formats.unreadable(error) from None


def _zoned(conn: Connection, path: Path) -> list[str]:
    """Columns of moments with a zone, which the engine hands out only with a library nobody else needs."""
    told = conn.execute("DESCRIBE SELECT * FROM read_parquet(?)", [str(path)]).fetchall()
    return [name for name, type, *_rest in told if type == "TIMESTAMP WITH TIME ZONE"]


def _plainly(zoned: list[str]) -> str:
    names = ", ".join(f"{named_as(one)} AT TIME ZONE 'UTC' AS {named_as(one)}" for one in zoned)
    return f"* REPLACE ({names})" if zoned else "*"


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


_TYPES = {"text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "moment": "TIMESTAMPTZ", "yes": "BOOLEAN"}


def write_table(table: Table, path: Path, room: Path) -> None:
    """Into a file that is not there yet; rows pass through the folder `room`, so that memory does not grow."""
    lines = room / "rows.json"
    with lines.open("wb") as out:
        for row in table.rows:
            out.write(msgspec.json.encode({f"c{n}": one for n, one in enumerate(row)}) + b"\n")
    typed = ", ".join(f"'c{n}': '{_TYPES[one.type]}'" for n, one in enumerate(table.columns))
    named = ", ".join(f"c{n} AS {named_as(one.name)}" for n, one in enumerate(table.columns))
    with engine.opened(memory=None, room=room) as conn:
        conn.execute(
            f"COPY (SELECT {named} FROM read_json({quoted(str(lines))}, format = 'newline_delimited', "
            f"columns = {{{typed}}})) TO {quoted(str(path))} (FORMAT parquet)"
        )


def named_as(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def register() -> None:
    formats.register("parquet", rows)
