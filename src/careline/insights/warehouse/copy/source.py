"""What the database has that the copy has not: read in one snapshot, below the oldest transaction still open.

A plain id would pass over what commits late. A transaction's id does not, as long as nothing from `xmin` on is taken.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import msgspec
from django.db import connection, transaction
from psycopg import sql

from careline.customers import queries as customers
from careline.insights import stale
from careline.insights.warehouse import engine
from careline.insights.warehouse.copy import measures
from careline.kit.statement import Statement
from careline.touchpoints.kinds import NO_STEPS

# About so much of the line lies on disk as text at a time.
PIECE = 64 * 1024 * 1024
_ANONYMOUS = sql.Literal(measures.ANONYMOUS)
# An event no rule maps is known by its own name.
_COLUMNS = sql.SQL("""t.person_id, t.occurred_at AT TIME ZONE 'UTC', t.id,
  CASE WHEN t.kind = 'event.tracked' THEN coalesce(t.facts->>'name', t.kind) ELSE t.kind END, t.inbox_id, t.journey""")
_SINCE = sql.SQL("""SELECT {columns} FROM touchpoints_touchpoint t
WHERE t.xid >= {low}::text::xid8 AND t.xid < {high}::text::xid8 AND t.person_id IS NOT NULL
  AND t.kind <> ALL ({passed})""")
_THESE = sql.SQL("""SELECT {columns} FROM touchpoints_touchpoint t
JOIN columnar_these c ON c.occurred_at = t.occurred_at AND c.id = t.id
WHERE t.person_id IS NOT NULL AND t.kind <> ALL ({passed})""")
# What is measured, with the facts `measures.FACTS` names. Of a token it is known for whom it writes; the score of a
# delivery is by how many days it was late, that of a wait its seconds.
_TOLD_COLUMNS = sql.SQL("""coalesce(t.person_id, {nobody}), t.occurred_at AT TIME ZONE 'UTC', t.id, t.kind, t.inbox_id,
  CASE WHEN t.kind LIKE 'survey.%' THEN 'conversation:' || (t.facts->>'conversation') ELSE t.journey END, t.actor_kind,
  CASE WHEN t.kind = 'conversation.assigned' THEN (t.facts->>'agent_id')::bigint
    WHEN t.actor_kind = 'agent' THEN t.actor_id WHEN t.actor_kind = 'token' THEN k.agent_id END,
  (t.facts->>'team_id')::bigint, t.facts->>'channel', coalesce(t.facts->>'place', t.facts->>'how'),
  t.facts->>'survey', t.facts->>'metric',
  (CASE t.kind WHEN 'order.delivered' THEN t.facts->>'days_late' WHEN 'queue.left' THEN t.facts->>'waited_s'
    ELSE t.facts->>'score' END)::float8, coalesce(t.facts->>'scale_max', t.facts->>'target_s')::float8, 
  (t.facts->>'contacts')::int, (t.facts->>'waits')::int, (t.facts->>'transfers')::int, (t.facts->>'switches')::int,
  (t.facts->>'queue')::bigint""").format(nobody=sql.Literal(measures.NOBODY))
_TOLD_SINCE = sql.SQL("""SELECT {columns} FROM touchpoints_touchpoint t
LEFT JOIN accounts_token k ON t.actor_kind = 'token' AND k.id = t.actor_id
WHERE t.xid >= {low}::text::xid8 AND t.xid < {high}::text::xid8 AND t.kind = ANY ({measured})
  AND (t.person_id IS NOT NULL OR t.kind = {anonymous})""")
_TOLD_THESE = sql.SQL("""SELECT {columns} FROM touchpoints_touchpoint t
JOIN columnar_told c ON c.occurred_at = t.occurred_at AND c.id = t.id
LEFT JOIN accounts_token k ON t.actor_kind = 'token' AND k.id = t.actor_id
WHERE t.person_id IS NOT NULL OR t.kind = {anonymous}""")


class Stand(msgspec.Struct, frozen=True):
    """`held`: something is committed and yet not below `xmin`, since an older transaction is still open.

    `foreign`: touchpoints stand beyond this cluster's transactions, since the line is a restored one, not settled.
    """

    source: str
    xmin: str
    xmax: str
    as_of: datetime
    held: bool
    foreign: bool


STAND = Statement(
    """SELECT (SELECT system_identifier::text FROM pg_control_system()) || ':'
    || (SELECT oid::text FROM pg_database WHERE datname = current_database()) || ':'
    || 'touchpoints_touchpoint'::regclass::oid,
  pg_snapshot_xmin(s)::text, pg_snapshot_xmax(s)::text, statement_timestamp(),
  EXISTS (SELECT FROM touchpoints_touchpoint WHERE xid >= pg_snapshot_xmin(s)),
  coalesce((SELECT xid FROM touchpoints_touchpoint ORDER BY xid DESC, id DESC LIMIT 1) >= pg_snapshot_xmax(s), false)
