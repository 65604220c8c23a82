"""Deliveries nobody could read: kept, shown with the reason, and told to those who manage inboxes once a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import msgspec
from django.db import transaction
from django.db.models import Count

from careline.accounts.actor import Actor
from careline.channels import adapter, queries
from careline.channels.models import Illegible, Inbound, Inbox
from careline.kit import clock
from careline.kit.sentences import told

KEPT = timedelta(days=14)
# Whoever was told of an inbox is left alone for so long; what comes meanwhile is counted in the next mail.
QUIET = timedelta(days=1)


class Unread(msgspec.Struct, frozen=True):
    """`conversation` holds the original; None while the delivery is stuck."""

    delivery: int
    at: datetime
    why: str
    words: str
    conversation: int | None
    told_at: datetime | None


@transaction.atomic(savepoint=False)  # of the transaction the delivery is taken in
def note(inbox_id: int, delivery_id: int, *, why: str = "", conversation_id: int | None = None) -> None:
    """Once for each delivery. `why` is a code the channel has words for; what is stuck carries its own sentence."""
    row = Illegible(
        delivery_id=delivery_id, inbox_id=inbox_id, why=why, conversation_id=conversation_id, at=clock.now()
    )
    Illegible.objects.bulk_create([row], ignore_conflicts=True)


def note_stuck(rows: Iterable[Inbound]) -> None:
    for row in rows:
        if row.state == Inbound.State.FAILED:
            note(row.inbox_id, row.pk)


def read_again(delivery_id: int) -> None:
    """It is tried once more; should that fail too, it is news."""
    Illegible.objects.filter(delivery=delivery_id).delete()


def lately(actor: Actor, inbox_id: int, limit: int = 30) -> list[Unread]:
    """The newest first."""
    inbox = queries.by_id(actor, inbox_id)
    actor.must("inboxes.manage")
    remark = adapter.of(inbox.kind).remark
    rows = Illegible.objects.filter(inbox=inbox).order_by("-at", "-pk").values_list(
        "delivery_id", "at", "why", "delivery__error", "conversation_id", "told_at"
    )  # fmt: skip
    return [
        Unread(delivery, at, why, remark(why) if why else told(error), conversation, told_at)
        for delivery, at, why, error, conversation, told_at in rows[:limit]
    ]


def of_today() -> list[tuple[str, int]]:
    """By inbox, how many within a day stand in a conversation with nothing but the original."""
    since = clock.now() - QUIET
    found = Illegible.objects.filter(at__gt=since, conversation_id__isnull=False)
    return list(found.values_list("inbox__name").annotate(n=Count("pk")).order_by("inbox__name"))


def waiting() -> list[int]:
    """Inboxes with something nobody was told of."""
    untold = Illegible.objects.filter(told_at__isnull=True)
    return list(untold.order_by("inbox_id").values_list("inbox_id", flat=True).distinct())


class Claim(msgspec.Struct, frozen=True):
    inbox_id: int
    n: int
    at: datetime


@transaction.atomic
def claim(inbox_id: int) -> Claim | None:
    """What there is to tell of now; whoever asks next is told of nothing, for a day."""
    Inbox.objects.select_for_update().get(pk=inbox_id)
    now = clock.now()
    found = Illegible.objects.filter(inbox=inbox_id)
    if found.filter(told_at__gt=now - QUIET).exists():
        return None
    n = found.filter(told_at__isnull=True).update(told_at=now)
    return Claim(inbox_id, n, now) if n else None


def give_back(claimed: Claim) -> None:
    """Nobody could be told: it is tried again."""
    Illegible.objects.filter(inbox=claimed.inbox_id, told_at=claimed.at).update(told_at=None)


def purge() -> int:
    return Illegible.objects.filter(at__lt=clock.now() - KEPT).delete()[0]
