"""What of this room grows old: the audit log, and sessions in which nobody came any more."""

from __future__ import annotations

from datetime import datetime

from django.db import connection

from careline.accounts import reach, seals
from careline.kit import retention
from careline.kit.retention import Going, Gone


def _entries_going(before: datetime) -> Going:
    asked = """SELECT count(*), count(DISTINCT subject) FILTER (WHERE subject LIKE 'customer:%%'), min(at),
      sum(pg_column_size(a.*)) FROM accounts_auditentry a WHERE at < %s"""
    return retention.look(asked, [before])


def _remove_entries(before: datetime, limit: int) -> Gone:
    """The one way out of the log: a trigger refuses every other, and entries that are not a month old even so."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL careline.ageing = 'on'")
    asked = """DELETE FROM accounts_auditentry WHERE id = ANY(ARRAY(
      SELECT id FROM accounts_auditentry WHERE at < %s ORDER BY at LIMIT %s))"""
    gone = retention.removed(asked, [before, limit])
    seals.let_go(before)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL careline.ageing = 'off'")
    return gone


def _sessions_going(before: datetime) -> Going:
    asked = """SELECT count(*), count(DISTINCT agent_id), min(seen_at), sum(pg_column_size(s.*))
    FROM accounts_session s WHERE seen_at < %s"""
    return retention.look(asked, [before])


def _remove_sessions(before: datetime, limit: int) -> Gone:
    asked = """DELETE FROM accounts_session WHERE session_key = ANY(ARRAY(
      SELECT session_key FROM accounts_session WHERE seen_at < %s LIMIT %s))"""
    gone = retention.removed(asked, [before, limit])
    if gone.rows:
        reach.changed()
    return gone


def register() -> None:
    retention.register(retention.Sort("audit", _entries_going, _remove_entries, least=30))
    retention.register(retention.Sort("sessions", _sessions_going, _remove_sessions, least=1))
