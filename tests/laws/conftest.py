"""What the laws look at: everything, and not what a query chooses to show."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.fixture
def everything_stored(db: None) -> Callable[[], str]:
    """Every row of every table as text, bytes read as characters."""
    from django.db import connection

    def everything_stored() -> str:
        rows: list[str] = []
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT oid::regclass::text FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            )
            for (table,) in cursor.fetchall():
                cursor.execute(f"SELECT * FROM {table}")
                rows += [" ".join(map(readable, row)) for row in cursor.fetchall()]
        return "\n".join(rows)

    return everything_stored


def readable(value: object) -> str:
    return bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value)
