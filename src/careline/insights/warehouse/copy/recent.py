"""What became of customers since the base was made: their whole lines, laid out again beside it.

Late moments, merges, splits and erasures need no rules of their own: whoever is touched is laid out anew from what the
copy had, what was recorded since, and for erased people what the database says now.
"""

from __future__ import annotations

import msgspec

from careline.insights.warehouse import engine
from careline.insights.warehouse.copy import laying, source, whole
from careline.insights.warehouse.copy.manifest import Manifest
from careline.insights.warehouse.engine import Connection, quoted

# The copy as it was: a customer who is touched stands in the recent part alone.
_BASE = """SELECT * REPLACE (kind::{kind} AS kind, next_kind::{kind} AS next_kind) FROM base.line
  WHERE customer NOT IN (SELECT customer FROM recent.touched)"""
_CHANGED = """CREATE TABLE staging.changed AS
SELECT person, n.customer AS now, o.customer AS before
FROM staging.joined n FULL JOIN {old}.joined o USING (person) WHERE n.customer IS DISTINCT FROM o.customer"""
_TOUCHED = """CREATE TABLE made.touched AS SELECT customer, max(version) AS version FROM (
  SELECT coalesce(j.customer, p.person) AS customer, $version::BIGINT AS version
  FROM (SELECT DISTINCT person FROM staging.raw UNION SELECT DISTINCT person FROM staging.told_raw
    UNION SELECT person FROM staging.stale UNION SELECT person FROM staging.changed) p
  LEFT JOIN staging.joined j ON j.person = p.person
  UNION ALL SELECT coalesce(o.customer, p.person), $version
  FROM (SELECT person FROM staging.stale UNION SELECT person FROM staging.changed) p
  LEFT JOIN {old}.joined o ON o.person = p.person
  {before})
GROUP BY customer"""
_PULL = """INSERT INTO staging.raw
SELECT person, occurred_at, id, kind::VARCHAR, inbox, journey FROM old_line
WHERE customer IN (SELECT customer FROM made.touched) AND person NOT IN (SELECT person FROM staging.stale)"""
_PULL_TOLD = """INSERT INTO staging.told_raw SELECT * EXCLUDE (customer) FROM old_told
WHERE customer IN (SELECT customer FROM made.touched) AND person NOT IN (SELECT person FROM staging.stale)"""
_STALE = """SELECT timezone('UTC', occurred_at)::VARCHAR, id::VARCHAR FROM {lain}
WHERE person IN (SELECT person FROM staging.stale)"""


def attach(conn: Connection, manifest: Manifest) -> None:
    """The files of a version, read only, as `base` and `recent`."""
    for alias, name in zip(("base", "recent"), manifest.files, strict=False):
        conn.execute(f"ATTACH {quoted(str(engine.folder() / name))} AS {alias} (READ_ONLY)")


def line(manifest: Manifest) -> str:
    """All moments of a version."""
    if manifest.recent is None:
        return "SELECT * FROM base.line"
    base = _BASE.format(kind=laying.enum(manifest.kinds)) if manifest.grown else _BASE.replace(
        " REPLACE (kind::{kind} AS kind, next_kind::{kind} AS next_kind)", ""
    )  # fmt: skip
    return f"{base} UNION ALL SELECT * FROM recent.line"


def edges(manifest: Manifest) -> str:
    """All its steps from one moment to the next."""
    if manifest.recent is None:
        return "SELECT *, rowid AS place FROM base.edge"
    return line(manifest).replace(".line", ".edge")


def measured(manifest: Manifest) -> str:
    """The same of a table of measures, whose name goes in for `table`."""
    if manifest.recent is None:
        return "SELECT * FROM base.{table}"
    base = "SELECT * FROM base.{table} WHERE customer NOT IN (SELECT customer FROM recent.touched)"
    return f"{base} UNION ALL SELECT * FROM recent.{{table}}"


def make(current: Manifest, stand: source.Stand) -> Manifest | None:
    """The next version in the snapshot `stand` is of; None when nothing happened."""
    fresh = source.fresh(current.xid, stand.xmin)
    people, digest = source.stale_since(current.xid), source.joined_digest()
    moved = digest != current.joined
    if not (fresh.people or people or moved):
        if not fresh.anything:
            return None
        return msgspec.structs.replace(current, xid=stand.xmin, as_of=stand.as_of)
    version = current.version + 1
    name = f"recent-{version}.duckdb"
    old = "recent" if current.recent else "base"
    with whole.making(name) as (conn, draft):
        attach(conn, current)
        conn.execute(f"CREATE TEMP VIEW old_line AS {line(current)}")
        conn.execute(f"CREATE TEMP VIEW old_told AS {measured(current).format(table='told')}")
        _gather(conn, current, stand, people, old, moved)
        before = "UNION ALL SELECT customer, version FROM recent.touched" if current.recent else ""
        conn.execute(_TOUCHED.format(old=old, before=before), {"version": version})
        conn.execute(_PULL)
        conn.execute(_PULL_TOLD)
        known = set(current.kinds)
        told = whole.column(conn, "SELECT DISTINCT kind FROM staging.raw")
        kinds = (*current.kinds, *sorted(set(told) - known))
        inboxes = tuple(sorted({*current.inboxes, *whole.inboxes_in(conn)}))
        rows = laying.lay(conn, kinds, at="staging.", into="made.")
        conn.execute("CREATE TABLE made.joined AS FROM staging.joined")
        hidden = hidden_rows(conn)
    draft.replace(engine.folder() / name)
    return msgspec.structs.replace(
        current, version=version, xid=stand.xmin, as_of=stand.as_of, recent=name, recent_rows=rows, kinds=kinds,
        grown=current.grown or kinds != current.kinds, inboxes=inboxes, joined=digest, hidden_rows=hidden,
        erased=version if people else current.erased,
    )  # fmt: skip


def hidden_rows(conn: Connection) -> int:
    return laying.count(conn, "base.line WHERE customer IN (SELECT customer FROM made.touched)")


def _gather(conn: Connection, current: Manifest, stand: source.Stand, people: list[int], old: str, moved: bool) -> None:
    """Everything that was recorded since, who stands for whom, and what was changed after it was written."""
    whole.load(conn, source.since(current.xid, stand.xmin))
    whole.load_told(conn, source.told_since(current.xid, stand.xmin))
    if moved:
        whole.load_joined(conn)
    else:
        conn.execute(f"INSERT INTO staging.joined FROM {old}.joined")
    conn.execute("CREATE TABLE staging.stale AS SELECT unnest($people::BIGINT[]) AS person", {"people": people})
    conn.execute(_CHANGED.format(old=old))
    if people:
        whole.load(conn, source.these(conn.execute(_STALE.format(lain="old_line")).fetchall()))
        whole.load_told(conn, source.told_these(conn.execute(_STALE.format(lain="old_told")).fetchall()))
