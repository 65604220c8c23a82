"""After a restore: the transaction ids on the line are another cluster's, and this one's may be smaller.

Left alone, new touchpoints would sort before the cursors and never be delivered, and old ones would wait for a horizon
this cluster reaches in years. So, in one transaction in which nobody else writes: what each subscriber has not had yet
is written down as owed to it, in its order; every touchpoint is put before all times (xid 0, which no transaction has);
every cursor is put after those. Then what is owed is delivered, before anything newer. A second settling changes
nothing, and one that is interrupted has either happened or not: what is owed stays owed.

A `from_start` subscriber that comes later is told restored history in the order of its ids. The cursor of a subscriber
this code does not know moves as well: what it had not had is not owed to it.
"""

from __future__ import annotations

import logging

from django.db import connection, transaction

from careline.touchpoints.subscribers.hot import LAST, Horizon
from careline.touchpoints.subscribers.registry import registered
from careline.touchpoints.subscribers.rounds import advance_all, enroll, look, places_of

_log = logging.getLogger(__name__)


def settle() -> int:
    """Make a restored line this cluster's own and deliver what was pending; returns how many were delivered."""
    enroll()
    _renumber()
    return advance_all()


def is_foreign(horizon: Horizon) -> bool:
    """A cursor stands where this cluster has not been yet: the line was restored and not settled."""
    return any(int(place.xid) > int(horizon.xmax) for place in places_of(horizon))


def settle_when_foreign() -> None:
    if is_foreign(look()):
        _log.warning("The line comes from another cluster; it is settled now.")
        settle()


@transaction.atomic
def _renumber() -> None:
    with connection.cursor() as cursor:
        # First the subscribers at work, then everybody else: in the other order the two could wait for each other.
        cursor.execute("SELECT 1 FROM touchpoints_cursor ORDER BY subscriber FOR UPDATE")
        cursor.execute("LOCK TABLE touchpoints_touchpoint IN SHARE ROW EXCLUSIVE MODE")
        cursor.execute("SET LOCAL careline.erasing = 'on'")
        for subscriber in registered():
            cursor.execute(
                """INSERT INTO touchpoints_parked (subscriber, touchpoint_id, occurred_at, error, at)
                SELECT c.subscriber, t.id, t.occurred_at, '', statement_timestamp()
                FROM touchpoints_cursor c JOIN touchpoints_touchpoint t ON (t.xid, t.id) > (c.xid, c.id)
                WHERE c.subscriber = %s AND t.kind = ANY(%s) ORDER BY t.xid, t.id
                ON CONFLICT DO NOTHING""",
                [subscriber.name, list(subscriber.kinds)],
            )
        cursor.execute("UPDATE touchpoints_touchpoint SET xid = '0' WHERE xid <> '0'")
        cursor.execute("UPDATE touchpoints_cursor SET xid = '0', id = %s", [LAST])
        cursor.execute("SET LOCAL careline.erasing = 'off'")
