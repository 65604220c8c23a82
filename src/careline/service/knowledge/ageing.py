"""What of this room grows old: what readers looked for and said. How often articles helped stays counted."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from careline.kit import retention
from careline.kit.retention import Going, Gone

_GOING = """SELECT count(*), 0, min(at), coalesce(sum(size), 0) FROM (
  SELECT at, pg_column_size(v.*) AS size FROM knowledge_verdict v WHERE at < %(before)s
  UNION ALL SELECT day::timestamptz, pg_column_size(a.*) FROM knowledge_asked a WHERE day < %(before)s::date) old"""
_REMOVE = """WITH said AS (
  DELETE FROM knowledge_verdict WHERE id IN (SELECT id FROM knowledge_verdict WHERE at < %s LIMIT %s) RETURNING 1),
asked AS (
  DELETE FROM knowledge_asked WHERE id IN (SELECT id FROM knowledge_asked WHERE day < %s::date LIMIT %s) RETURNING 1)
SELECT (SELECT count(*) FROM said) + (SELECT count(*) FROM asked)"""


def _going(before: datetime) -> Going:
    return retention.look(_GOING, {"before": before})


def _remove(before: datetime, limit: int) -> Gone:

    with connection.cursor() as cursor:
        cursor.execute(_REMOVE, [before, limit, before, limit])
        return Gone(cursor.fetchone()[0], tables=("knowledge_verdict", "knowledge_asked"))


def register() -> None:
    retention.register(retention.Sort("help", _going, _remove, least=7, usual=365))
