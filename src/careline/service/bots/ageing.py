"""What of this room grows old: what bots took messages for."""

from __future__ import annotations

from datetime import datetime

from careline.kit import retention
from careline.kit.retention import Going, Gone


def _going(before: datetime) -> Going:
    asked = """SELECT count(*), count(DISTINCT c.person_id), min(j.at), sum(pg_column_size(j.*))
      FROM bots_judged j JOIN conversations_conversation c ON c.id = j.conversation_id WHERE j.at < %s"""
    return retention.look(asked, [before])


def _remove(before: datetime, limit: int) -> Gone:
    asked = """DELETE FROM bots_judged WHERE id = ANY(ARRAY(
      SELECT id FROM bots_judged WHERE at < %s ORDER BY at LIMIT %s))"""
    return retention.removed(asked, [before, limit])


def register() -> None:
    # The longest span their quality is shown for.
    retention.register(retention.Sort("judgements", _going, _remove, least=7, usual=366))
