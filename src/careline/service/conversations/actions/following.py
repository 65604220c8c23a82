"""An agent follows a conversation, or no longer: seen by colleagues, by no customer, and on nobody's line."""

from __future__ import annotations

from django.db import transaction

from careline.accounts.actor import Actor
from careline.service.conversations.hot import announce, refused
from careline.service.conversations.models import Conversation, Follower


@transaction.atomic
def follow(conversation_id: int, *, actor: Actor) -> bool:
    """From now on whoever acts hears of what others do there; False when they did already."""
    conversation, agent_id = _seen(conversation_id, actor)
    _row, is_new = Follower.objects.get_or_create(conversation=conversation, agent_id=agent_id)
    if is_new:
        _told(conversation)
    return is_new


@transaction.atomic
def unfollow(conversation_id: int, *, actor: Actor) -> bool:
    conversation, agent_id = _seen(conversation_id, actor)
    gone, _by_model = Follower.objects.filter(conversation=conversation, agent_id=agent_id).delete()
    if gone:
        _told(conversation)
    return bool(gone)


def _seen(conversation_id: int, actor: Actor) -> tuple[Conversation, int]:
    found = Conversation.objects.visible_to(actor).filter(pk=conversation_id).first()
    if found is None or actor.agent_id is None:
        raise refused.no_conversation()
    return found, actor.agent_id


def _told(conversation: Conversation) -> None:
    """The other windows show who follows; nothing of it is written into the thread."""
    announce.after_commit(
        announce.change(
            conversation_id=conversation.pk,
            inbox_id=conversation.inbox_id,
            person_id=conversation.person_id,
            seq=conversation.last_seq,
            lines=0,
        )
    )