FROM pg_current_snapshot() s""",
    Stand,
)


class Fresh(msgspec.Struct, frozen=True):
    """Whether anything was recorded, and whether any of it is about a person or answered by nobody known."""

    anything: bool
    people: bool


FRESH = Statement(
    f"""SELECT EXISTS (SELECT FROM touchpoints_touchpoint
    WHERE xid >= %(low)s::text::xid8 AND xid < %(high)s::text::xid8),
  EXISTS (SELECT FROM touchpoints_touchpoint
    WHERE xid >= %(low)s::text::xid8 AND xid < %(high)s::text::xid8 
      AND (person_id IS NOT NULL OR kind = '{measures.ANONYMOUS}'))""",
    Fresh,
)


@contextmanager
def snapshot() -> Iterator[Stand]:
    """Everything read inside is of one moment."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        stand = STAND.one()
        assert stand is not None
        yield stand


def fresh(low: str, high: str) -> Fresh:
    found = FRESH.one(low=low, high=high)
    assert found is not None
    return found


def since(low: str, high: str) -> Iterator[Path]:
    """Files of rows for `laying.RAW`, one after the other; each is gone when the next is asked for."""
    bounds = {"low": sql.Literal(low), "high": sql.Literal(high)}
    return _copied(_SINCE.format(columns=_COLUMNS, passed=sql.Literal(list(NO_STEPS)), **bounds))


def told_since(low: str, high: str) -> Iterator[Path]:
    """The same of what is measured, for `measures.RAW`."""
    bounds = {"low": sql.Literal(low), "high": sql.Literal(high)}
    measured = sql.Literal(list(measures.MEASURED))
    return _copied(_TOLD_SINCE.format(columns=_TOLD_COLUMNS, measured=measured, anonymous=_ANONYMOUS, **bounds))


def these(rows: Iterable[tuple[object, object]]) -> Iterator[Path]:
    """The same of single touchpoints, by (occurred_at, id), as they are now; what is gone is left out."""
    _list("columnar_these", rows)
    return _copied(_THESE.format(columns=_COLUMNS, passed=sql.Literal(list(NO_STEPS))))


def told_these(rows: Iterable[tuple[object, object]]) -> Iterator[Path]:
    _list("columnar_told", rows)
    return _copied(_TOLD_THESE.format(columns=_TOLD_COLUMNS, anonymous=_ANONYMOUS))


def _list(name: str, rows: Iterable[tuple[object, object]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE {name} (occurred_at timestamptz, id uuid) ON COMMIT DROP")
        with cursor.copy(f"COPY {name} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)


def joined() -> Iterator[Path]:
    """Pairs of (person, customer): everybody who was joined to another."""
    return _pieces(f"{person},{root}\n".encode() for person, root in customers.joined())


def joined_digest() -> str:
    return customers.joined_digest()


def stale_since(xid: str) -> list[int]:
    """People whose moments have to be read again: they were erased."""
    return stale.since(xid)


def _copied(statement: sql.Composable) -> Iterator[Path]:
    def rows() -> Iterator[bytes]:
        command = sql.SQL("COPY ({}) TO STDOUT (FORMAT csv)").format(statement)
        with connection.cursor() as cursor, cursor.copy(command) as copy:
            yield from (bytes(piece) for piece in copy)

    return _pieces(rows())


def _pieces(rows: Iterable[bytes]) -> Iterator[Path]:
    engine.spill().mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(suffix=".csv", dir=engine.spill())
    path = Path(name)
    written = 0
    try:
        with os.fdopen(descriptor, "wb") as out:
            for row in rows:
                out.write(row)
                written += len(row)
                if written >= PIECE:
                    out.flush()
                    yield path
                    out.seek(0)
                    out.truncate()
                    written = 0
            if written:
                out.flush()
                yield path
    finally:
        path.unlink(missing_ok=True)
