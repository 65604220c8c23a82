"""What this room holds of a person: what they sent as it came, and what is on its way to them."""

from __future__ import annotations

from careline.channels.models import Inbound, Outbox
from careline.kit import personal


def _export_inbound(person_id: int) -> list[personal.Row]:
    return [
        {"received_at": row.received_at.isoformat(), "raw": bytes(row.raw).decode(errors="replace")}
        for row in Inbound.objects.filter(person_id=person_id).exclude(raw=b"").order_by("id")
    ]


def _erase_inbound(person_id: int) -> int:
    # The row stays, so that the same delivery is not taken in a second time.
    return Inbound.objects.filter(person_id=person_id).update(raw=b"", headers={}, error="", state=Inbound.State.TAKEN)


def _export_outbox(person_id: int) -> list[personal.Row]:
    return [
        {
            "created_at": row.created_at.isoformat(),
            "recipient": row.recipient,
            "text": row.payload.get("text", ""),
            "state": row.state,
        }
        for row in Outbox.objects.filter(person_id=person_id).order_by("id")
    ]


def _erase_outbox(person_id: int) -> int:
    return Outbox.objects.filter(person_id=person_id).delete()[0]


def register() -> None:
    personal.register("channels.Inbound", export=_export_inbound, erase=_erase_inbound)
    personal.register("channels.Outbox", export=_export_outbox, erase=_erase_outbox)
    personal.exempt("channels.Inbox", "An address of the house, and nobody's.")
    personal.exempt("channels.Membership", "Which agents work where; agents are no customers.")
    personal.exempt("channels.ParkedStatus", "A provider's number for a message and no word of it, kept for a week.")
