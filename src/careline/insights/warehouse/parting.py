"""What parts the moments a question begins with: the inbox they are in, whose they are, or something of their own.

The copy knows no names for that: they are brought along when it is asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import Literal
from uuid import UUID

import msgspec

from careline.insights.warehouse.dialects.duckdb import parts as sql
from careline.insights.warehouse.engine import Connection

# So many parts keep their names; the others are one.
MOST = 20
_AT_ONCE = 20_000
Column = Literal["inbox", "whose", "id"]
_TYPES: dict[Column, str] = {"inbox": "BIGINT", "whose": "BIGINT", "id": "UUID"}
Names = Iterable[tuple[int | UUID, str]]


class Parting(msgspec.Struct, frozen=True):
    """`names` gives (key, name), of keys it knows; it may look at which moments there are."""

    column: Column
    names: Callable[[Connection], Names]

    def prepare(self, conn: Connection, most: int = MOST) -> str:
        """Once there are `anchors`: how to read each with its part."""
        type = _TYPES[self.column]
        conn.execute(sql.TABLE.format(type=type))
        given = iter(self.names(conn))
        while piece := list(islice(given, _AT_ONCE)):
            keys, names = zip(*piece, strict=True)
            conn.execute(sql.TAKE.format(type=type), {"keys": [_plain(key) for key in keys], "names": list(names)})
        conn.execute(sql.FOLDED.format(column=self.column), {"most": most})
        return sql.PARTS.format(column=self.column)


def anchors(conn: Connection) -> Iterator[tuple[datetime, UUID]]:
    """When and which the moments are that a question begins with."""
    found = conn.execute("SELECT occurred_at, id FROM anchors").fetchall()
    return ((at.replace(tzinfo=UTC), id) for at, id in found)


def count(conn: Connection) -> int:
    [(found,)] = conn.execute("SELECT count(*) FROM anchors").fetchall()
    return int(found)


def _plain(key: int | UUID) -> int | str:
    return str(key) if isinstance(key, UUID) else key
