"""What is told of a message on its way: of one to several people, about each by itself, and what follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from django.db import transaction

from careline import contact
from careline.channels.adapter import Missed, Receipt, Status
from careline.channels.models import Outbox
from careline.channels.outbox import preparing, statuses
from careline.kit import sentences
from careline.kit.sentences import Sentence, Words, joined
from careline.kit.sentences import lasting as _


def status(inbox_id: int, external_id: str, status: Status, reason: Words = "") -> bool:
    """The other side says what became of a message; False when that was known, or waits until the message is."""
    return returned(inbox_id, Receipt(external_id, status, reason))


@transaction.atomic
def returned(inbox_id: int, receipt: Receipt) -> bool:
    """What comes before its message has its id waits for it, whole."""
    statuses.must_be_told(receipt.status)
    statuses.in_turn(inbox_id, receipt.external_id)
    row = Outbox.objects.select_for_update().filter(inbox=inbox_id, external_id=receipt.external_id).first()
    if row is None:
        statuses.park(inbox_id, receipt)
        return False
    return tell(row, receipt)


def tell(row: Outbox, receipt: Receipt) -> bool:
    """Only whom the message was written to can be told about: anybody may have read its name. The row is held."""
    if not (receipt.address or receipt.suppress):
        return statuses.raise_to(row, receipt.status, receipt.reason)
    written_to = preparing.written_to(row)
    meant = _meant(receipt.address, written_to)
    news = _tell(row, receipt, alone=len(written_to) < 2)
    if receipt.suppress and meant:
        contact.suppress(
            meant, receipt.suppress, code=receipt.code, words=receipt.words, message_id=row.message_id
        )  # fmt: skip
    return news


def suppressed(missed: Iterable[Missed], message_id: UUID | None) -> None:
    """Whom our own server would not even take a mail for, since nobody is there."""
    for one in missed:
        if one.suppress:
            contact.suppress(one.address, one.suppress, code=one.code, words=one.words, message_id=message_id)


def _meant(address: str, written_to: list[str]) -> str:
    """Providers hide who complained; of a mail to one person it is clear."""
    if not address:
        return written_to[0] if len(written_to) == 1 else ""
    return next((one for one in written_to if one.casefold() == address.casefold()), "")


def _tell(row: Outbox, receipt: Receipt, *, alone: bool) -> bool:
    lost: dict[str, str] = row.payload.get("lost", {})
    if receipt.status != "failed":
        # That one of several has it does not undo that another has not.
        return not lost and (
            statuses.raise_to(row, receipt.status, receipt.reason)
            or statuses.retell(row, receipt.status, receipt.reason)
        )
    if receipt.address in lost:
        return False
    row.payload["lost"] = lost | {receipt.address: sentences.kept(receipt.reason)}
    row.save(update_fields=["payload"])
    if row.state == Outbox.State.SENDING:
        return False  # others are still to get it; it is told when they have
    told = receipt.reason if alone else not_for(row.payload["lost"])
    return statuses.raise_to(row, "failed", told) or statuses.retell(row, "failed", told)


def not_for(lost: Mapping[str, str]) -> Sentence:
    """Of several recipients, those who did not get it."""
    return _("Not delivered to %(whom)s") % {"whom": each(lost)}


def each(reasons: Mapping[str, str]) -> Sentence:
    """By address, as they are kept."""
    return joined(*(joined(address, sentences.of(why), by=": ") for address, why in reasons.items()), by="; ")
