"""Looks at what was given, as far as the viewer sees the conversations it was said in."""

from __future__ import annotations

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.kit import clock
from careline.service.assist.given import asking, known
from careline.service.assist.given.known import Known
from careline.service.assist.models import Given
from careline.service.conversations.hot import refused
from careline.service.conversations.models import Conversation


def given(actor: Actor, conversation_id: int) -> list[Known]:
    """What they have told us that still holds for this conversation, the newest first."""
    found = _seen(actor, conversation_id)
    return known.before(found, at=clock.now(), among=Given.objects.visible_to(actor))


def again(actor: Actor, conversation_id: int, body: str) -> list[Known]:
    """What a reply would ask for again."""
    asked = asking.asked_in(body)
    _seen(actor, conversation_id)
    if not asked:
        return []
    region = accounts.organization().country or None
    return known.again(body, given(actor, conversation_id), at=clock.now(), region=region, asked=asked)


def _seen(actor: Actor, conversation_id: int) -> Conversation:
    actor.must("conversations.view")
    found = Conversation.objects.visible_to(actor).filter(pk=conversation_id).first()
    if found is None:
        raise refused.no_conversation()
    return found
