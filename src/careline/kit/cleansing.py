"""What PostgreSQL keeps on the disk of rows that are gone, and how to make it go.

A row that was changed or deleted stays in its page, and so do its words in indexes, in what the planner remembers of a
column, and in the log of changes (WAL), whose old files are renamed and written over from the front instead of being
removed. VACUUM gives the room free and leaves the bytes. Only writing a table anew leaves them behind.

Everything here may be interrupted at any point and done again. It runs outside of transactions.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import DatabaseError, OperationalError, connection
from psycopg import errors, sql

# Whoever waits for a table lets nobody else at it meanwhile: short waits, many times.
WAIT = "500ms"
BETWEEN = 0.5
_SEGMENT = re.compile(r"[0-9A-F]{24}")
# Each switch fills the rest of a file with zeros.
MOST_SWITCHES = 4096
_log = logging.getLogger(__name__)

# Whoever began before may still look at what is gone, and whatever writes the table anew has to keep it for them.
_HOLDING = """SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()
AND age(backend_xmin) > 0 AND age(backend_xmin) >= age(%s::text::xid8::xid)"""
_HOLDING_FOR_OTHERS = """SELECT (SELECT count(*) FROM pg_prepared_xacts WHERE database = current_database())
+ (SELECT count(*) FROM pg_replication_slots WHERE xmin IS NOT NULL OR catalog_xmin IS NOT NULL)"""

_CLEAR = """SELECT pg_clear_attribute_stats(schemaname::text, tablename::text, attname::text, inherited) FROM pg_stats
WHERE schemaname = current_schema() AND """
_OWN = "tablename = %s"
_OF_INDEXES = """tablename IN (
  SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid WHERE i.indrelid = to_regclass(%s))"""
_LEFTOVERS = """SELECT place || '/' || name
FROM (SELECT 'base/' || oid AS place FROM pg_database WHERE datname = current_database()) here, pg_ls_dir(place) name
WHERE name ~ '^[0-9]+(_[a-z]+)?([.][0-9]+)?$' AND substring(name from '^[0-9]+')::oid NOT IN (
  SELECT pg_relation_filenode(oid) FROM pg_class WHERE pg_relation_filenode(oid) IS NOT NULL)
AND (pg_stat_file(place || '/' || name, true)).modification < pg_postmaster_start_time()"""


class Held(Exception):
    """Somebody's long transaction, or a server that gives others its changes, still needs what is to go."""


def now() -> str:
    """The number of the next transaction: none before it may be at work when what it left is to go."""
    return str(_one("SELECT pg_snapshot_xmax(pg_current_snapshot())::text"))


def wait_for_readers(since: str, patience: float) -> None:
    deadline = time.monotonic() + patience
    while _one(_HOLDING, [since]) or _one(_HOLDING_FOR_OTHERS):
        if time.monotonic() > deadline:
            raise Held
        time.sleep(BETWEEN)


def rewrite(table: str, patience: float) -> None:
    """A table with its indexes, without anything that is gone; and what the planner knows of it is drawn afresh."""
    deadline = time.monotonic() + patience
    name = sql.Identifier(table)
    while True:
        try:
            with _waiting_briefly() as cursor:
                _clear_samples(table)
                cursor.execute(sql.SQL("VACUUM (FULL, ANALYZE) {}").format(name))
            return
        except OperationalError as error:
            if not isinstance(error.__cause__, errors.LockNotAvailable):
                raise
            if time.monotonic() > deadline:
                raise Held from error
            time.sleep(BETWEEN)


def _clear_samples(table: str) -> None:
    """Of a table that became empty nothing would be drawn, and the old values would stay."""
    for of in (_OWN, _OF_INDEXES):
        try:
            with connection.cursor() as cursor:
                cursor.execute(_CLEAR + of, [table])
        except DatabaseError as error:  # before PostgreSQL 18 there is no such function
            _log.debug("Samples of %s stay until they are drawn again: %s", table, type(error).__name__)


