"""`bench scoreboard`: the whole scoreboard from its open copy, beside one query a tile that somebody writes by hand.

Each look opens the copy anew, as a page does, for another period. The hand-written queries read the same tables, know
where everything lies, and tell the same: the period, the one before, twelve weeks, each with its interval. The ratio
is of the processor's time in all threads, the limit by the clock.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

from careline.accounts.actor import SYSTEM
from careline.insights.metrics import board, choosing
from careline.insights.metrics.catalog import DEFINITIONS
from careline.insights.metrics.queries import Room
from careline.insights.warehouse import engine, scored
from careline.insights.warehouse.sight import Sight

LOOKS = 21
LIMITS = {"p95_limit_ms": 1000.0, "vs_sql_limit": 1.5}
UNTIL = datetime(2026, 1, 1, tzinfo=UTC)
WEEK = timedelta(days=7)
# In working hours only where a house keeps calendars.
SHOWN = [DEFINITIONS[name] for name in board.VIEWS["all"] if not DEFINITIONS[name].business]


def measure(scale: int, told: Callable[[str], None]) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="careline-bench-") as name:
        folder = Path(name)
        began, _cpu = scored.clocks()
        base = scored.lay_out(folder, scale)
        laid = scored.clocks()[0] - began
        told(f"{scale:,} touchpoints, laid out in {laid:.0f} s: {base.stat().st_size / 1e6:,.0f} MB")
        ours, theirs = [], []
        for n in range(LOOKS):
            before = UTC_DAY - timedelta(days=n * 3)
            ours.append(_timed(partial(_board, folder, before)))
            theirs.append(_timed(partial(_by_hand, folder, before)))
        ordered = sorted(wall for wall, _cpu in ours)
        own, hand = (statistics.median(cpu for _wall, cpu in taken) for taken in (ours, theirs))
        return {
            "metrics": {
                "p95_ms": 1000 * ordered[-max(1, LOOKS // 20)], "median_ms": 1000 * statistics.median(ordered),
                "cpu_ms": 1000 * own,
                "tiles": len(SHOWN), "peak_mb": scored.peak_mb(),
            },
            "baseline": {**LIMITS, "sql_cpu_ms": 1000 * hand,
                         "sql_median_ms": 1000 * statistics.median(wall for wall, _cpu in theirs), "laid_out_s": laid,
                         "copy_mb": base.stat().st_size / 1e6},
            "ratios": {"vs_sql": own / hand},
        }  # fmt: skip


UTC_DAY = UNTIL - timedelta(days=1)


def _timed(run: Callable[[], None]) -> tuple[float, float]:
    wall, cpu = scored.clocks()
    run()
    now, used = scored.clocks()
    return now - wall, used - cpu


def _board(folder: Path, before: datetime) -> None:
    wanted = choosing.Chosen(before - 4 * WEEK, before, "UTC")
    with engine.opened(memory=scored.MEMORY, room=folder) as conn:
        scored.shown(conn, folder)
        room = Room(SYSTEM, conn, Sight(), UNTIL, UNTIL)
        found = board.counted(room, SHOWN, wanted, {})
        if any(one.now is None or not one.trend for one in found):
            raise RuntimeError("A tile has no figure.")


def _by_hand(folder: Path, before: datetime) -> None:
    plain, until = before.replace(tzinfo=None), UNTIL.replace(tzinfo=None)
    with engine.opened(memory=scored.MEMORY, room=folder) as conn:
        scored.shown(conn, folder)
        for one in SHOWN:
            bounds = [plain - 12 * WEEK, plain - 8 * WEEK, plain - 4 * WEEK, plain]
            kind = "count" if one.kind == "rate" else one.kind
            scored.by_hand(conn, one.cases, kind, bounds, until)
            if one.kind == "rate":
                scored.by_hand(conn, one.of, "count", bounds, until)
