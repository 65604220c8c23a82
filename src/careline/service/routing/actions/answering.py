"""What somebody makes of an offer."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit import clock
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible
from careline.service.conversations.models import Conversation
from careline.service.routing import offering
from careline.service.routing.models import Offer


class NoLonger(Conflicting):
    """The offer has ended: it was not answered in time, or somebody took the conversation."""


@transaction.atomic
def accept(offer_id: int, *, actor: Actor, at: datetime | None = None) -> Offer:
    """The conversation is theirs, with the reason in its thread. Accepted twice is accepted once."""
    at = at or clock.now()
    offer = _taken(offer_id, actor)
    if offer.state == Offer.State.ACCEPTED:
        return offer
    if offer.state != Offer.State.MADE or offer.due_at <= at:
        raise NoLonger(_("This was offered to somebody else meanwhile."))
    offer.state, offer.ended_at = Offer.State.ACCEPTED, at
    offer.save(update_fields=["state", "ended_at"])
    offering.handed(offer, at=at)
    offering.tell([offer.agent_id])
    offering.wake()
    return offer


@transaction.atomic
def refuse(offer_id: int, *, actor: Actor, at: datetime | None = None) -> Offer:
    """Back into the queue; others are asked first."""
    offer = _taken(offer_id, actor)
    if offer.state == Offer.State.REFUSED:
        return offer
    if offer.state != Offer.State.MADE:
        raise NoLonger(_("This was offered to somebody else meanwhile."))
    offering.passed_on(offer, Offer.State.REFUSED, at=at or clock.now())
    offering.wake()
    return offer


def _taken(offer_id: int, actor: Actor) -> Offer:
    """Locked after its conversation, in the order everybody keeps; nobody answers for somebody else."""
    asked = Offer.objects.filter(pk=offer_id)
    number, whose = asked.values_list("conversation_id", "agent_id").first() or (0, None)
    talks = Conversation.objects
    seen = talks.offered_to(actor) if whose == actor.agent_id else talks.visible_to(actor)
    held = seen.select_for_update(of=("self",)).filter(pk=number).first()
    if held is None:
        raise NotVisible(_("There is no such offer."))
    actor.must("conversations.reply")
    offer = asked.select_for_update(of=("self",)).get()
    if offer.agent_id != actor.agent_id:
        raise NotAllowed(_("This is offered to somebody else."))
    if offer.state == Offer.State.MADE and held.assignee_id is not None:
        raise NoLonger(_("Somebody else took this conversation first."))
    return offer
