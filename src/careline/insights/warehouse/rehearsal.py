"""Made-up moments to measure the questions on: as a Parquet file in the order of arrival, and laid out from it.

Twenty-six kinds, some far more frequent than others; customers with about twenty moments in visits of a few; a year.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from careline.insights.warehouse import engine, questions, walks
from careline.insights.warehouse.copy import laying
from careline.insights.warehouse.engine import Connection, quoted
from careline.insights.warehouse.sight import Sight

MEMORY = "1GB"
EACH = 19.5
KINDS = tuple(f"kind.{n:02}" for n in range(26))
_SAMPLE = """COPY (
  SELECT n AS id, customer_id, TIMESTAMP '2025-01-01'
    + to_microseconds((hash(customer_id * 31 + visit) % 31449600000000 + hash(n * 7) % 1500000000)::BIGINT)
    AS occurred_at,
    'kind.' || lpad(floor(26 * pow((hash(n * 3) % 1000003) / 1000003.0, 1.6))::INTEGER::VARCHAR, 2, '0') AS kind
  FROM (SELECT n, (hash(n) % {customers})::BIGINT + 1 AS customer_id, hash(n * 11) % 6 AS visit
    FROM range({scale}) t(n))
  ORDER BY occurred_at, id) TO {path} (FORMAT parquet, COMPRESSION zstd)"""
_TAKE = """INSERT INTO staging.raw SELECT customer_id, occurred_at,
  ('00000000-0000-0000-0000-' || lpad(to_hex(id), 12, '0'))::UUID, kind, NULL, NULL FROM read_parquet({path})"""
# The map from the raw file: nothing sorted, nothing coded, nothing known beforehand.
_RAW_EDGES = """SELECT kind, next_kind, gap FROM (
  SELECT customer_id, kind, lead(customer_id) OVER () AS next_customer, lead(kind) OVER () AS next_kind,
    lead(us) OVER () - us AS gap
  FROM (SELECT customer_id, kind::{kind} AS kind, epoch_us(occurred_at) AS us FROM read_parquet({path})
    ORDER BY customer_id, us, id)) WHERE next_customer = customer_id"""
_FUNNEL = ("kind.20", "kind.15", "kind.10", "kind.05")
# Nothing is left out, and yet nothing that is stored beside the moments may be used.
UNAIDED = Sight(since=datetime(1970, 1, 1, tzinfo=UTC), as_it_lies=True)
_UNTIL = datetime(2026, 2, 1, tzinfo=UTC)


class Taken(msgspec.Struct, frozen=True):
    cpu_s: float
    wall_s: float
    peak_mb: float
    rows: int
    # The first row as text, so that two ways can be seen to agree.
    first: str


def sample(folder: Path, scale: int) -> Path:
    path = folder / "sample.parquet"
    with engine.opened(memory=MEMORY, room=folder) as conn:
        conn.execute(_SAMPLE.format(customers=max(1, int(scale / EACH)), scale=scale, path=quoted(str(path))))
    return path


def lay_out(folder: Path, parquet: Path) -> Path:
    base, staging = folder / "base-1.duckdb", folder / "staging.duckdb"
    with engine.opened(memory=MEMORY, room=folder) as conn:
        conn.execute(f"ATTACH {quoted(str(base))} AS made")
        conn.execute(f"ATTACH {quoted(str(staging))} AS staging")
        laying.staging(conn, "staging.")
        conn.execute(_TAKE.format(path=quoted(str(parquet))))
        laying.lay(conn, KINDS, at="staging.", into="made.")
    staging.unlink()
    return base


ASKED: dict[str, Callable[[Connection], list[Any]]] = {
    "map_cold": lambda conn: questions.journey_map(conn, UNAIDED),
    "map_stored": lambda conn: questions.journey_map(conn, Sight(as_it_lies=True)),
    "paths": lambda conn: questions.paths(conn).items,
    "funnel": lambda conn: questions.funnel(conn, _FUNNEL, window=timedelta(days=30)),
    "cohorts": lambda conn: questions.retention(conn, questions.brackets(range(0, 84, 7)), until=_UNTIL),
    "sessions": lambda conn: [questions.sessions(conn)],
    "between": lambda conn: [walks.between(conn, "kind.03", "kind.12", window=timedelta(days=30), until=_UNTIL).times],
    "flows": lambda conn: walks.flow(conn, "kind.20").nodes,
    "rework": lambda conn: walks.rework(conn).steps,
}


def ask(name: str, folder: Path) -> Taken:
    """In a process of its own, so that nothing is warm but the disk and the peak is this question's."""
    with engine.opened(memory=MEMORY, room=folder) as conn:
        before, began = _cpu(), time.perf_counter()
        if name == "map_parquet":
            text = _RAW_EDGES.format(kind=laying.enum(KINDS), path=quoted(str(folder / "sample.parquet")))
            rows = questions.map_of(conn, text)
        else:
            conn.execute(f"ATTACH {quoted(str(folder / 'base-1.duckdb'))} AS base (READ_ONLY)")
            conn.execute("CREATE VIEW line AS FROM base.line")
            conn.execute("CREATE VIEW edge AS SELECT *, rowid AS place FROM base.edge")
            rows = ASKED[name](conn)
        took = time.perf_counter() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return Taken(_cpu() - before, took, peak, len(rows), str(rows[0]))


def _cpu() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime
