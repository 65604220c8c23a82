"""What the installation does by itself at night: remove what grew old, and clean the disk of what went."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from careline.accounts import audit
from careline.accounts import queries as accounts
from careline.accounts.actor import SYSTEM
from careline.insights import stale
from careline.kit import clock, retention
from careline.kit.retention import Gone, Sort
from careline.privacy import cleansing, queries
from careline.privacy.models import Cleansing
from careline.touchpoints import ageing as moments

BATCH = 2000
# Of so many people at once it is cheaper to make the columnar copy anew.
MANY = 2000


def cleanse_when_due() -> bool:
    """Whether something was done about what waits."""
    zone = accounts.organization().zone if accounts.is_set_up() else "UTC"
    return cleansing.is_due(clock.now().astimezone(ZoneInfo(zone)).hour) and cleansing.cleanse()


def age() -> dict[str, int]:
    """Remove what is older than its period, in small pieces; returns how many rows of each kind went."""
    periods = {sort.key: (sort, days) for sort in retention.sorts() if (days := queries.days_of(sort)) is not None}
    now = clock.now()
    ends = {key: now - timedelta(days=days) for key, (_sort, days) in periods.items()}
    removed = {"months": _months(ends)}
    for key, (sort, _days) in periods.items():
        removed[key] = _aged(sort, ends[key])
    return {key: rows for key, rows in removed.items() if rows}


@transaction.atomic
def _months(ends: dict[str, datetime]) -> int:
    gone = moments.drop_months(ends)
    if gone.rows:
        _follow(gone)
        audit.record("retention.applied", "retention:months", actor=SYSTEM, rows=gone.rows)
    return gone.rows


def _aged(sort: Sort, before: datetime) -> int:
    rows = 0
    try:
        while True:
            with transaction.atomic():
                gone = sort.remove(before, BATCH)
                _follow(gone)
            if not gone.rows:
                return rows
            rows += gone.rows
    finally:
        if rows:
            audit.record("retention.applied", f"retention:{sort.key}", actor=SYSTEM, rows=rows)


def _follow(gone: Gone) -> None:
    """The columnar copy reads again whose moments went; the next cleansing takes their months along."""
    if gone.everybody or len(gone.people) > MANY:
        stale.note_all([stale.EVERYBODY])
    else:
        stale.note_all(gone.people)
    noted = set(Cleansing.objects.aged().values_list("tables", flat=True).first() or [])
    if not noted.issuperset(gone.tables):
        Cleansing.objects.aged().delete()
        Cleansing.objects.create(cause=Cleansing.Cause.RETENTION, tables=sorted({*noted, *gone.tables}))
