"""Whether a request would be served now, and if not, why."""

from __future__ import annotations

import asyncio
import logging
import time

import psycopg
from psycopg_pool import PoolClosed, PoolTimeout

from careline.kit import pool, schema

# Load balancers ask often, and from several places at once.
KEPT = 0.5
PATIENCE = 2.0
GONE = "The database cannot be reached."
_log = logging.getLogger(__name__)
_lock = asyncio.Lock()
_kept: tuple[float, str] = (float("-inf"), "")


async def refusal() -> str:
    """One sentence, or nothing when all is well."""
    global _kept
    async with _lock:
        if time.monotonic() - _kept[0] > KEPT:
            found = await _look()
            if found != _kept[1]:
                _log.warning("Not ready: %s", found) if found else _log.info("Ready again.")
            _kept = time.monotonic(), found
        return _kept[1]


async def _look() -> str:
    try:
        async with asyncio.timeout(PATIENCE), pool.connection() as conn:
            cursor = await conn.execute("SELECT app, name FROM django_migrations")
            waiting = schema.missing(frozenset(await cursor.fetchall()))
    except psycopg.errors.UndefinedTable:
        waiting = ["all of them"]
    except (psycopg.Error, PoolTimeout, PoolClosed, TimeoutError, OSError, RuntimeError):
        return GONE
    if not waiting:
        return ""
    named = ", ".join(waiting[:3]) + (" …" if len(waiting) > 3 else "")
    return f"Migrations are pending ({named}): start this version once."
