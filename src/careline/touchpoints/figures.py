"""How far each subscriber has come, for whoever runs the installation."""

from __future__ import annotations

import msgspec

from careline.kit.statement import Statement


class Standing(msgspec.Struct, frozen=True):
    """`behind` counts to ten thousand; `age` is that of the oldest touchpoint not yet passed, in seconds.

    `ahead` tells of a cursor from another cluster: it stands where this one has not been.
    """

    subscriber: str
    behind: int
    age: float
    parked: int
    failures: int
    error: str
    ahead: bool


STANDINGS = Statement(
    """SELECT c.subscriber,
  (SELECT count(*) FROM (
    SELECT 1 FROM touchpoints_touchpoint t WHERE (t.xid, t.id) > (c.xid, c.id) LIMIT 10000) w)
  + (SELECT count(*) FROM touchpoints_parked p WHERE p.subscriber = c.subscriber AND p.error = ''),
  coalesce((SELECT extract(epoch FROM statement_timestamp() - t.recorded_at)::float8 FROM touchpoints_touchpoint t
    WHERE (t.xid, t.id) > (c.xid, c.id) ORDER BY t.xid, t.id LIMIT 1), 0),
  (SELECT count(*) FROM touchpoints_parked p WHERE p.subscriber = c.subscriber AND p.error <> ''),
  c.failures, c.error, c.xid > pg_snapshot_xmax(pg_current_snapshot())
FROM touchpoints_cursor c ORDER BY c.subscriber""",
    Standing,
)


class Newest(msgspec.Struct, frozen=True):
    month: str


# As in "2026_11".
NEWEST_MONTH = Statement(
    """SELECT coalesce(max(right(inhrelid::regclass::text, 7)), '') FROM pg_inherits
WHERE inhparent = 'touchpoints_touchpoint'::regclass AND inhrelid::regclass::text ~ '_[0-9]{4}_[0-9]{2}$'""",
    Newest,
)
