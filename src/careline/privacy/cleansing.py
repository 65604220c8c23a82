"""Cleaning the disk of what was erased: the columnar copy, tables and their indexes, the planner, the log of changes.

It may end at any point and is done again from the start: each step leaves nothing when it was done before. What waits
is written down in the transaction that erases.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from pathlib import Path

from django.conf import settings
from django.db.models import Min

from careline.insights.warehouse.copy import keeping as columnar
from careline.kit import cleansing, clock
from careline.kit.alone import alone
from careline.kit.cleansing import Held
from careline.privacy.models import PROMISED, Cleansing
from careline.touchpoints.partitions import PARENT

# One at a time: "cleanse".
_ONE_CLEANSER = 0x636C_6561_6E73_6500
# Writing a table of so many bytes anew locks it for minutes; at night it is only swept.
LARGEST = 8 * 1024**3
# What will go another time; everything else in `left` the database does not allow at all.
PASSING = frozenset({"readers", "tables", "copy"})
_log = logging.getLogger(__name__)


def cleanse(
    *, patience: float = 60.0, thorough: bool = False, told: Callable[[int, int], object] = lambda step, steps: None
) -> bool:
    """Everything that waits; False when something stood in the way and it is to be tried again."""
    with alone(_ONE_CLEANSER) as mine:
        waiting = list(Cleansing.objects.waiting().order_by("pk")) if mine else []
        if not waiting:
            return mine
        tables = sorted({table for one in waiting for table in one.tables})
        steps = len(tables) + 3
        mine_only = Cleansing.objects.filter(pk__in=[one.pk for one in waiting])

        def report(step: int) -> None:
            mine_only.update(step=step, steps=steps)
            told(step, steps)

        left = _done(tables, report, patience, thorough=thorough or any(one.urgent for one in waiting))
        passing = bool(left & PASSING)
        now = clock.now()
        mine_only.update(tried_at=now, left=sorted(left), clean_at=None if passing else now)
        if left:
            _log.warning("Cleansing left something: %s", ", ".join(sorted(left)))
        return not passing


def cleanse_until_done(
    *, patience: float = 600.0, told: Callable[[int, int], object] = lambda step, steps: None
) -> list[str]:
    """For whoever waits for it, also while somebody else is at it; returns the codes of what is left."""
    mine = list(Cleansing.objects.promised().values_list("pk", flat=True))
    deadline = time.monotonic() + patience
    while True:
        cleanse(thorough=True, told=told)
        rows = list(Cleansing.objects.filter(pk__in=mine))
        if all(one.clean_at for one in rows) or time.monotonic() > deadline:
            return sorted({code for one in rows for code in one.left})
        time.sleep(1)


def is_due(hour: int) -> bool:
    """In the small hours of the organization, at once when somebody asked, and in any case before the promise ends."""
    waiting = Cleansing.objects.promised()
    oldest = waiting.aggregate(oldest=Min("at"))["oldest"]
    if oldest is None:
        return False
    return hour in range(2, 5) or clock.now() - oldest > PROMISED * 0.75 or waiting.filter(urgent=True).exists()


def _done(tables: list[str], report: Callable[[int], object], patience: float, *, thorough: bool) -> set[str]:
    left: set[str] = set()
    report(0)
    if not columnar.renewed(patience):
        left.add("copy")
    try:
        cleansing.wait_for_readers(cleansing.now(), patience)
    except Held:
        return left | {"readers"}
    for step, table in enumerate(tables, 1):
        report(step)
        try:
            left |= _table(table, patience, thorough=thorough)
        except Held:
            left.add("tables")
    report(len(tables) + 1)
    try:
        cleansing.forget_samples(patience, PARENT)
    except Held:
        left.add("tables")
    report(len(tables) + 2)
    left |= set(cleansing.remove_leftovers(Path(settings.DATA) / "postgres" / "data"))
    left |= set(cleansing.forget_changes())
    if cleansing.is_copied_elsewhere():
        left.add("elsewhere")
    report(len(tables) + 3)
    return left


def _table(table: str, patience: float, *, thorough: bool) -> set[str]:
    if not cleansing.exists(table):  # a month that went as a whole
        return set()
    if not thorough and cleansing.size(table) > LARGEST:
        cleansing.sweep(table)
        return {"large"}
    cleansing.rewrite(table, patience)
    return set()
