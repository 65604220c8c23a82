"""What the database is made of, asked from its own catalog."""

from __future__ import annotations

from typing import Any

from psycopg import sql

from careline.cli.archive.format import Sequence, Table

# Written anew by the migrations.
NOT_KEPT = {"django_migrations"}
# Filled by migrations and by workers that only looked around: an installation with nothing else in it is empty.
BOOKKEEPING = {
    "django_migrations", "django_content_type", "auth_permission", "accounts_role", "contact_scope",
    "customers_purpose", "recovery_rule", "touchpoints_cursor",
    "procrastinate_jobs", "procrastinate_events", "procrastinate_periodic_defers", "procrastinate_workers",
}  # fmt: skip

_TABLES = """SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum)
FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
GROUP BY c.relname ORDER BY c.relname"""
_SEQUENCES = """SELECT c.relname FROM pg_class c
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'S' ORDER BY c.relname"""
_MONTHS = """SELECT right(c.relname, 7) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
WHERE i.inhparent = to_regclass('touchpoints_touchpoint') AND c.relname ~ '_[0-9]{4}_[0-9]{2}$' ORDER BY 1"""
_REFERENCES = """SELECT c.conrelid::regclass::text, c.conname, pg_get_constraintdef(c.oid) FROM pg_constraint c
WHERE c.connamespace = current_schema()::regnamespace AND c.contype = 'f' AND c.conparentid = 0 ORDER BY 1, 2"""
# Triggers that would count, tell or refuse once more what already happened: 4 is INSERT, 32 is TRUNCATE.
_TRIGGERED = """SELECT DISTINCT t.tgrelid::regclass::text FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace = current_schema()::regnamespace AND NOT t.tgisinternal AND NOT c.relispartition
  AND t.tgtype & 36 <> 0 ORDER BY 1"""
_OTHERS = """SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
AND backend_type = 'client backend' AND usename = current_user"""
_RESET = """DO $$
DECLARE thing record; here oid := current_schema()::regnamespace; BEGIN
  FOR thing IN SELECT oid::regclass AS name FROM pg_class
    WHERE relnamespace = here AND relkind IN ('r', 'p') AND NOT relispartition LOOP
    EXECUTE format('DROP TABLE IF EXISTS %s CASCADE', thing.name);
  END LOOP;
  FOR thing IN SELECT oid::regclass AS name FROM pg_class WHERE relnamespace = here AND relkind = 'S' LOOP
    EXECUTE format('DROP SEQUENCE IF EXISTS %s CASCADE', thing.name);
  END LOOP;
  FOR thing IN SELECT p.oid::regprocedure AS name FROM pg_proc p WHERE p.pronamespace = here
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e') LOOP
    EXECUTE format('DROP ROUTINE IF EXISTS %s CASCADE', thing.name);
  END LOOP;
  FOR thing IN SELECT t.oid::regtype AS name FROM pg_type t WHERE t.typnamespace = here
    AND (t.typtype IN ('e', 'd') OR t.typtype = 'c' AND (SELECT relkind FROM pg_class WHERE oid = t.typrelid) = 'c')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = t.oid AND d.deptype = 'e') LOOP
    EXECUTE format('DROP TYPE IF EXISTS %s CASCADE', thing.name);
  END LOOP;
END $$"""


def tables(cursor: Any) -> list[Table]:
    cursor.execute(_TABLES)
    return [Table(name, list(columns)) for name, columns in cursor.fetchall() if name not in NOT_KEPT]


def sequences(cursor: Any) -> list[Sequence]:
    cursor.execute(_SEQUENCES)
    found = []
    for (name,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT last_value, is_called FROM {}").format(sql.Identifier(name)))
        last, called = cursor.fetchone()
        found.append(Sequence(name, last, called))
    return found


def months(cursor: Any) -> list[str]:
    """The oldest and the newest month of the line."""
    cursor.execute(_MONTHS)
    names = [name for (name,) in cursor.fetchall()]
    return [names[0], names[-1]] if names else []


def filled(cursor: Any) -> list[str]:
    """Tables with rows of somebody's in them."""
    there = [table.name for table in tables(cursor) if table.name not in BOOKKEEPING]
    if not there:
        return []
    asked = [
        sql.SQL("SELECT {} WHERE EXISTS (SELECT FROM {})").format(sql.Literal(name), sql.Identifier(name))
        for name in there
    ]
    cursor.execute(sql.SQL(" UNION ALL ").join(asked))
    return [name for (name,) in cursor.fetchall()]


def references(cursor: Any) -> list[tuple[str, str, str]]:
    """Foreign keys: table, name, definition."""
    cursor.execute(_REFERENCES)
    return list(cursor.fetchall())


def triggered(cursor: Any) -> list[str]:
    cursor.execute(_TRIGGERED)
    return [name for (name,) in cursor.fetchall()]


def others_at_work(cursor: Any) -> int:
    cursor.execute(_OTHERS)
    return int(cursor.fetchone()[0])


def reset(cursor: Any) -> None:
    """Back to a database nobody has migrated; extensions stay."""
    cursor.execute(_RESET)
