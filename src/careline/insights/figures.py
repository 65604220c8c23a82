"""How far the copy is behind the line, for whoever runs the installation."""

from __future__ import annotations

import msgspec

from careline.insights.warehouse.copy import manifest
from careline.insights.warehouse.copy.manifest import Manifest
from careline.kit.statement import Statement


class Behind(msgspec.Struct, frozen=True):
    """Counted to ten thousand; `age` is that of the oldest touchpoint the copy has not got yet, in seconds."""

    touchpoints: int
    age: float


BEHIND = Statement(
    """SELECT count(*), coalesce(extract(epoch FROM statement_timestamp() - min(recorded_at)), 0)::float8 FROM (
  SELECT recorded_at FROM touchpoints_touchpoint
  WHERE xid >= %(xid)s::text::xid8 ORDER BY xid, id LIMIT 10000) waiting""",
    Behind,
)


def behind() -> Behind:
    return BEHIND.one(xid=stands_at(manifest.read())) or Behind(0, 0.0)


def stands_at(found: Manifest | None) -> str:
    return found.xid if found is not None else "0"
