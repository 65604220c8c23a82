"""What of this room grows old: what was answered and asked for; what was told on the line stays there."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Q, QuerySet

from careline.experience.surveys.models import Response
from careline.files import actions as files
from careline.kit import retention
from careline.kit.retention import Going, Gone

_GOING = """SELECT count(*), count(DISTINCT person_id), min(coalesce(touched_at, invited_at, started_at)),
  coalesce(sum(pg_column_size(r.*)), 0)
FROM surveys_response r WHERE coalesce(touched_at, invited_at, started_at) < %s"""


def _going(before: datetime) -> Going:
    return retention.look(_GOING, [before])


def _old(before: datetime) -> QuerySet[Response]:
    last = Q(touched_at__lt=before) | Q(touched_at=None, invited_at__lt=before)
    return Response.objects.filter(last | Q(touched_at=None, invited_at=None, started_at__lt=before))


def _remove(before: datetime, limit: int) -> Gone:
    """With an answer go its words and files; its figure stays on the line for as long as moments do."""
    rows = _old(before).select_for_update(of=("self",), skip_locked=True).select_related("survey", "version")
    old = list(rows[:limit])
    if not old:
        return Gone()
    files.discard([one for row in old for one in _files(row)])
    Response.objects.filter(pk__in=[one.pk for one in old]).delete()
    return Gone(len(old), tables=("surveys_response",))


def _files(row: Response) -> list[UUID]:
    keys = [one.key for one in row.form.questions if one.type == "file"]
    given = [row.given[key].value for key in keys if key in row.given]
    return [UUID(one) for stored in given if isinstance(stored, list) for one in stored]


def register() -> None:
    retention.register(retention.Sort("answers", _going, _remove, least=7))
