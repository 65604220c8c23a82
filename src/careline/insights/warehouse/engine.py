"""Opening the columnar engine within the memory, threads and folder it is given; it never goes out to the network."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from django.conf import settings

# Loaded when there is something to do: an installation that never asks pays nothing for it.
if TYPE_CHECKING:
    import duckdb

Connection: TypeAlias = "duckdb.DuckDBPyConnection"


def folder() -> Path:
    """Where the copy and everything that is spilled lies."""
    return Path(settings.DATA) / "columnar"


def spill() -> Path:
    return folder() / "spill"


@contextmanager
def opened(*, memory: str | None = None, room: Path | None = None) -> Iterator[Connection]:
    """An engine in memory; what does not fit is spilled into `room`."""
    import duckdb

    room = room or spill()
    room.mkdir(parents=True, exist_ok=True)
    conn = duckdb.connect(
        config={
            "memory_limit": memory or settings.DUCKDB_MEMORY,
            "threads": min(4, os.cpu_count() or 1),
            "temp_directory": str(room),
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
        }
    )
    try:
        yield conn
    finally:
        conn.close()


def quoted(text: str) -> str:
    """A literal; for what the engine takes no parameters for."""
    return "'" + text.replace("'", "''") + "'"


def is_gone(error: Exception) -> bool:
    """A file went away between the look at the manifest and the opening."""
    import duckdb

    return isinstance(error, duckdb.IOException)


def is_out_of_memory(error: Exception) -> bool:
    """Not everything can be spilled."""
    import duckdb

    return isinstance(error, duckdb.OutOfMemoryException)
