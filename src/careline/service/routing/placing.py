"""Which queue a conversation waits in, from what is true of it now. Safe to ask again at any time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

import msgspec
from django.db import connection

from careline.kit import clock
from careline.service.conversations import conditions
from careline.service.routing import leaving, looks, offering, terms
from careline.service.routing.looks import Fresh
from careline.service.routing.models import Waiting
from careline.service.routing.relaxing import Asked, Eased

BATCH = 500
# Eight letters of "routing": one process at a time decides or rearranges.
LOCK = int.from_bytes(b"routing!", "big")


def hold() -> None:
    """Until the transaction ends. Whoever decides sees all that was arranged before."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def place(ids: Collection[int], *, at: datetime | None = None) -> bool:
    """In the caller's transaction; whether anything waits now that did not, or in another place."""
    if not ids or (terms.house() is None and not Waiting.objects.exists()):
        return False
    hold()
    # Queues may have been changed by whoever was waited for.
    house, at = terms.house(), at or clock.now()
    fresh = {} if house is None else {one.id: one for one in looks.FRESH.all(ids=sorted(set(ids)))}
    known = {one.pk: one for one in Waiting.objects.filter(pk__in=ids)}
    subjects = conditions.subjects(fresh, at=at)
    kept, put = set(), []
    for number, one in fresh.items():
        assert house is not None
        before = known.get(number)
        if before is not None and before.went_over and before.queue_id in house.queues:
            queue: int | None = before.queue_id
        else:
            queue = next((q for q, holds in house.holds.items() if conditions.met(holds, subjects[number])), None)
        if queue is not None:
            kept.add(number)
            put.append(_row(house, one, queue, before, at))
    gone = set(ids) - kept
    moved = {row.pk for row in put if row.pk in known and known[row.pk].queue_id != row.queue_id}
    withdrawn = offering.withdraw(gone | moved, at=at)
    changed = leaving.left(gone, at=at) + _written([row for row in put if _is_other(row, known.get(row.pk))])
    return bool(changed or withdrawn)


def _row(house: terms.House, one: Fresh, queue: int, before: Waiting | None, at: datetime) -> Waiting:
    stays = before is not None and before.queue_id == queue
    row = Waiting(
        pk=one.id, queue_id=queue, inbox_id=one.inbox, channel=one.channel, priority=one.priority,
        language=one.language, last_id=one.last, team_id=one.team,
        since=before.since if before else min(one.active_at, at),
        entered=before.entered if before and stays else at, went_over=bool(before and before.went_over),
        not_by=list(before.not_by) if before else [], not_by_until=before.not_by_until if before else None,
        due_at=one.due, offered=bool(before and stays and before.offered),
    )  # fmt: skip
    ease(house, row, at)
    return row


def ease(house: terms.House, row: Waiting, at: datetime) -> None:
    """Its need as its queue asks at this moment; over into another queue where a step says so."""
    if row.not_by_until is not None and row.not_by_until <= at:
        row.not_by, row.not_by_until = [], None
    found = _eased(house, row, at)
    if found.queue is not None and found.queue in house.queues and not row.went_over:
        row.queue_id, row.entered, row.went_over = found.queue, at, True
        found = _eased(house, row, at)
    start = terms.head_start(house.queues[row.queue_id], row.priority) + found.head_start
    row.need = msgspec.json.encode(found.need).decode()
    row.rank, row.step = row.since - start, found.step
    row.next_at = min(filter(None, (found.next_at, row.not_by_until)), default=None)


def _eased(house: terms.House, row: Waiting, at: datetime) -> Eased:
    asked = Asked(
        inbox=row.inbox_id, weight=house.weights.get(row.channel, 1), entered=row.entered,
        speaks=house.speaks.get(row.language.partition("-")[0]), last=row.last_id, team=row.team_id,
        not_by=tuple(sorted(row.not_by)), due=row.due_at, went_over=row.went_over,
    )  # fmt: skip
    return house.eased(row.queue_id, asked, at)


def _is_other(row: Waiting, before: Waiting | None) -> bool:
    names = (
        "queue_id", "need", "rank", "next_at", "not_by_until", "due_at", "last_id", "language", "priority", "team_id",
    )  # fmt: skip
    return before is None or any(getattr(row, name) != getattr(before, name) for name in names)


WRITTEN = (
    "queue", "need", "rank", "since", "entered", "inbox_id", "channel", "priority", "language", "last_id", "team_id",
    "not_by", "not_by_until", "due_at", "step", "next_at", "went_over", "offered",
)  # fmt: skip


def _written(rows: list[Waiting]) -> int:
    Waiting.objects.bulk_create(
        sorted(rows, key=lambda row: row.pk), update_conflicts=True, unique_fields=["conversation"],
        update_fields=WRITTEN,
    )  # fmt: skip
    return len(rows)


def ease_due(house: terms.House, at: datetime, *, limit: int = BATCH) -> int:
    """Those whose queue gives way now, or who may be asked again."""
    due = list(Waiting.objects.filter(next_at__lte=at, queue__in=house.queues).order_by("pk")[:limit])
    for row in due:
        ease(house, row, at)
    return _written(due)


def sweep(*, at: datetime | None = None) -> bool:
    """Everything that waits and is in no queue, and what is in one and waits no longer, or by another promise."""
    if terms.house() is None and not Waiting.objects.exists():
        return False
    changed = False
    for missed in (looks.OTHERWISE, looks.UNPLACED):
        after = 0
        while found := [one.id for one in missed.all(after=after, limit=BATCH)]:
            changed |= place(found, at=at)
            after = found[-1]
    return changed


def rearrange(*, since: int = 0, at: datetime | None = None) -> bool:
    """What waits is asked again which queue it belongs to: one was changed. What an earlier one has stays; `since`
    is the position of the first that may give or take some."""
    changed, after = False, 0
    waiting = Waiting.objects.filter(queue__position__gte=since).order_by("pk").values_list("pk", flat=True)
    while found := list(waiting.filter(pk__gt=after)[:BATCH]):
        changed |= place(found, at=at)
        after = found[-1]
    return changed
