"""Resolve, reopen, snooze, and the two places a conversation is put away to."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import SYSTEM, Actor
from careline.kit import clock
from careline.kit.refusals import Refused
from careline.service.conversations.actions.describing import must_be_told
from careline.service.conversations.actions.lines import taken, written
from careline.service.conversations.models import Conversation, NotOpen


@transaction.atomic
def resolve(conversation_id: int, *, actor: Actor, at: datetime | None = None) -> Conversation:
    """Close the matter and write the moment into the customer's line."""
    conversation = taken(conversation_id, actor=actor, permission="conversations.close")
    at = at or clock.now()
    conversation.resolve(at=at)
    must_be_told(conversation, actor=actor)
    minutes = max(0, round((at - conversation.opened_at).total_seconds() / 60))
    return written(
        conversation, actor=actor, at=at, kind="conversation.resolved", verb="resolved", minutes_open=minutes
    )


@transaction.atomic
def reopen(conversation_id: int, *, actor: Actor, at: datetime | None = None) -> Conversation:
    conversation = taken(conversation_id, actor=actor, permission="conversations.close")
    if conversation.state in (Conversation.State.SPAM, Conversation.State.TRASH):
        raise NotOpen(_("Take this conversation out of spam or trash first."))
    conversation.reopen()
    return written(conversation, actor=actor, at=at or clock.now(), kind="conversation.reopened", verb="reopened")


@transaction.atomic
def snooze(conversation_id: int, *, actor: Actor, until: datetime, at: datetime | None = None) -> Conversation:
    conversation = taken(conversation_id, actor=actor, permission="conversations.close")
    at = at or clock.now()
    if until <= at:
        raise Refused(_("Choose a time that is still to come."))
    conversation.snooze(until=until)
    return written(
        conversation, actor=actor, at=at, kind="conversation.snoozed", verb="snoozed", until=until.isoformat()
    )


def _put_away(conversation_id: int, *, actor: Actor, place: str, at: datetime | None) -> Conversation:
    conversation = taken(conversation_id, actor=actor, permission="conversations.close")
    conversation.put_away(place)
    return written(
        conversation, actor=actor, at=at or clock.now(), kind="conversation.marked", verb="marked", place=place
    )


@transaction.atomic
def spam(conversation_id: int, *, actor: Actor, at: datetime | None = None) -> Conversation:
    return _put_away(conversation_id, actor=actor, place=Conversation.State.SPAM.value, at=at)


@transaction.atomic
def trash(conversation_id: int, *, actor: Actor, at: datetime | None = None) -> Conversation:
    return _put_away(conversation_id, actor=actor, place=Conversation.State.TRASH.value, at=at)


@transaction.atomic
def restore(conversation_id: int, *, actor: Actor, at: datetime | None = None) -> Conversation:
    """Out of spam or trash, back among the open ones."""
    conversation = taken(conversation_id, actor=actor, permission="conversations.close")
    if conversation.state not in (Conversation.State.SPAM, Conversation.State.TRASH):
        raise NotOpen(_("This conversation is neither in spam nor in trash."))
    conversation.reopen()
    return written(
        conversation, actor=actor, at=at or clock.now(), kind="conversation.marked", verb="marked", place="open"
    )


def wake_due(*, at: datetime | None = None, limit: int = 200) -> int:
    """Open again what was snoozed until now; returns how many. Safe beside other workers: each row is woken once."""
    at = at or clock.now()
    woken = 0
    while woken < limit:
        with transaction.atomic():
            conversation = (
                Conversation.objects.filter(state="snoozed", snoozed_until__lte=at)
                .select_for_update(skip_locked=True)
                .order_by("snoozed_until", "pk")
                .first()
            )
            if conversation is None:
                return woken
            conversation.reopen()
            conversation.active_at = at
            conversation.waiting_on = Conversation.WaitingOn.US
            written(conversation, actor=SYSTEM, at=at, kind="conversation.woken", verb="woken")
        woken += 1
    return woken
