"""What of this room grows old: the bytes of files; that there was one stays, without its name."""

from __future__ import annotations

from datetime import datetime

from careline.files import actions
from careline.kit import retention
from careline.kit.retention import Going, Gone


def _going(before: datetime) -> Going:
    asked = """SELECT count(*), count(DISTINCT person_id), min(created_at), sum(size)
    FROM files_storedfile WHERE erased_at IS NULL AND created_at < %s
      AND NOT (person_id IS NULL AND inline)"""
    return retention.look(asked, [before])


def _remove(before: datetime, limit: int) -> Gone:
    return Gone(actions.discard_older(before, limit))


def register() -> None:
    retention.register(retention.Sort("files", _going, _remove, least=1))
