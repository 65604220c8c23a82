"""The SQL of delivery. A position is (xid, id); transaction ids travel as text, since drivers do not know xid8."""

from __future__ import annotations

import uuid

import msgspec

from careline.kit.statement import Statement
from careline.touchpoints.moments import COLUMNS, READ, Written

NIL = uuid.UUID(int=0)
LAST = uuid.UUID(int=(1 << 128) - 1)
_MOMENT = ", ".join(f"t.{column}" for column in READ)


class Place(msgspec.Struct, frozen=True):
    """Where a subscriber stands; `due` unless it waits after a failure, `owing` when older touchpoints come first."""

    subscriber: str
    xid: str
    id: uuid.UUID
    failures: int
    due: bool
    owing: bool


class Horizon(msgspec.Struct, frozen=True):
    """Every transaction below `xmin` has ended; none at or above `xmax` has begun."""

    xmin: str
    xmax: str
    places: str


class Positioned(Written, frozen=True):
    xid: str


class Owed(Positioned, frozen=True):
    parked: int


class Count(msgspec.Struct, frozen=True):
    n: int


# All an idle worker asks: one statement for all subscribers that reads no touchpoint.
HORIZON = Statement(
    """SELECT pg_snapshot_xmin(s)::text, pg_snapshot_xmax(s)::text, coalesce((
  SELECT jsonb_agg(jsonb_build_object('subscriber', c.subscriber, 'xid', c.xid::text, 'id', c.id,
    'failures', c.failures, 'due', c.retry_at IS NULL OR c.retry_at <= statement_timestamp(),
    'owing', EXISTS (SELECT FROM touchpoints_parked p WHERE p.subscriber = c.subscriber AND p.error = '')))
  FROM touchpoints_cursor c)::text, '[]')
FROM pg_current_snapshot() s""",
    Horizon,
)

# Subscribers that stand at one place read together. The window is bounded by what is passed over, not by what is
# wanted; its last touchpoint comes in any case and says how far one may go.
WINDOW = Statement(
    f"""WITH t AS MATERIALIZED (
  SELECT xid, {", ".join(COLUMNS)} FROM touchpoints_touchpoint
  WHERE (xid, id) > (%(xid)s::text::xid8, %(id)s::uuid) AND xid < pg_snapshot_xmin(pg_current_snapshot())
  ORDER BY xid, id LIMIT %(limit)s::int)
SELECT {_MOMENT}, t.xid::text FROM t
WHERE t.kind = ANY(%(kinds)s::text[])
  OR (t.xid, t.id) = (SELECT l.xid, l.id FROM t l ORDER BY l.xid DESC, l.id DESC LIMIT 1)
ORDER BY t.xid, t.id""",
    Positioned,
)

OWED = Statement(
    f"""SELECT {_MOMENT}, t.xid::text, p.id FROM touchpoints_parked p
JOIN touchpoints_touchpoint t ON t.occurred_at = p.occurred_at AND t.id = p.touchpoint_id
WHERE p.subscriber = %(subscriber)s::text AND p.error = '' ORDER BY p.id LIMIT %(limit)s::int""",
    Owed,
)

_AT = "c.subscriber = %(subscriber)s::text AND c.xid = %(xid)s::text::xid8 AND c.id = %(id)s::uuid"
# Whoever holds the row delivers; another worker finds nothing and goes on.
HOLD = Statement(f"SELECT 1 FROM touchpoints_cursor c WHERE {_AT} FOR UPDATE SKIP LOCKED", Count)
MOVE = Statement(
    """UPDATE touchpoints_cursor
SET xid = %(xid)s::text::xid8, id = %(id)s::uuid, failures = 0, retry_at = NULL, error = ''
WHERE subscriber = %(subscriber)s::text RETURNING 1""",
    Count,
)
RECOVER = Statement(
    """UPDATE touchpoints_cursor SET failures = 0, retry_at = NULL, error = '' WHERE subscriber = %(subscriber)s::text
RETURNING 1""",
    Count,
)
# Those whom nothing in the window concerned move on together.
PASS = Statement(
    """UPDATE touchpoints_cursor SET xid = %(to_xid)s::text::xid8, id = %(to_id)s::uuid
WHERE subscriber IN (
  SELECT c.subscriber FROM touchpoints_cursor c
  WHERE c.subscriber = ANY(%(subscribers)s::text[]) AND c.xid = %(xid)s::text::xid8 AND c.id = %(id)s::uuid
  FOR UPDATE SKIP LOCKED)
RETURNING 1""",
    Count,
)
FAIL = Statement(
    """UPDATE touchpoints_cursor SET failures = failures + 1, error = %(error)s::text,
  retry_at = clock_timestamp() + least(300, 2 ^ failures) * interval '1 second'
WHERE subscriber = %(subscriber)s::text RETURNING failures""",
    Count,
)
PARK = Statement(
    """INSERT INTO touchpoints_parked (subscriber, touchpoint_id, occurred_at, error, at)
VALUES (%(subscriber)s::text, %(id)s::uuid, %(occurred_at)s::timestamptz, %(error)s::text, statement_timestamp())
ON CONFLICT (subscriber, occurred_at, touchpoint_id) DO UPDATE SET error = excluded.error, at = excluded.at
RETURNING 1""",
    Count,
)
PAID = Statement("DELETE FROM touchpoints_parked WHERE id = ANY(%(parked)s::bigint[]) RETURNING 1", Count)
TRY_AGAIN = Statement(
    "UPDATE touchpoints_parked SET error = '' WHERE subscriber = %(subscriber)s::text AND error <> '' RETURNING 1",
    Count,
)
# The present end: what is still in flight is told to a newcomer, what was committed before is not.
ENROLL = Statement(
    """INSERT INTO touchpoints_cursor (subscriber, xid, id, failures, error)
SELECT s.name, CASE WHEN s.from_start THEN '0'::xid8 ELSE pg_snapshot_xmin(pg_current_snapshot()) END, %(id)s::uuid,
  0, ''
FROM unnest(%(names)s::text[], %(from_start)s::bool[]) AS s(name, from_start)
ON CONFLICT DO NOTHING RETURNING 1""",
    Count,
)
