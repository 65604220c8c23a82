"""What this room holds of a person: what they sent as it came, and what is on its way to them."""

from __future__ import annotations

import json

from django.db.models import Q, QuerySet

from careline.channels import backlog, hot
from careline.channels.models import Inbound, Outbox, ParkedStatus
from careline.customers.models import Identity
from careline.kit import personal
from careline.kit.sentences import told


def _inbound_of(person_id: int) -> QuerySet[Inbound]:
    names = sorted({name for one in Identity.objects.filter(person_id=person_id) for name in _written(one)})
    # Nobody understood these, so they carry no person; their bytes may still name one.
    unread = Inbound.objects.filter(state=Inbound.State.FAILED, person=None).exclude(raw=b"") if names else ()
    naming = [row.pk for row in unread if _names(backlog.raw_of(row), names)]
    return Inbound.objects.filter(Q(person_id=person_id) | Q(pk__in=naming))


def _names(raw: bytes, names: list[str]) -> bool:
    """In any case, as far as that is one byte for another: addresses and numbers are ASCII nearly always."""
    folded = raw.lower()
    return any(name.encode() in raw or name.encode().lower() in folded for name in names)


def _written(identity: Identity) -> set[str]:
    """As a delivery may name them: plain, or escaped as JSON. Names short enough to stand anywhere only as a whole."""
    told = {identity.value, identity.original} - {""}
    quoted = {json.dumps(name) for name in told} | {json.dumps(name, ensure_ascii=False) for name in told}
    is_plain = identity.kind in (Identity.Kind.EMAIL, Identity.Kind.PHONE)
    return {name[1:-1] for name in quoted} if is_plain else quoted


def _export_inbound(person_id: int) -> list[personal.Row]:
    return [
        {"received_at": row.received_at.isoformat(), "raw": backlog.raw_of(row).decode(errors="replace")}
        for row in _inbound_of(person_id).exclude(raw=b"").order_by("id")
    ]


def _erase_inbound(person_id: int) -> int:
    # The row stays, so that the same delivery is not taken in a second time; its key may name somebody.
    return _inbound_of(person_id).update(
        raw=b"", headers={}, error="", state=Inbound.State.TAKEN, external_key=hot.Unnamed("external_key")
    )


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


def _parked_of(person_id: int) -> QuerySet[ParkedStatus]:
    """A server may name somebody in its words, whoever the field names."""
    names = sorted({name for one in Identity.objects.filter(person_id=person_id) for name in _written(one)})
    parked = ParkedStatus.objects.all() if names else ()
    naming = [row.pk for row in parked if _names(f"{row.address} {row.reason} {row.words}".encode(), names)]
    return ParkedStatus.objects.filter(pk__in=naming)


def _export_parked(person_id: int) -> list[personal.Row]:
    return [
        {"at": row.at.isoformat(), "address": row.address, "status": row.status, "reason": told(row.reason)}
        for row in _parked_of(person_id).order_by("id")
    ]


def _erase_parked(person_id: int) -> int:
    return _parked_of(person_id).delete()[0]


def register() -> None:
    personal.register("channels.Inbound", export=_export_inbound, erase=_erase_inbound)
    personal.register("channels.Outbox", export=_export_outbox, erase=_erase_outbox)
    personal.register("channels.ParkedStatus", export=_export_parked, erase=_erase_parked)
    personal.exempt("channels.Inbox", "An address of the house, and nobody's.")
    personal.exempt("channels.Membership", "Which agents work where; agents are no customers.")
    personal.exempt("channels.Bookmark", "How far a mailbox was read: a number, and no word of what was read.")
    personal.exempt("channels.Illegible", "That a delivery could not be read, and a code for why; kept for two weeks.")
    personal.exempt("channels.Visit", "How often a mailbox was looked into, in numbers; kept for two weeks.")
    personal.exempt("channels.Trial", "Whether the servers of an inbox answer, in our own words.")
