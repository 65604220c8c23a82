"""What became of a message: statuses only rise, and those that come too early wait for their message."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection, transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.channels.models import Outbox, ParkedStatus
from careline.kit import bus, clock

# A failure may be corrected by a later word that it arrived; nothing else goes back.
RANK = {"queued": 0, "sending": 1, "sent": 2, "failed": 3, "delivered": 4, "read": 5, "played": 6}
_TOLD = frozenset(RANK) - {"queued", "sending"}


@transaction.atomic
def status(inbox_id: int, external_id: str, status: str, reason: str = "") -> bool:
    """The other side says what became of a message; False when that was known, or waits until the message is."""
    if status not in _TOLD:
        raise ValueError(f"{status} is no status another side can tell")
    in_turn(inbox_id, external_id)
    reason = reason.replace("\0", "")
    row = Outbox.objects.select_for_update().filter(inbox=inbox_id, external_id=external_id).first()
    if row is not None:
        return raise_to(row, status, reason)
    ParkedStatus.objects.bulk_create(
        [ParkedStatus(inbox_id=inbox_id, external_id=external_id, status=status, reason=reason, at=clock.now())],
        ignore_conflicts=True,
    )
    return False


def name(row: Outbox, external_id: str) -> None:
    """The message has its id on the other side; statuses that waited for it are applied. Turn and row are held."""
    if row.external_id is not None:
        return  # an attempt that was thought lost came home late; the first id is the one we are told about
    taken = Outbox.objects.filter(inbox=row.inbox_id, external_id=external_id).exclude(pk=row.pk).exists()
    if taken:
        return  # the other side gives one id to several messages: then it cannot tell us about any
    row.external_id = external_id
    row.save(update_fields=["external_id"])
    early = list(ParkedStatus.objects.select_for_update().filter(inbox=row.inbox_id, external_id=external_id))
    for parked in sorted(early, key=lambda one: RANK[one.status]):
        raise_to(row, parked.status, parked.reason)
    ParkedStatus.objects.filter(pk__in=[parked.pk for parked in early]).delete()


def raise_to(row: Outbox, status: str, reason: str = "", *, at: datetime | None = None) -> bool:
    """Lift the row, held by the caller, to a higher status and write it on the line; a lower one changes nothing."""
    if RANK[status] <= RANK[row.state]:
        return False
    if status == "failed" and not reason:
        reason = "No reason was given."
    row.state, row.error, row.updated_at = status, reason if status == "failed" else "", at or clock.now()
    row.save(update_fields=["state", "error", "updated_at"])
    _tell(row, reason)
    return True


def retell(row: Outbox, status: str, reason: str) -> bool:
    """The status stands, and there is something new to say of it: why it takes so long, who else has not got it."""
    if row.state != status or not reason or reason == row.payload.get("told", row.error):
        return False
    row.payload["told"], row.updated_at = reason, clock.now()
    row.error = reason if status == "failed" else row.error
    row.save(update_fields=["payload", "error", "updated_at"])
    _tell(row, reason)
    return True


def _tell(row: Outbox, reason: str) -> None:
    conversation = row.payload.get("conversation")
    if row.state in _TOLD:
        about: dict[str, Any] = {"source": f"outbox:{row.pk}", "outbound": row.pk}
        if row.message_id is not None and conversation is not None:
            about = {
                "source": f"conversation:{conversation}", "conversation": conversation, "message": str(row.message_id),
            }  # fmt: skip
        touchpoints.record(
            "delivery.updated", person=row.person_id, actor=SYSTEM, inbox=row.inbox_id, occurred_at=row.updated_at,
            status=row.state, reason=reason, **about,
        )  # fmt: skip
    bus.after_commit("delivery", {"outbox": row.pk, "conversation": conversation, "status": row.state})


def in_turn(inbox_id: int, external_id: str) -> None:
    """One at a time for each id, taken before the row: a status being parked and the id it waits for see each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [external_id, inbox_id])
