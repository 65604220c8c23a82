"""An archive into an empty installation: all of it in one transaction, or nothing."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from psycopg import sql

from careline.cli.archive import catalog
from careline.cli.archive.format import End, Header, Table, members
from careline.files import storage
from careline.kit.refusals import Refused
from careline.touchpoints import partitions

_FILE = re.compile(r"files/((?!\.)[\w.-]+(?:/(?!\.)[\w.-]+)*)")


def unpack(path: Path, header: Header, end: End, read: Callable[[int], object]) -> None:
    """The database has the archive's tables by now, and nobody else is in it."""
    written: list[str] = []
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            _refuse_other_tables(cursor, header)
            with _Bare(cursor, header):
                _fill(cursor, path, header, end, written, read)
            for one in header.sequences:
                cursor.execute("SELECT setval(%s::regclass, %s, %s)", [f'"{one.name}"', one.last, one.called])
    except BaseException:
        for place in written:
            storage.remove(place)
        raise
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _refuse_other_tables(cursor: Any, header: Header) -> None:
    there = {table.name: set(table.columns) for table in catalog.tables(cursor)}
    for table in header.tables:
        lacking = set(table.columns) - there.get(table.name, set())
        if lacking:
            raise Refused(f"This version has no place for {table.name}.{min(lacking)} of the archive.")


class _Bare:
    """Tables without rows, triggers and foreign keys while they are filled; at the end every key is checked at once."""

    def __init__(self, cursor: Any, header: Header) -> None:
        self._cursor = cursor
        self._triggered = catalog.triggered(cursor)
        self._references = catalog.references(cursor)
        self._months = header.months

    def __enter__(self) -> None:
        run = self._cursor.execute
        for table in self._triggered:
            run(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(sql.SQL(table)))
        for table, name, _definition in self._references:
            run(sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(sql.SQL(table), sql.Identifier(name)))
        everything = [sql.Identifier(table.name) for table in catalog.tables(self._cursor)]
        run(sql.SQL("TRUNCATE {}").format(sql.SQL(", ").join(everything)))
        if self._months:
            partitions.ensure_partitions(*(date(int(month[:4]), int(month[5:]), 1) for month in self._months))

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is not None:
            return
        run = self._cursor.execute
        for table, name, definition in self._references:
            added = "ALTER TABLE {} ADD CONSTRAINT {} {}"
            run(sql.SQL(added).format(sql.SQL(table), sql.Identifier(name), sql.SQL(definition)))
        for table in self._triggered:
            run(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(sql.SQL(table)))


def _fill(cursor: Any, path: Path, header: Header, end: End, written: list[str], read: Callable[[int], object]) -> None:
    tables = {table.name: table for table in header.tables}
    for name, pieces in groupby(_contents(path, read), key=lambda member: member[0].rpartition("/")[0]):
        folder, _slash, table = name.partition("/")
        if folder == "tables" and table in tables:
            _load(cursor, tables[table], (content for _name, content in pieces), end.rows[table])
        elif folder == "files":
            for member, content in pieces:
                written.append(_keep(member, content))


def _contents(path: Path, read: Callable[[int], object]) -> Iterator[tuple[str, bytes]]:
    for name, content in members(path):
        yield name, content
        read(len(content))


def _load(cursor: Any, table: Table, pieces: Iterator[bytes], rows: int) -> None:
    columns = sql.SQL(", ").join(map(sql.Identifier, table.columns))
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), columns)
    with cursor.copy(into) as copy:
        for piece in pieces:
            copy.write(zlib.decompress(piece))
    if cursor.rowcount != rows:
        raise Refused(f"{table.name} has {cursor.rowcount} rows of {rows}. Nothing was changed.")


def _keep(member: str, content: bytes) -> str:
    found = _FILE.fullmatch(member)
    if found is None:
        raise Refused(f"The archive names a file {member!r} that is none of Careline's. Nothing was changed.")
    storage.write(found[1], [content])
    return found[1]
