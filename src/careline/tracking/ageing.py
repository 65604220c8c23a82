"""What of this room grows old: the last events of a source as they came, and what became of files brought in."""

from __future__ import annotations

from datetime import datetime

from careline.files import actions as files
from careline.kit import retention
from careline.kit.retention import Going, Gone
from careline.tracking.models import Import


def _going(before: datetime) -> Going:
    asked = """SELECT count(*), count(DISTINCT person_id), min(at), sum(pg_column_size(s.*))
    FROM tracking_sighting s WHERE at < %s"""
    return retention.look(asked, [before])


def _remove(before: datetime, limit: int) -> Gone:
    asked = """DELETE FROM tracking_sighting WHERE id = ANY(ARRAY(
      SELECT id FROM tracking_sighting WHERE at < %s ORDER BY id LIMIT %s))"""
    return retention.removed(asked, [before, limit])


def _imports_going(before: datetime) -> Going:
    asked = """SELECT count(*), 0, min(ended_at), coalesce(sum(pg_column_size(i.*)), 0)
    FROM tracking_import i WHERE ended_at < %s"""
    return retention.look(asked, [before])


def _remove_imports(before: datetime, limit: int) -> Gone:
    old = Import.objects.select_for_update().filter(ended_at__lt=before).order_by("pk")[:limit]
    found = dict(old.values_list("pk", "file_id"))
    files.discard([file_id for file_id in found.values() if file_id is not None])
    Import.objects.filter(pk__in=found).delete()
    return Gone(len(found))


def register() -> None:
    retention.register(retention.Sort("imports", _imports_going, _remove_imports, least=1, usual=180))
    retention.register(retention.Sort("debugger", _going, _remove, least=1))
