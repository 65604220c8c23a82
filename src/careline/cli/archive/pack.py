"""Everything into an archive, as of one moment, while the installation goes on working."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import msgspec
from django.conf import settings
from django.db import connection, transaction
from psycopg import sql

from careline.cli.archive import catalog
from careline.cli.archive.format import FORMAT, HEADER, Header, Table, Writer, writing
from careline.files import storage
from careline.kit import clock, schema

PIECE = 4 * 1024 * 1024
# Rows shrink to a fifth at once; more effort takes four times as long for a tenth more.
EFFORT = 3


class Packed(msgspec.Struct, frozen=True):
    rows: int
    files: int
    size: int


def pack(path: Path, wrote: Callable[[int], object]) -> Packed:
    with writing(path, wrote) as archive, transaction.atomic(), connection.cursor() as cursor:
        # The moment. Nobody waits for it, and it waits for nobody.
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        tables = catalog.tables(cursor)
        archive.add(HEADER, msgspec.json.encode(_header(cursor, tables)))
        rows = {table.name: _add_rows(archive, cursor, table) for table in tables}
        files = _add_files(archive)
        archive.finish(rows, files)
    return Packed(sum(rows.values()), files, path.stat().st_size)


def _header(cursor: Any, tables: list[Table]) -> Header:
    cursor.execute("SHOW server_version")
    server = cursor.fetchone()[0]
    return Header(
        format=FORMAT,
        version=version("careline"),
        made_at=clock.now().isoformat(),
        server=server,
        secret_key=settings.SECRET_KEY,
        migrations=sorted(schema.applied()),
        tables=tables,
        # Read after the moment began, so they are never behind its rows.
        sequences=catalog.sequences(cursor),
        months=catalog.months(cursor),
    )


def _add_rows(archive: Writer, cursor: Any, table: Table) -> int:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    out = sql.SQL("COPY (SELECT {} FROM {}) TO STDOUT").format(columns, sql.Identifier(table.name))
    for number, piece in enumerate(_pieces(cursor, out)):
        archive.add(f"tables/{table.name}/{number:06}", zlib.compress(piece, EFFORT))
    return int(cursor.rowcount)


def _pieces(cursor: Any, out: sql.Composed) -> Iterator[bytes]:
    piece = bytearray()
    with cursor.copy(out) as rows:
        for row in rows:
            piece += row
            if len(piece) >= PIECE:
                yield bytes(piece)
                piece.clear()
    if piece:
        yield bytes(piece)


def _add_files(archive: Writer) -> int:
    """As they lie. One that is erased meanwhile is erased; one that comes meanwhile has no row and is cleared away."""
    folder, count = storage.folder(), 0
    if not folder.is_dir():
        return 0
    for place in sorted(folder.rglob("*")):
        if not place.is_file() or place.suffix == ".part":
            continue
        try:
            content = place.read_bytes()
        except FileNotFoundError:
            continue
        archive.add(f"files/{place.relative_to(folder).as_posix()}", content)
        count += 1
    return count
