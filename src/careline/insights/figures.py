"""How far the copy is behind the line, for whoever runs the installation."""

from __future__ import annotations

from datetime import datetime

import msgspec

from careline.accounts.actor import Actor
from careline.insights.warehouse import engine
from careline.insights.warehouse.copy import manifest
from careline.insights.warehouse.copy.manifest import Manifest
from careline.kit.statement import Statement


class Behind(msgspec.Struct, frozen=True):
    """Counted to ten thousand; `age` is that of the oldest touchpoint the copy has not got yet, in seconds."""

    touchpoints: int
    age: float


# A copy is made with the first moment about a person: until then nothing is behind.
BEHIND = Statement(
    """SELECT count(*), coalesce(extract(epoch FROM statement_timestamp() - min(recorded_at)), 0)::float8 FROM (
  SELECT recorded_at FROM touchpoints_touchpoint
  WHERE xid >= %(xid)s::text::xid8 AND (%(xid)s <> '0' OR person_id IS NOT NULL)
  ORDER BY xid, id LIMIT 10000) waiting""",
    Behind,
)


def behind() -> Behind:
    return BEHIND.one(xid=stands_at(manifest.read())) or Behind(0, 0.0)


class Standing(msgspec.Struct, frozen=True):
    """What there is of a copy; `recent` are moments that are laid out again with each version until they are merged."""

    version: int
    moments: int
    recent: int
    size: int
    as_of: datetime | None
    behind: int
    age: float


def standing(actor: Actor) -> Standing:
    """For whoever runs the installation."""
    actor.must("organization.manage")
    found, late = manifest.read(), behind()
    if found is None:
        return Standing(0, 0, 0, 0, None, late.touchpoints, late.age)
    size = 0
    for name in found.files:
        try:
            size += (engine.folder() / name).stat().st_size
        except FileNotFoundError:  # the next version was switched to just now
            continue
    return Standing(
        found.version, found.rows, found.recent_rows, size, found.as_of, late.touchpoints, late.age
    )  # fmt: skip


def stands_at(found: Manifest | None) -> str:
    return found.xid if found is not None else "0"
