"""The asynchronous connection pool of the raw doors and the sockets."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.types.string import TextLoader
from psycopg_pool import AsyncConnectionPool

_pool: AsyncConnectionPool[psycopg.AsyncConnection[Any]] | None = None


async def _prepare(conn: psycopg.AsyncConnection[Any]) -> None:
    # Facts stay text, as they do on Django's connection: whoever needs them decodes them with msgspec.
    conn.adapters.register_loader("jsonb", TextLoader)


async def open_pool(dsn: str, *, size: int = 8) -> None:
    """Open the pool; it fills in the background and mends itself after the database was away."""
    global _pool
    # One plan for each hot statement, as on Django's connections (config.environment), after what the address asks for.
    asked = conninfo_to_dict(dsn).get("options", "")
    options = f"{asked} -c timezone=UTC -c plan_cache_mode=force_generic_plan".strip()
    pool: AsyncConnectionPool[psycopg.AsyncConnection[Any]] = AsyncConnectionPool(
        dsn,
        kwargs={"autocommit": True, "options": options},
        min_size=2,
        max_size=size,
        configure=_prepare,
        timeout=10,
        # An attempt waits twice as long after each failure; a fresh one, made for whoever asks next, does not.
        reconnect_timeout=3,
        open=False,
    )
    await pool.open()
    _pool = pool


async def close_pool() -> None:
    global _pool
    if _pool is not None:
        await _pool.close()
        _pool = None


def connection() -> AbstractAsyncContextManager[psycopg.AsyncConnection[Any]]:
    """One connection for one request, each statement a transaction of its own unless one is opened."""
    if _pool is None:
        raise RuntimeError("the pool is not open")
    return _pool.connection()


async def shed() -> None:
    """Throw away connections that a database restart has broken, so that the next request gets a fresh one."""
    if _pool is not None:
        await _pool.check()
