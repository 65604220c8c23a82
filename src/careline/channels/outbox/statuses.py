"""What became of a message: statuses only rise, and those that come too early wait for their message."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import connection

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.channels.adapter import Receipt
from careline.channels.models import Outbox, ParkedStatus
from careline.kit import bus, clock, sentences
from careline.kit.sentences import Sentence, Words
from careline.kit.sentences import lasting as _

# A failure may be corrected by a later word that it arrived; nothing else goes back.
RANK = {"queued": 0, "sending": 1, "sent": 2, "failed": 3, "delivered": 4, "read": 5, "played": 6}
_TOLD = frozenset(RANK) - {"queued", "sending"}


def must_be_told(status: str) -> None:
    if status not in _TOLD:
        raise ValueError(f"{status} is no status another side can tell")


def park(inbox_id: int, receipt: Receipt) -> None:
    """Until its message has its id; whatever else was told of it is kept beside it."""
    parked = ParkedStatus(
        inbox_id=inbox_id, external_id=receipt.external_id, status=receipt.status,
        reason=sentences.kept(receipt.reason), address=receipt.address.replace("\0", ""),
        suppress=receipt.suppress, code=receipt.code, words=receipt.words.replace("\0", ""), at=clock.now(),
    )  # fmt: skip
    ParkedStatus.objects.bulk_create([parked], ignore_conflicts=True)


def name(row: Outbox, external_id: str) -> list[Receipt]:
    """The message has its id on the other side: what was told of it before, the lowest first. Turn and row are held."""
    if row.external_id is not None:
        return []  # an attempt that was thought lost came home late; the first id is the one we are told about
    taken = Outbox.objects.filter(inbox=row.inbox_id, external_id=external_id).exclude(pk=row.pk).exists()
    if taken:
        return []  # the other side gives one id to several messages: then it cannot tell us about any
    row.external_id = external_id
    row.save(update_fields=["external_id"])
    early = list(ParkedStatus.objects.select_for_update().filter(inbox=row.inbox_id, external_id=external_id))
    ParkedStatus.objects.filter(pk__in=[parked.pk for parked in early]).delete()
    return [
        Receipt(
            external_id,
            one.status,  # type: ignore[arg-type]  # the database checks both
            sentences.of(one.reason),
            one.address,
            one.suppress,  # type: ignore[arg-type]
            one.code,
            one.words,
        )
        for one in sorted(early, key=lambda one: (RANK[one.status], one.pk))
    ]


def raise_to(row: Outbox, status: str, reason: Words = "", *, at: datetime | None = None) -> bool:
    """Lift the row, held by the caller, to a higher status and write it on the line; a lower one changes nothing."""
    if RANK[status] <= RANK[row.state]:
        return False
    if status == "failed" and not reason:
        reason = _("No reason was given.")
    kept = sentences.kept(reason)
    row.state, row.error, row.updated_at = status, kept if status == "failed" else "", at or clock.now()
    row.save(update_fields=["state", "error", "updated_at"])
    _tell(row, reason)
    return True


def retell(row: Outbox, status: str, reason: Words) -> bool:
    """The status stands, and there is something new to say of it: why it takes so long, who else has not got it."""
    kept = sentences.kept(reason)
    if row.state != status or not reason or kept == row.payload.get("told", row.error):
        return False
    row.payload["told"], row.updated_at = kept, clock.now()
    row.error = kept if status == "failed" else row.error
    row.save(update_fields=["payload", "error", "updated_at"])
    _tell(row, reason)
    return True


def _tell(row: Outbox, reason: Words) -> None:
    conversation = row.payload.get("conversation")
    if row.state in _TOLD:
        about: dict[str, Any] = {"source": f"outbox:{row.pk}", "outbound": row.pk}
        if row.message_id is not None and conversation is not None:
            about = {
                "source": f"conversation:{conversation}", "conversation": conversation, "message": str(row.message_id),
            }  # fmt: skip
        if isinstance(reason, Sentence) and reason.named:
            about["sentence"] = sentences.plain(reason)
        touchpoints.record(
            "delivery.updated", person=row.person_id, actor=SYSTEM, inbox=row.inbox_id, occurred_at=row.updated_at,
            status=row.state, reason=str(reason).replace("\0", ""), **about,
        )  # fmt: skip
    bus.after_commit("delivery", {"outbox": row.pk, "conversation": conversation, "status": row.state})


def in_turn(inbox_id: int, external_id: str) -> None:
    """One at a time for each id, taken before the row: a status being parked and the id it waits for see each other."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, %s))", [external_id, inbox_id])
