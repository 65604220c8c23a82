"""Who answers at the same moment as the machine did is told so, and decides."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit.refusals import Conflicting
from careline.service.assist.earning import answering
from careline.service.assist.models import Sample
from careline.service.assist.suggesting import using
from careline.service.conversations.hot.shapes import Said
from careline.service.conversations.models import Conversation, Message


class Overtaken(Conflicting):
    """An answer went by itself while this was written; `seq` is its place in the thread."""

    def __init__(self, seq: int) -> None:
        super().__init__(_("This was answered by itself a moment ago. Read it, and send again if more is to be said."))
        self.seq = seq


def reply(
    conversation_id: int, body: str, say: Callable[[], Said], put: Iterable[tuple[str, str]], *, actor: Actor,
    top: str = "", seen: int | None = None,
) -> Said:  # fmt: skip
    """using.reply, unless an answer went by itself since the line `seen`."""
    if seen is None or not answering.is_used():
        return using.reply(conversation_id, body, say, put, actor=actor, top=top)
    with transaction.atomic():
        _must_have_seen(conversation_id, seen)
        return using.reply(conversation_id, body, say, put, actor=actor, top=top)


def _must_have_seen(conversation_id: int, seen: int) -> None:
    """Holds the conversation until the transaction ends, so that of two who answer one waits for the other."""
    Conversation.objects.select_for_update(of=("self",)).filter(pk=conversation_id).first()
    sent = Sample.objects.filter(conversation=conversation_id).values_list("message_id", flat=True).first()
    newer = Message.objects.filter(pk=sent, seq__gt=seen).values_list("seq", flat=True).first() if sent else None
    if newer is not None:
        raise Overtaken(newer)
