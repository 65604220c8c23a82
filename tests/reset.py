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
GUARDED = """
SELECT DISTINCT tgrelid::regclass::text FROM pg_trigger t
WHERE NOT tgisinternal AND tgtype & 32 <> 0 AND tgrelid::regclass::text = ANY(%s)
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
        cursor.execute("BEGIN")
        cursor.execute(GUARDED, [touched])
        guarded = [table for (table,) in cursor.fetchall()]
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(f"TRUNCATE {', '.join(touched)} CASCADE")
        for table, rows in seeds.items():
            with cursor.copy(f"COPY {table} FROM STDIN") as into:
                into.write(rows)
        for table in guarded:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute("COMMIT")


def filled() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(FILLED)
        tables = [table for (table,) in cursor.fetchall()]
        cursor.execute(" UNION ALL ".join(f"(SELECT '{table}' FROM {table} LIMIT 1)" for table in tables))
        return [table for (table,) in cursor.fetchall()]
