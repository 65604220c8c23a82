"""An agent says that they are ready, busy, on a break, away or off; their windows say that somebody is there."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.kit import clock
from careline.kit.refusals import NotAllowed, Refused
from careline.service.routing import offering, presence
from careline.service.routing.models import STATUSES, Offer, Presence, StatusReason


@transaction.atomic
def set_status(
    agent_id: int, status: str, *, actor: Actor, reason_id: int | None = None, at: datetime | None = None
) -> Presence:
    """One's own, or a colleague's by whoever manages queues. The same again says that one is still there."""
    agent = accounts.agent(actor, agent_id)
    if agent_id != actor.agent_id:
        actor.must("queues.manage")
    elif not actor.may("conversations.reply"):
        raise NotAllowed(_("Only who answers customers has a status."))
    if status not in STATUSES:
        raise Refused(_("Choose one from the list."), field="status")
    if not agent.is_active and status != "off":
        raise Refused(_("This agent has left."), field="status")
    reason = _reason(status, reason_id)
    at = at or clock.now()
    Presence.objects.get_or_create(agent_id=agent_id, defaults={"since": at})
    held = Presence.objects.select_for_update().get(agent=agent_id)
    themselves = agent_id == actor.agent_id
    # What a colleague says of them is no sign that they are there; without any they would never fall silent.
    held.seen_at = at if themselves else held.seen_at or at
    held.active_at = at if themselves else held.active_at or at
    if (held.status, held.reason_id) == (status, reason and reason.pk):
        held.save(update_fields=["seen_at", "active_at"])
        return held
    by: presence.By = "themselves" if themselves else "colleague"
    presence.changed(held, status, actor=actor, by=by, at=at, reason=reason)
    if status in ("away", "off", "break"):
        _pass_on(agent_id, at)
    return held


@transaction.atomic
def heard_from(agent_id: int, *, active: bool, at: datetime | None = None) -> bool:
    """A window of theirs is open; `active`: somebody touched it. Whoever had fallen silent is back where they were."""
    at = at or clock.now()
    found = presence.BEAT.one(agent=agent_id, active=active, now=at)
    if found is None or not (active and found.returns_to):
        return False
    held = Presence.objects.select_for_update().select_related("agent").get(agent=agent_id)
    if not held.returns_to:
        return False
    themselves = Actor(kind="agent", id=agent_id, name=held.agent.name, agent_id=agent_id)
    presence.changed(held, held.returns_to, actor=themselves, by="stirring", at=at)
    return True


def _reason(status: str, reason_id: int | None) -> StatusReason | None:
    if reason_id is None:
        return None
    found = StatusReason.objects.filter(pk=reason_id, status=status).first()
    if found is None:
        raise Refused(_("Choose one from the list."), field="reason")
    return found


def _pass_on(agent_id: int, at: datetime) -> None:
    """What stood offered to somebody who goes is somebody else's."""
    standing = Offer.objects.filter(agent=agent_id, state=Offer.State.MADE).order_by("pk")
    for one in standing.select_for_update(skip_locked=True):
        offering.passed_on(one, Offer.State.REFUSED, at=at)
