"""What the board showed is kept by the minute, for whoever asks later how it was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection

from careline.kit import clock, retention
from careline.kit.retention import Going, Gone
from careline.touchpoints import Moment

# Days it is kept unless the house says otherwise: four same weekdays lie in these.
USUAL = 35
# What is brought in from elsewhere began at another time.
LATELY = timedelta(hours=24)
_MINUTE = """INSERT INTO insights_minute (at, queue_id, inbox_id, waiting, longest_s, ready)
SELECT date_trunc('minute', %(now)s), queue_id, inbox_id, count(*),
  greatest(0, extract(epoch FROM %(now)s - min(since))), 0 FROM routing_waiting GROUP BY 2, 3
UNION ALL SELECT date_trunc('minute', %(now)s), 0, 0, 0, 0, count(*) FROM routing_presence WHERE status = 'ready'
  HAVING EXISTS (SELECT FROM accounts_organization)
ON CONFLICT ON CONSTRAINT minute_is_kept_once DO NOTHING"""
_ARRIVED = """INSERT INTO insights_minute (at, queue_id, inbox_id, arrived)
SELECT at, 0, inbox, n FROM unnest(%s::timestamptz[], %s::bigint[], %s::int[]) AS g(at, inbox, n)
ON CONFLICT ON CONSTRAINT minute_is_kept_once DO UPDATE SET arrived = insights_minute.arrived + excluded.arrived"""


def keep(*, at: datetime | None = None) -> None:
    """Once a minute; the same again changes nothing. Before there is a house nothing is kept."""
    with connection.cursor() as cursor:
        cursor.execute(_MINUTE, {"now": at or clock.now()})


def count(moments: Sequence[Moment]) -> None:
    """Conversations that began, in the transaction of whoever heard of them."""
    since = clock.now() - LATELY
    found = Counter(
        (one.occurred_at.replace(second=0, microsecond=0), one.inbox_id)
        for one in moments
        if one.inbox_id is not None and one.occurred_at >= since
    )
    if not found:
        return
    rows = [(at, inbox, n) for (at, inbox), n in sorted(found.items())]
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVED, [list(column) for column in zip(*rows, strict=True)])


def _going(before: datetime) -> Going:
    return retention.look(
        "SELECT count(*), 0, min(at), coalesce(sum(pg_column_size(m.*)), 0) FROM insights_minute m WHERE at < %s",
        [before],
    )


def _remove(before: datetime, limit: int) -> Gone:
    return retention.removed(
        "DELETE FROM insights_minute WHERE id = ANY(ARRAY(SELECT id FROM insights_minute WHERE at < %s LIMIT %s))",
        [before, limit],
    )


def register() -> None:
    retention.register(retention.Sort("board", _going, _remove, least=1, usual=USUAL))
