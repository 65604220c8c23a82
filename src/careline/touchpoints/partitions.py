"""Months of the line: made ahead of time, and back in time for imported history.

Two open ends (`earlier`, `later`) take what no month takes, so that writing never fails and never waits for a table to
be made. They are not a default partition: with one the planner could not read the months in order and would open
every month for the newest page of a line. Making months moves the bound of an open end, which locks the whole line for
some milliseconds; it gives way at once when a long reader is in the way, and tries again.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import LiteralString

from django.db import OperationalError, connection, transaction
from psycopg import sql

from careline.kit import clock

PARENT = "touchpoints_touchpoint"
MONTHS_AHEAD = 3
TRIES = 20
_log = logging.getLogger(__name__)
Month = tuple[int, int]


def ensure_ahead() -> int:
    """The months to come, called by the worker once in a while; returns how many were made."""
    today = clock.now().date()
    return ensure_partitions(today, _day(_plus((today.year, today.month), MONTHS_AHEAD)))


def ensure_partitions(first: date, last: date) -> int:
    """Every month from `first` to `last` gets its own partition, and so does every month between them and those made.

    An importer calls it before it writes history; afterwards works too, but then rows are moved under the lock.
    """
    wanted = (first.year, first.month), (last.year, last.month)
    made = 0
    if wanted[0] < _bounds()[0]:
        made += _patiently("earlier", wanted[0])
    if wanted[1] > _bounds()[1]:
        made += _patiently("later", wanted[1])
    return made


def _patiently(end: str, until: Month) -> int:
    for attempt in range(TRIES):
        try:
            return _move_bound(end, until)
        except OperationalError:  # somebody reads the line just now
            if attempt == TRIES - 1:
                raise
            _log.info("Months of the line: waiting for readers.")
            time.sleep(0.25)
    return 0


@transaction.atomic
def _move_bound(end: str, until: Month) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '300ms'")
        cursor.execute(sql.SQL("LOCK TABLE ONLY {} IN ACCESS EXCLUSIVE MODE").format(sql.Identifier(PARENT)))
        oldest, newest = _bounds()  # another process may have been first
        if end == "later":
            months = _months(_plus(newest, 1), until)
            low, high = _stamp(_plus(until, 1)), _open("MAXVALUE")
        else:
            months = _months(until, _plus(oldest, -1))
            low, high = _open("MINVALUE"), _stamp(until)
        if not months:
            return 0
        names = {"line": sql.Identifier(PARENT), "end": sql.Identifier(f"{PARENT}_{end}")}
        cursor.execute(sql.SQL("ALTER TABLE {line} DETACH PARTITION {end}").format(**names))
        make = sql.SQL("CREATE TABLE {part} PARTITION OF {line} FOR VALUES FROM ({low}) TO ({high})")
        for month in months:
            part = sql.Identifier(_name(month))
            cursor.execute(make.format(part=part, low=_stamp(month), high=_stamp(_plus(month, 1)), **names))
        moved = sql.SQL(
            "WITH moved AS (DELETE FROM {end} WHERE occurred_at >= {low} AND occurred_at < {high} RETURNING *)"
            " INSERT INTO {line} SELECT * FROM moved"
        )
        cursor.execute(moved.format(low=_stamp(months[0]), high=_stamp(_plus(months[-1], 1)), **names))
        attached = sql.SQL("ALTER TABLE {line} ATTACH PARTITION {end} FOR VALUES FROM ({low}) TO ({high})")
        cursor.execute(attached.format(low=low, high=high, **names))
    return len(months)


def drop_oldest(ends: Mapping[str, datetime]) -> int:
    """Drop the oldest months of which every moment lies before the end of its kind; returns how many moments went.

    What comes late for such a month is taken by the open end before them, as for any month that was never made.
    """
    today = clock.now()
    oldest = _bounds()[0]
    full: list[Month] = []
    # This month and what is to come stays, so that there is always one.
    while oldest < (today.year, today.month):
        after = _plus(oldest, 1)
        if not _holds_only(oldest, [kind for kind, end in ends.items() if end >= _stamped(after)]):
            break
        full.append(oldest)
        oldest = after
    return _dropped(full) if full else 0


def _holds_only(month: Month, kinds: list[str]) -> bool:
    """And every subscriber has had it."""
    asked = sql.SQL(
        "SELECT EXISTS (SELECT FROM {part} WHERE kind <> ALL(%s)) OR coalesce((SELECT max(xid) FROM {part})"
        " >= (SELECT min(xid) FROM touchpoints_cursor), false)"
    )
    with connection.cursor() as cursor:
        cursor.execute(asked.format(part=sql.Identifier(_name(month))), [kinds])
        return not cursor.fetchone()[0]


def _dropped(months: Sequence[Month]) -> int:
    end = sql.Identifier(f"{PARENT}_earlier")
    line = sql.Identifier(PARENT)
    rows = 0
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '300ms'")
            cursor.execute(sql.SQL("LOCK TABLE ONLY {} IN ACCESS EXCLUSIVE MODE").format(line))
            cursor.execute(sql.SQL("ALTER TABLE {} DETACH PARTITION {}").format(line, end))
            for month in months:
                part = sql.Identifier(_name(month))
                cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(part))
                rows += cursor.fetchone()[0]
                cursor.execute(sql.SQL("DROP TABLE {}").format(part))
            attached = sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES FROM (MINVALUE) TO ({})")
            cursor.execute(attached.format(line, end, _stamp(_plus(months[-1], 1))))
            cursor.execute("SET LOCAL lock_timeout = DEFAULT")
    except OperationalError:  # somebody reads the line just now: row by row, then, or in the next night
        return 0
    return rows


def _name(month: Month) -> str:
    return f"{PARENT}_{month[0]:04}_{month[1]:02}"


def _stamped(month: Month) -> datetime:
    return datetime(month[0], month[1], 1, tzinfo=UTC)


def _bounds() -> tuple[Month, Month]:
    """The oldest and the newest month that have a partition of their own."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT right(inhrelid::regclass::text, 7) FROM pg_inherits WHERE inhparent = %s::regclass"
            " AND inhrelid::regclass::text ~ '_[0-9]{4}_[0-9]{2}$' ORDER BY 1",
            [PARENT],
        )
        names = [name for (name,) in cursor.fetchall()]
    months = [(int(name[:4]), int(name[5:])) for name in names]
    return months[0], months[-1]


def _months(first: Month, last: Month) -> list[Month]:
    months = []
    while first <= last:
        months.append(first)
        first = _plus(first, 1)
    return months


def _plus(month: Month, n: int) -> Month:
    year, index = divmod(month[0] * 12 + month[1] - 1 + n, 12)
    return year, index + 1


def _day(month: Month) -> date:
    return date(month[0], month[1], 1)


def _open(end: LiteralString) -> sql.Composable:
    return sql.SQL(end)


def _stamp(month: Month) -> sql.Composable:
    return sql.Literal(f"{_day(month).isoformat()} 00:00:00+00")
