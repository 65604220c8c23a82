"""One hot SQL statement, two drivers: the synchronous action and the raw ASGI door run the same text."""

from __future__ import annotations

import re
import time
from typing import Any, Generic, TypeVar

import msgspec
import psycopg
from django.db import connection
from psycopg.raw_cursor import AsyncRawCursor, RawCursor
from psycopg.rows import args_row

Row = TypeVar("Row", bound=msgspec.Struct)
_NAMED = re.compile(r"%\((\w+)\)s")
_NUMBERS = re.compile(r"%\((\w+)\)s::bigint\[\]")


class Statement(Generic[Row]):
    """SQL with %(name)s parameters whose columns fill `row` in order; prepared on the server after its first use.

    Written once as $1, $2 …, so that nothing is parsed again in Python at each call. Parameters that can be of several
    PostgreSQL types carry a cast in the text. Answers come in PostgreSQL's binary form, which costs a third of reading
    text; what the driver knows no binary form of is asked for as text: `facts::text`, `xid::text`.
    """

    __slots__ = ("_factory", "_numbers", "names", "row", "text")

    def __init__(self, sql: str, row: type[Row]) -> None:
        self.names: tuple[str, ...] = tuple(dict.fromkeys(_NAMED.findall(sql)))
        place = {name: f"${n}" for n, name in enumerate(self.names, 1)}
        self.text = " ".join(_NAMED.sub(lambda found: place[found[1]], sql).split())
        # Lists of ids are written out here: the driver looks at each member to find the narrowest type for all of them.
        self._numbers = frozenset(_NUMBERS.findall(sql))
        self.row = row
        self._factory = args_row(row)

    def _values(self, given: dict[str, Any]) -> tuple[Any, ...]:
        numbers = self._numbers
        return tuple([
            f"{{{','.join(map(str, given[name]))}}}" if name in numbers else given[name] for name in self.names
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

    async def aone(self, conn: psycopg.AsyncConnection[Any], **given: Any) -> Row | None:
        async with AsyncRawCursor(conn, row_factory=self._factory) as cursor:
            await cursor.execute(self.text.encode(), self._values(given), prepare=True, binary=True)
            return await cursor.fetchone()

    async def aall(self, conn: psycopg.AsyncConnection[Any], **given: Any) -> list[Row]:
        async with AsyncRawCursor(conn, row_factory=self._factory) as cursor:
            await cursor.execute(self.text.encode(), self._values(given), prepare=True, binary=True)
            return await cursor.fetchall()
