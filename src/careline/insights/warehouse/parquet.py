"""Parquet for whoever brings files onto the line: the columnar engine is known to the warehouse alone."""

from __future__ import annotations

import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path

from careline.insights.warehouse import engine
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


def register() -> None:
    formats.register("parquet", rows)
