"""Bringing base and recent part together into a new base, beside the work that goes on, and taking it into use."""

from __future__ import annotations

import time

import msgspec

from careline.insights.warehouse import engine
from careline.insights.warehouse.copy import laying, recent, whole
from careline.insights.warehouse.copy.manifest import Manifest
from careline.insights.warehouse.engine import quoted

# The recent part is laid out anew each time, so it must stay small against the base.
SMALL = 50_000
SHARE = 10


class Merged(msgspec.Struct, frozen=True):
    """A new base that holds what `of` held; it lies aside until it is taken into use."""

    of: Manifest
    rows: int
    seconds: float

    @property
    def name(self) -> str:
        return f"base-{self.of.version}.duckdb"


def is_due(manifest: Manifest) -> bool:
    if manifest.recent is None:
        return False
    too_large = manifest.recent_rows + manifest.hidden_rows > max(SMALL, manifest.base_rows // SHARE)
    return too_large or manifest.grown or manifest.erased > manifest.base_version


def merge(manifest: Manifest) -> Merged:
    """Needs no database: may run in a thread of its own while versions follow one another."""
    began = time.monotonic()
    merged = Merged(manifest, 0, 0.0)
    with whole.making(merged.name) as (conn, _draft):
        recent.attach(conn, manifest)
        rows = laying.lay_again(conn, manifest.kinds, recent.line(manifest), recent.measured(manifest), into="made.")
        conn.execute(f"CREATE TABLE made.joined AS FROM {'recent' if manifest.recent else 'base'}.joined")
    return Merged(manifest, rows, time.monotonic() - began)


def adopt(merged: Merged, current: Manifest) -> Manifest:
    """The version that stands on the new base; what was touched meanwhile stays recent."""
    aside = engine.spill() / merged.name
    place = engine.folder() / merged.name
    based = msgspec.structs.replace(
        current, base=merged.name, base_rows=merged.rows, base_version=merged.of.version,
        base_seconds=merged.seconds, grown=current.kinds != merged.of.kinds, recent=None, recent_rows=0,
        hidden_rows=0, version=current.version + 1,
    )  # fmt: skip
    if current.version == merged.of.version or current.files == merged.of.files:
        aside.replace(place)
        return based
    name = f"recent-{based.version}.duckdb"
    with whole.making(name) as (conn, draft):
        conn.execute(f"ATTACH {quoted(str(aside))} AS base (READ_ONLY)")
        conn.execute(f"ATTACH {quoted(str(engine.folder() / str(current.recent)))} AS recent (READ_ONLY)")
        conn.execute(
            "CREATE TABLE made.touched AS FROM recent.touched WHERE version > $of", {"of": merged.of.version}
        )  # fmt: skip
        still = "SELECT * FROM recent.{table} WHERE customer IN (SELECT customer FROM made.touched)"
        rows = laying.lay_again(conn, current.kinds, still.format(table="line"), still, into="made.")
        conn.execute("CREATE TABLE made.joined AS FROM recent.joined")
        hidden = recent.hidden_rows(conn)
    aside.replace(place)
    draft.replace(engine.folder() / name)
    return msgspec.structs.replace(based, recent=name, recent_rows=rows, hidden_rows=hidden)
