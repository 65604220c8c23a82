"""The register of what grows old: each room says how much of a kind lies before a day, and how it is removed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import msgspec
from django.db import connection


class Going(msgspec.Struct, frozen=True):
    """What would go: how many rows, of how many people, since when, and how many bytes."""

    rows: int = 0
    people: int = 0
    oldest: datetime | None = None
    size: int = 0


class Gone(msgspec.Struct, frozen=True):
    """One piece of work: rows removed, whose moments the columnar copy has to read again, and months they lay in.

    Which tables may hold something of a person is known of all others.
    """

    rows: int = 0
    people: tuple[int, ...] = ()
    # So many that the copy is made anew.
    everybody: bool = False
    tables: tuple[str, ...] = ()


class Sort(msgspec.Struct, frozen=True):
    """`least` days are needed for the house to work; `usual` is the period nobody has set, None for no end."""

    key: str
    going: Callable[[datetime], Going]
    # At most about so many rows, in the caller's transaction; none removed means that nothing is left to do.
    remove: Callable[[datetime, int], Gone]
    least: int = 1
    usual: int | None = None


def look(asked: str, values: list[Any] | dict[str, Any]) -> Going:
    """By a statement that gives the four in their order."""
    with connection.cursor() as cursor:
        cursor.execute(asked, values)
        rows, people, oldest, size = cursor.fetchone()
    return Going(rows, people, oldest, int(size or 0))


def removed(asked: str, values: list[Any]) -> Gone:
    """By one statement that deletes."""
    with connection.cursor() as cursor:
        cursor.execute(asked, values)
        return Gone(cursor.rowcount)


_sorts: dict[str, Sort] = {}


def register(sort: Sort) -> None:
    if sort.key in _sorts:
        raise ValueError(f"{sort.key} is already in the register of what grows old.")
    _sorts[sort.key] = sort


def sorts() -> tuple[Sort, ...]:
    return tuple(_sorts.values())


def named(key: str) -> Sort | None:
    return _sorts.get(key)
