"""The last events of each source as they came: all that were refused, and of the rest as many as a person can read.

Bounded: a source keeps its newest five hundred, a request writes at most fifty, and what was accepted is noted at most
twenty times a second, so that a busy source pays nothing for it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

import msgspec
from django.db import connection

from careline.kit.statement import Statement

KEPT = 500
MOST = 50
OF_ACCEPTED = 10
A_SECOND = 20.0
LONGEST = 8000
PRUNED_EVERY = 100


class Line(msgspec.Struct, frozen=True):
    outcome: str
    type: str
    event: str
    message_id: str
    field: str = ""
    reason: str = ""
    kind: str = ""
    person_id: int | None = None
    raw: msgspec.Raw = msgspec.Raw()


class _Kept(msgspec.Struct, frozen=True):
    id: int


_KEEP = Statement(
    """INSERT INTO tracking_sighting
  (source_id, type, event, message_id, outcome, field, reason, kind, person_id, raw, at)
SELECT %(source)s::bigint, g.*, statement_timestamp() FROM unnest(
  %(types)s::text[], %(events)s::text[], %(ids)s::text[], %(outcomes)s::text[],
  %(fields)s::text[], %(reasons)s::text[], %(kinds)s::text[], %(people)s::bigint[],
  %(raws)s::text[]) AS g RETURNING id""",
    _Kept,
)


class _Allowance:
    """How many accepted events of a source may still be noted; in this process alone, which is near enough."""

    def __init__(self) -> None:
        self.left, self.at, self.written = A_SECOND, time.monotonic(), 0

    def grant(self, wanted: int) -> int:
        now = time.monotonic()
        self.left = min(A_SECOND, self.left + (now - self.at) * A_SECOND)
        self.at = now
        granted = min(wanted, OF_ACCEPTED, int(self.left))
        self.left -= granted
        return granted


_allowances: dict[int, _Allowance] = {}


def grant(source_id: int, wanted: int) -> int:
    """How many of so many that went well may be noted."""
    return _allowances.setdefault(source_id, _Allowance()).grant(wanted)


def keep(source_id: int, lines: Sequence[Line]) -> None:
    """In the transaction that takes the events, the oldest first."""
    allowance = _allowances.setdefault(source_id, _Allowance())
    if not lines:
        return
    _KEEP.all(
        source=source_id,
        types=[_plain(line.type) for line in lines],
        events=[_plain(line.event) for line in lines],
        ids=[_plain(line.message_id) for line in lines],
        outcomes=[line.outcome for line in lines],
        fields=[line.field for line in lines],
        reasons=[line.reason for line in lines],
        kinds=[line.kind for line in lines],
        people=["NULL" if line.person_id is None else line.person_id for line in lines],
        raws=[_plain(bytes(line.raw)[:LONGEST].decode(errors="replace")) for line in lines],
    )
    allowance.written += len(lines)
    if allowance.written >= PRUNED_EVERY:
        allowance.written = 0
        _prune(source_id)


def _prune(source_id: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """DELETE FROM tracking_sighting WHERE id IN (
              SELECT id FROM tracking_sighting WHERE source_id = %s AND id <= (
                SELECT id FROM tracking_sighting WHERE source_id = %s ORDER BY id DESC OFFSET %s LIMIT 1)
              FOR UPDATE SKIP LOCKED)""",
            [source_id, source_id, KEPT],
        )


def _plain(written: str) -> str:
    """As PostgreSQL can hold it: what somebody sent is shown, whatever it was."""
    return written.replace("\0", "␀").encode("utf-8", "replace").decode()
