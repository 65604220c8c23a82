"""What is told of a message on its way: of one to several people, about each by itself, and what follows from it."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from careline import contact
from careline.channels.adapter import Receipt
from careline.channels.models import Outbox
from careline.channels.outbox import preparing, statuses


@transaction.atomic
def returned(inbox_id: int, receipt: Receipt) -> None:
    """Only whom the message was written to can be told about: anybody may have read its name."""
    statuses.in_turn(inbox_id, receipt.external_id)
    row = Outbox.objects.select_for_update().filter(inbox=inbox_id, external_id=receipt.external_id).first()
    if row is None or not (receipt.address or receipt.suppress):
        statuses.status(inbox_id, receipt.external_id, receipt.status, receipt.reason)
        return
    written_to = preparing.written_to(row)
    meant = _meant(receipt.address, written_to)
    _tell(row, receipt, alone=len(written_to) < 2)
    if receipt.suppress and meant:
        contact.suppress(
            meant, receipt.suppress, code=receipt.code, words=receipt.words, message_id=row.message_id
        )  # fmt: skip


def _meant(address: str, written_to: list[str]) -> str:
    """Providers hide who complained; of a mail to one person it is clear."""
    if not address:
        return written_to[0] if len(written_to) == 1 else ""
    return next((one for one in written_to if one.casefold() == address.casefold()), "")


def _tell(row: Outbox, receipt: Receipt, *, alone: bool) -> None:
    lost: dict[str, str] = row.payload.get("lost", {})
    if receipt.status != "failed":
        # That one of several has it does not undo that another has not.
        if not lost and not statuses.raise_to(row, receipt.status, receipt.reason):
            statuses.retell(row, receipt.status, receipt.reason)
        return
    if receipt.address in lost:
        return
    row.payload["lost"] = lost | {receipt.address: receipt.reason}
    row.save(update_fields=["payload"])
    if row.state == Outbox.State.SENDING:
        return  # others are still to get it; it is told when they have
    told = receipt.reason if alone else not_for(row.payload["lost"])
    if not statuses.raise_to(row, "failed", told):
        statuses.retell(row, "failed", told)


def not_for(lost: dict[str, str]) -> str:
    """Of several recipients, those who did not get it."""
    told = "; ".join(f"{address}: {reason}" for address, reason in lost.items())
    return _("Not delivered to %(whom)s") % {"whom": told}
