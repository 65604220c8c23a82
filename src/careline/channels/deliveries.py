"""Deliveries that were understood and came to nothing: listed with the reason, read as they came, insisted on."""

from __future__ import annotations

from datetime import datetime

import msgspec
from django.db import transaction
from django.db.models.functions import Length
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.channels import backlog, queries
from careline.channels.letters import INSISTED
from careline.channels.models import Inbound
from careline.kit import bus, clock
from careline.kit.refusals import Conflicting, NotVisible
from careline.kit.sentences import told


class Nothing(msgspec.Struct, frozen=True):
    id: int
    at: datetime
    size: int
    words: str


def came_to_nothing(actor: Actor, inbox_id: int, limit: int = 30) -> list[Nothing]:
    """The newest first; without a word of what they say."""
    actor.must("inboxes.manage")
    rows = (
        Inbound.objects.filter(inbox=queries.by_id(actor, inbox_id), state=Inbound.State.TAKEN)
        .exclude(error="")
        .order_by("-id")
        .annotate(size=Length("raw"))
        .values_list("pk", "received_at", "size", "error")
    )
    return [Nothing(row_id, at, size, told(error)) for row_id, at, size, error in rows[:limit]]


@transaction.atomic
def read(delivery_id: int, *, actor: Actor) -> bytes:
    """As it came. Whoever reads it leaves a line in the audit log."""
    row = _seen(delivery_id, actor)
    audit.record("inbound.read", f"inbound:{row.pk}", actor=actor)
    return backlog.raw_of(row)


@transaction.atomic
def insist(delivery_id: int, *, actor: Actor) -> None:
    """Make a conversation of it all the same."""
    row = _seen(delivery_id, actor)
    if row.state != Inbound.State.TAKEN or not row.error or not row.raw:
        raise Conflicting(_("This was already taken in."))
    row.state, row.error, row.attempts, row.next_attempt_at = Inbound.State.NEW, "", 0, clock.now()
    row.headers = {**row.headers, INSISTED: "1"}
    row.save(update_fields=["state", "error", "attempts", "next_attempt_at", "headers"])
    audit.record("inbound.insisted", f"inbound:{row.pk}", actor=actor)
    bus.after_commit("inbound", {})


def _seen(delivery_id: int, actor: Actor) -> Inbound:
    actor.must("inboxes.manage")
    visible = queries.visible_to(actor).order_by().values("pk")
    row = Inbound.objects.select_for_update().filter(pk=delivery_id, inbox__in=visible).first()
    if row is None:
        raise NotVisible(_("There is nothing of this number."))
    return row
