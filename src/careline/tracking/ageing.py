"""What of this room grows old: the last events of a source as they came."""

from __future__ import annotations

from datetime import datetime

from careline.kit import retention
from careline.kit.retention import Going, Gone


def _going(before: datetime) -> Going:
    asked = """SELECT count(*), count(DISTINCT person_id), min(at), sum(pg_column_size(s.*))
    FROM tracking_sighting s WHERE at < %s"""
    return retention.look(asked, [before])


def _remove(before: datetime, limit: int) -> Gone:
    asked = """DELETE FROM tracking_sighting WHERE id = ANY(ARRAY(
      SELECT id FROM tracking_sighting WHERE at < %s ORDER BY id LIMIT %s))"""
    return retention.removed(asked, [before, limit])


def register() -> None:
    retention.register(retention.Sort("debugger", _going, _remove, least=1))
