"""Saying that something was taken for what it is not."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import queries as customers
from careline.kit import clock
from careline.kit.refusals import NotVisible
from careline.service.assist.models import Given
from careline.service.conversations.actions.lines import taken


def put_away(conversation_id: int, given_id: int, *, actor: Actor) -> None:
    """However often they said it; asking for it is no asking again from now on."""
    _set(conversation_id, given_id, actor=actor, away=True)


def take_back(conversation_id: int, given_id: int, *, actor: Actor) -> None:
    _set(conversation_id, given_id, actor=actor, away=False)


@transaction.atomic
def _set(conversation_id: int, given_id: int, *, actor: Actor, away: bool) -> None:
    conversation = taken(conversation_id, actor=actor, permission="conversations.reply")
    ids = customers.ids_of(conversation.person_id)
    one = Given.objects.visible_to(actor).filter(pk=given_id, person__in=ids).first()
    if one is None:
        raise NotVisible(_("Nothing of the kind was given."))
    same = Given.objects.filter(person__in=ids, kind=one.kind, key=one.key)
    same.update(put_away_at=clock.now() if away else None, put_away_by=actor.agent_id if away else None)
