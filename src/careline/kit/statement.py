"""One hot SQL statement, two drivers: the synchronous action and the raw ASGI door run the same text."""

from __future__ import annotations

import re
import time
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

import msgspec
import psycopg
from django.db import connection
from psycopg.raw_cursor import AsyncRawCursor, RawCursor
from psycopg.rows import args_row

Row = TypeVar("Row", bound=msgspec.Struct)
_NAMED = re.compile(r"%\((\w+)\)s")
_NUMBERS = re.compile(r"%\((\w+)\)s::bigint\[\]")
_TEXTS = re.compile(r"%\((\w+)\)s::(?:text|uuid)\[\]")


def _texts(values: Iterable[object] | None) -> str | None:
    """The same for texts and UUIDs: PostgreSQL's own way of writing a list of them."""
    if values is None:
        return None
    given = [None if one is None else str(one) for one in values]
    if not given:
        return "{}"
    if None not in given:
        plain = '","'.join(given)  # type: ignore[arg-type]  # looked for just now
        if "\\" not in plain and plain.count('"') == 2 * (len(given) - 1):
            return f'{{"{plain}"}}'
    written = ["NULL" if one is None else '"' + one.replace("\\", "\\\\").replace('"', '\\"') + '"' for one in given]
    return f"{{{','.join(written)}}}"


class Statement(Generic[Row]):
    """SQL with %(name)s parameters whose columns fill `row` in order; prepared on the server after its first use.

    Written once as $1, $2 …, so that nothing is parsed again in Python at each call. Parameters that can be of several
    PostgreSQL types carry a cast in the text. Answers come in PostgreSQL's binary form, which costs a third of reading
    text; what the driver knows no binary form of is asked for as text: `facts::text`, `xid::text`.
    """

    __slots__ = ("_factory", "_numbers", "_texts", "names", "row", "text")

    def __init__(self, sql: str, row: type[Row]) -> None:
        self.names: tuple[str, ...] = tuple(dict.fromkeys(_NAMED.findall(sql)))
        place = {name: f"${n}" for n, name in enumerate(self.names, 1)}
        self.text = " ".join(_NAMED.sub(lambda found: place[found[1]], sql).split())
        # Lists of ids are written out here: the driver looks at each member to find the narrowest type for all of them.
        self._numbers = frozenset(_NUMBERS.findall(sql))
        self._texts = frozenset(_TEXTS.findall(sql))
        self.row = row
        self._factory = args_row(row)

    def _values(self, given: dict[str, Any]) -> tuple[Any, ...]:
        numbers, texts = self._numbers, self._texts
        return tuple([
            (None if given[name] is None else f"{{{','.join(map(str, given[name]))}}}") if name in numbers
            else _texts(given[name]) if name in texts
            else given[name]
            for name in self.names
        ])  # fmt: skip

    def _ask(self, given: dict[str, Any]) -> RawCursor[Row]:
        connection.ensure_connection()
        began = time.perf_counter()
        with connection.wrap_database_errors:
            cursor: RawCursor[Row] = RawCursor(connection.connection, row_factory=self._factory)
            cursor.execute(self.text.encode(), self._values(given), prepare=True, binary=True)
        if connection.queries_logged:
            connection.queries_log.append({"sql": self.text, "time": f"{time.perf_counter() - began:.3f}"})
        return cursor

    def one(self, **given: Any) -> Row | None:
        with self._ask(given) as cursor:
            return cursor.fetchone()

    def all(self, **given: Any) -> list[Row]:
        with self._ask(given) as cursor:
            return cursor.fetchall()

    def each(self, given: Iterable[dict[str, Any]]) -> None:
        """For every one of them, sent without waiting in between; what comes back is not looked at."""
        values = [self._values(one) for one in given]
        connection.ensure_connection()
        with connection.wrap_database_errors, RawCursor(connection.connection) as cursor:
            cursor.executemany(self.text.encode(), values)
        if connection.queries_logged:
            connection.queries_log.append({"sql": self.text, "time": f"{len(values)} at once"})

    async def aone(self, conn: psycopg.AsyncConnection[Any], **given: Any) -> Row | None:
        async with AsyncRawCursor(conn, row_factory=self._factory) as cursor:
            await cursor.execute(self.text.encode(), self._values(given), prepare=True, binary=True)
            return await cursor.fetchone()

    async def aall(self, conn: psycopg.AsyncConnection[Any], **given: Any) -> list[Row]:
        async with AsyncRawCursor(conn, row_factory=self._factory) as cursor:
            await cursor.execute(self.text.encode(), self._values(given), prepare=True, binary=True)
            return await cursor.fetchall()
