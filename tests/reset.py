"""After a test that commits: every table as the migrations left it.

Django's own flush cannot do this: it would also empty what migrations wrote (the built-in roles), and the audit log
refuses to be emptied at all.
"""

from __future__ import annotations

import time

from django.db import OperationalError, connection
from psycopg.errors import DeadlockDetected

TRIES = 10

# Tables with rows in them; partitions follow their parent.
FILLED = """
SELECT c.oid::regclass::text
FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> 'django_migrations'
ORDER BY 1
"""
# New files for each table and its indexes cost more than a few rows; what is large is given new ones all the same.
LARGE = """
SELECT p.relid::text, sum(pg_relation_size(t.relid)) > 200000 FROM unnest(%s::regclass[]) AS p(relid)
CROSS JOIN LATERAL (SELECT p.relid UNION SELECT relid FROM pg_partition_tree(p.relid)) t GROUP BY 1
"""

seeds: dict[str, bytes] = {}


def remember() -> None:
    """Keep the rows that came with the migrations."""
    seeds.clear()
    for table in filled():
        with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as rows:
            seeds[table] = b"".join(bytes(piece) for piece in rows)


def restore() -> None:
    # A test may have left its transaction broken or its connection closed.
    connection.close_if_unusable_or_obsolete()
    for _try in range(TRIES):
        try:
            return empty(filled())
        except OperationalError as error:
            # A worker of the test that has not quite left stands in the way; it goes, or this does.
            if not isinstance(error.__cause__, DeadlockDetected):
                raise
            connection.close()
            time.sleep(0.2)
    raise AssertionError("somebody of the test goes on writing")


def empty(touched: list[str]) -> None:
    if not touched:
        return
    with connection.cursor() as cursor:
        cursor.execute(LARGE, [touched])
        large = dict(cursor.fetchall())
        # Neither the guards of a table nor what it refers to have a word here.
        cursor.execute("BEGIN; SET LOCAL session_replication_role = 'replica'")
        # A worker of the test that is still writing is waited for.
        cursor.execute(f"LOCK TABLE {', '.join(touched)} IN SHARE ROW EXCLUSIVE MODE")
        for table in touched:
            cursor.execute(f"TRUNCATE {table} CASCADE" if large[table] else f"DELETE FROM {table}")
        for table, rows in seeds.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as into:
                into.write(rows)
        cursor.execute("COMMIT")


def filled() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(FILLED)
        tables = [table for (table,) in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(f"(SELECT '{table}' FROM {table} LIMIT 1)" for table in tables))
        return [table for (table,) in cursor.fetchall()]
