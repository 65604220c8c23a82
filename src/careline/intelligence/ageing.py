"""What of this room grows old: the log of what language models were asked."""

from __future__ import annotations

from datetime import datetime

from careline.kit import retention
from careline.kit.retention import Going, Gone


def _going(before: datetime) -> Going:
    asked = "SELECT count(*), 0, min(at), sum(pg_column_size(c.*)) FROM intelligence_call c WHERE at < %s"
    return retention.look(asked, [before])


def _remove(before: datetime, limit: int) -> Gone:
    asked = """DELETE FROM intelligence_call WHERE id = ANY(ARRAY(
      SELECT id FROM intelligence_call WHERE at < %s ORDER BY at LIMIT %s))"""
    return retention.removed(asked, [before, limit])


def register() -> None:
    # The last day's tokens are counted from it.
    retention.register(retention.Sort("calls", _going, _remove, least=7, usual=365))
