"""Figures that cost a question to the database, asked at most once in a while however often somebody looks."""

from __future__ import annotations

import asyncio
import time

import msgspec

from careline.channels.figures import TRAFFIC, Traffic
from careline.insights.figures import BEHIND, Behind, stands_at
from careline.insights.warehouse.copy import manifest
from careline.kit import pool
from careline.kit.backlog import BACKLOG, Backlog
from careline.touchpoints.figures import STANDINGS, Standing

KEPT = 5.0
PATIENCE = 3.0


class Figures(msgspec.Struct, frozen=True):
    standings: list[Standing]
    traffic: Traffic | None
    backlog: Backlog | None
    columnar: Behind | None = None
    columnar_moments: int = 0


_lock = asyncio.Lock()
_kept: tuple[float, Figures] | None = None


async def figures() -> Figures:
    """Raises what the driver raises when there is no database."""
    global _kept
    async with _lock:
        if _kept is None or time.monotonic() - _kept[0] > KEPT:
            async with asyncio.timeout(PATIENCE), pool.connection() as conn:
                copy = manifest.read()
                fresh = Figures(
                    await STANDINGS.aall(conn), await TRAFFIC.aone(conn), await BACKLOG.aone(conn),
                    await BEHIND.aone(conn, xid=stands_at(copy)), copy.rows if copy else 0,
                )  # fmt: skip
            _kept = time.monotonic(), fresh
        return _kept[1]