def sweep(table: str) -> None:
    """The room is given free and drawn afresh, without locking anybody out; bytes stay until something takes it."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("VACUUM (ANALYZE) {}").format(sql.Identifier(table)))


def exists(table: str) -> bool:
    return _one("SELECT to_regclass(%s) IS NOT NULL", [table]) is True


def size(table: str) -> int:
    return int(_one("SELECT coalesce(pg_total_relation_size(to_regclass(%s)), 0)", [table]))


def forget_samples(patience: float, *parents: str) -> None:
    """The planner keeps values of columns; those of partitioned tables are drawn from all their parts."""
    with connection.cursor() as cursor:
        for parent in parents:
            cursor.execute(sql.SQL("ANALYZE {}").format(sql.Identifier(parent)))
    rewrite("pg_statistic", patience)


def remove_leftovers(folder: Path) -> list[str]:
    """A server that was killed while it wrote a table anew leaves a file that no table knows and nobody removes.

    Only files that lay there before this server started: one that a transaction is making now, and that no look at the
    catalog shows yet, is younger. Anything else would put living tables at risk.
    `folder` is that of the server, if it is ours; otherwise a code says what stays.
    """
    try:
        with connection.cursor() as cursor:
            cursor.execute(_LEFTOVERS)
            names = [name for (name,) in cursor.fetchall()]
        if not names:
            return []
        if _one("SELECT pg_read_file('postmaster.pid')") != (folder / "postmaster.pid").read_text():
            return ["leftovers"]
        for name in names:
            (folder / name).unlink(missing_ok=True)
    except (DatabaseError, OSError) as error:
        _log.warning("Leftovers of a killed server could not be removed: %s", type(error).__name__)
        return ["leftovers"]
    return []


def forget_changes() -> list[str]:
    """Let no file of the log of changes remain that was written before; returns what stands in the way, as codes."""
    ours = _one("SELECT current_setting('wal_recycle')")
    if ours == "on" and not _set_recycling("off"):
        return ["log_setting"]
    try:
        began = _current()
        _switch()
        _checkpoint()
        # Files that wait to be written over carry numbers that are still to come.
        last = max([name for name in _segments() if name > _current()], default="")
        for _turn in range(MOST_SWITCHES):
            if _current() > last:
                break
            _switch()
        _switch()
        _checkpoint()
        left = [name for name in _segments() if name <= began]
    except DatabaseError as error:
        _log.warning("The log of changes could not be renewed: %s", type(error).__name__)
        return ["log_refused"]
    finally:
        if ours == "on":
            _set_recycling(None)
    return ["log_kept"] if left else []


def is_copied_elsewhere() -> bool:
    """Whether servers or archives beside this one were given the changes; theirs go by their own rules."""
    return bool(
        _one(
            "SELECT current_setting('archive_mode') <> 'off' OR EXISTS (SELECT FROM pg_stat_replication)"
            " OR EXISTS (SELECT FROM pg_replication_slots)"
        )
    )


def _set_recycling(value: str | None) -> bool:
    try:
        with connection.cursor() as cursor:
            word = sql.SQL("RESET wal_recycle") if value is None else sql.SQL("SET wal_recycle = 'off'")
            cursor.execute(sql.SQL("ALTER SYSTEM {}").format(word))
            cursor.execute("SELECT pg_reload_conf()")
    except DatabaseError:
        return False
    deadline = time.monotonic() + 5
    wanted = value or "on"
    while _one("SELECT current_setting('wal_recycle')") != wanted and time.monotonic() < deadline:
        time.sleep(0.02)
    time.sleep(0.1)  # the process that removes files hears of it beside us
    return True


def _current() -> str:
    return str(_one("SELECT pg_walfile_name(pg_current_wal_insert_lsn())"))


def _segments() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_ls_waldir()")
        return sorted(name for (name,) in cursor.fetchall() if _SEGMENT.fullmatch(name))


def _switch() -> None:
    """Something has to be written, or there would be nothing to switch."""
    _one("SELECT pg_logical_emit_message(false, 'careline', '')")
    _one("SELECT pg_switch_wal()")


def _checkpoint() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


@contextmanager
def _waiting_briefly() -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute("SET lock_timeout = %s", [WAIT])
        try:
            yield cursor
        finally:
            if not connection.needs_rollback and connection.is_usable():
                cursor.execute("RESET lock_timeout")


def _one(asked: str, values: list[Any] | None = None) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(asked, values)
        return cursor.fetchone()[0]
