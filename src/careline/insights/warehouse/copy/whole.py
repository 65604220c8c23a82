"""Making the copy from the whole line: the first time, or when what is there cannot be followed."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from careline.insights.warehouse import engine
from careline.insights.warehouse.copy import laying, measures, source
from careline.insights.warehouse.copy.manifest import Manifest
from careline.insights.warehouse.engine import Connection, quoted
from careline.touchpoints.kinds import KINDS

_LOAD = """INSERT INTO staging.raw SELECT * FROM read_csv($path, header = false, auto_detect = false, delim = ',',
  quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, parallel = false,
  max_line_size = 16777216, columns = {
  'person': 'BIGINT', 'occurred_at': 'TIMESTAMP', 'id': 'UUID', 'kind': 'VARCHAR', 'inbox': 'BIGINT',
  'journey': 'VARCHAR'})"""
_LOAD_TOLD = """INSERT INTO staging.told_raw SELECT * FROM read_csv($path, header = false, auto_detect = false,
  delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, parallel = false,
  max_line_size = 16777216, columns = {{
  'person': 'BIGINT', 'occurred_at': 'TIMESTAMP', 'id': 'UUID', {columns}}})"""
_LOAD_JOINED = """INSERT INTO staging.joined SELECT * FROM read_csv($path, header = false, auto_detect = false,
  delim = ',', columns = {'person': 'BIGINT', 'customer': 'BIGINT'})"""


@contextmanager
def making(name: str) -> Iterator[tuple[Connection, Path]]:
    """An engine with the new file as `made` and room to prepare it as `staging`; without an end it leaves nothing."""
    spill = engine.spill()
    spill.mkdir(parents=True, exist_ok=True)
    draft, staging = spill / name, spill / f"staging-{name}"
    for path in (draft, staging):
        path.unlink(missing_ok=True)
    try:
        with engine.opened() as conn:
            conn.execute(f"ATTACH {quoted(str(draft))} AS made")
            conn.execute(f"ATTACH {quoted(str(staging))} AS staging")
            laying.staging(conn, "staging.")
            yield conn, draft
            conn.execute("CHECKPOINT made")
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    finally:
        staging.unlink(missing_ok=True)
        staging.with_suffix(".duckdb.wal").unlink(missing_ok=True)


def load(conn: Connection, pieces: Iterator[Path]) -> None:
    for path in pieces:
        conn.execute(_LOAD, {"path": str(path)})


def load_told(conn: Connection, pieces: Iterator[Path]) -> None:
    columns = ", ".join(f"'{name}': '{type}'" for name, type in measures.FACTS.items())
    for path in pieces:
        conn.execute(_LOAD_TOLD.format(columns=columns), {"path": str(path)})


def load_joined(conn: Connection) -> None:
    for path in source.joined():
        conn.execute(_LOAD_JOINED, {"path": str(path)})


def column(conn: Connection, text: str) -> tuple[str, ...]:
    return tuple(value for (value,) in conn.execute(text).fetchall())


def inboxes_in(conn: Connection) -> tuple[int, ...]:
    found = conn.execute("SELECT DISTINCT inbox FROM staging.raw WHERE inbox IS NOT NULL ORDER BY inbox").fetchall()
    return tuple(int(inbox) for (inbox,) in found)


def make(version: int, stand: source.Stand) -> Manifest:
    """In the snapshot `stand` is of."""
    began = time.monotonic()
    name = f"base-{version}.duckdb"
    with making(name) as (conn, draft):
        load(conn, source.since("0", stand.xmin))
        load_told(conn, source.told_since("0", stand.xmin))
        load_joined(conn)
        # Kinds that are sure to come: a kind that was unknown makes the copy slower until it is merged.
        told = column(conn, "SELECT DISTINCT kind FROM staging.raw")
        kinds = tuple(sorted({*KINDS, *told}))
        inboxes = inboxes_in(conn)
        rows = laying.lay(conn, kinds, at="staging.", into="made.")
        conn.execute("CREATE TABLE made.joined AS FROM staging.joined")
    draft.replace(engine.folder() / name)
    return Manifest(
        version=version, source=stand.source, xid=stand.xmin, as_of=stand.as_of, base=name, base_rows=rows,
        base_version=version, kinds=kinds, inboxes=inboxes, joined=source.joined_digest(),
        base_seconds=time.monotonic() - began,
    )  # fmt: skip
