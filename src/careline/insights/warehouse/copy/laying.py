"""Laying moments out: sorted by customer and time, with everything stored that would otherwise be sorted for again.

A table `line` holds one row a moment; `edge` holds each step from a moment to the next, sorted by what leads to what
and by the time between, so that a median is found without gathering it from everywhere. What is measured stands in
tables of its own (`measures`).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from careline.insights.warehouse.copy import measures
from careline.insights.warehouse.engine import Connection, quoted

# Changes whenever the tables of a copy do: one of another format is made anew.
FORMAT = 6
# Sorted so many at a time, to need little memory at once.
CHUNK = 2_000_000

RAW = """CREATE TABLE {at}raw (person BIGINT, occurred_at TIMESTAMP, id UUID, kind VARCHAR, inbox BIGINT,
  journey VARCHAR)"""
JOINED = "CREATE TABLE {at}joined (person BIGINT, customer BIGINT)"
_LINE = """CREATE TABLE {into}line (customer BIGINT, position INTEGER, occurred_at TIMESTAMP, kind {kind},
  next_kind {kind}, gap BIGINT, first_at TIMESTAMP, person BIGINT, inbox BIGINT, journey VARCHAR, id UUID)"""
_EDGE = "CREATE TABLE {into}edge (kind {kind}, next_kind {kind}, gap BIGINT, customer BIGINT)"
_WHOSE = """(SELECT coalesce(j.customer, r.person) AS customer, r.*
  FROM {at}raw r LEFT JOIN {at}joined j ON j.person = r.person)"""
_LAY = """INSERT INTO {into}line
SELECT customer, row_number() OVER w AS position, occurred_at, kind, lead(kind) OVER w,
  epoch_us(lead(occurred_at) OVER w) - epoch_us(occurred_at), first_value(occurred_at) OVER w,
  person, inbox, journey, id
FROM (SELECT customer, occurred_at, id, kind::{kind} AS kind, person, inbox, journey FROM {whose}
  WHERE customer >= $low AND customer < $high)
WINDOW w AS (PARTITION BY customer ORDER BY occurred_at, id) ORDER BY customer, position"""
_LAY_EDGES = """INSERT INTO {into}edge SELECT kind, next_kind, gap, customer FROM {into}line
WHERE next_kind IS NOT NULL ORDER BY kind, next_kind, gap"""
LOWEST, HIGHEST = -(2**63), 2**63 - 1


def enum(kinds: Sequence[str]) -> str:
    """The type of these kinds; one without members is no type."""
    return f"ENUM({', '.join(map(quoted, kinds))})" if kinds else "VARCHAR"


def tables(conn: Connection, into: str, kinds: Sequence[str]) -> None:
    conn.execute(_LINE.format(into=into, kind=enum(kinds)))
    conn.execute(_EDGE.format(into=into, kind=enum(kinds)))
    measures.tables(conn, into)


def staging(conn: Connection, at: str = "") -> None:
    conn.execute(RAW.format(at=at))
    measures.staging(conn, at)
    conn.execute(JOINED.format(at=at))


def lay(conn: Connection, kinds: Sequence[str], *, at: str = "", into: str = "") -> int:
    """Lay what stands in `raw` out, by whom it stands for now; returns how many moments there are."""
    tables(conn, into, kinds)
    whose = _WHOSE.format(at=at)
    for low, high in chunks(conn, whose):
        conn.execute(
            _LAY.format(into=into, whose=whose, kind=enum(kinds)), {"low": low, "high": high}
        )  # fmt: skip
        measures.lay(conn, at, into, low, high)
    conn.execute(_LAY_EDGES.format(into=into))
    return count(conn, f"{into}line")


def lay_again(conn: Connection, kinds: Sequence[str], source: str, beside: str, *, into: str) -> int:
    """What has been laid out before, from several places into one; `beside` reads a table of measures by its name."""
    tables(conn, into, kinds)
    for low, high in chunks(conn, f"({source})"):
        conn.execute(
            f"INSERT INTO {into}line SELECT * FROM ({source}) WHERE customer >= $low AND customer < $high"
            " ORDER BY customer, position",
            {"low": low, "high": high},
        )
        measures.lay_again(conn, beside, into, low, high)
    conn.execute(_LAY_EDGES.format(into=into))
    return count(conn, f"{into}line")


def chunks(conn: Connection, source: str) -> list[tuple[int, int]]:
    """Ranges of customers with about CHUNK moments each."""
    pieces = -(-count(conn, source) // CHUNK)
    if pieces < 2:
        return [(LOWEST, HIGHEST)]
    shares = [n / pieces for n in range(1, pieces)]
    found = conn.execute(
        f"SELECT quantile_disc(customer, $shares) FROM (SELECT customer FROM {source}) USING SAMPLE 200000 ROWS",
        {"shares": shares},
    ).fetchone()
    assert found is not None
    bounds = [LOWEST, *sorted(set(found[0])), HIGHEST]
    return list(pairwise(bounds))


def count(conn: Connection, source: str) -> int:
    found = conn.execute(f"SELECT count(*) FROM {source}").fetchone()
    assert found is not None
    return int(found[0])
