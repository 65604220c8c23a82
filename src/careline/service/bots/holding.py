"""Taking a conversation the bot has: locked, with its run."""

from __future__ import annotations

from careline.channels import queries as channels
from careline.customers import locking
from careline.service.bots import handing
from careline.service.bots.models import Answering, Run
from careline.service.bots.talking import Talk
from careline.service.conversations.models import Conversation, Message

# Of what came in at once so much is heard one after another.
AT_ONCE = 20


def taken(conversation_id: int) -> Talk | None:
    """Locked with its run, made where there is none. None where the bot does not have it; its run has ended then."""
    known = Conversation.objects.filter(pk=conversation_id).values_list("person_id", flat=True).first()
    if known is None:
        return None
    # The person is held first, as whoever is written to is.
    locking.held([known], no_key=True)
    conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=conversation_id)
    run = Run.objects.select_for_update(of=("self",)).filter(conversation=conversation, ended_at=None).first()
    has_it = conversation.handled_by == Conversation.HandledBy.BOT and conversation.state == Conversation.State.OPEN
    answering = Answering.objects.filter(inbox_id=conversation.inbox_id).first() or Answering(inbox=conversation.inbox)
    if not has_it:
        if run is not None and conversation.state != Conversation.State.SNOOZED:
            talk = Talk(conversation, run, answering)
            resolved = conversation.state == Conversation.State.RESOLVED
            talk.end(Run.Outcome.FINISHED if resolved else Run.Outcome.TAKEN)
            run.save()
        return None
    talk = Talk(conversation, run or _begun(conversation), answering)
    if not answering.is_on:
        talk.run.reason = "off"
        handing.give(talk)
        talk.run.save()
        return None
    return talk


def _begun(conversation: Conversation) -> Run:
    """From the customer's first words since we, or a resolution, spoke last."""
    lines = conversation.messages.order_by("-seq")
    ours = lines.filter(kind=Message.Kind.REPLY).values_list("seq", flat=True).first() or 0
    closed = lines.filter(kind=Message.Kind.SYSTEM, event__verb="resolved").values_list("seq", flat=True).first() or 0
    language = conversation.person.language or channels.endpoint(conversation.inbox_id).language
    return Run.objects.create(conversation=conversation, heard_seq=max(ours, closed), language=language)


def unheard(talk: Talk) -> list[Message]:
    return list(
        Message.objects.filter(
            conversation=talk.conversation, kind=Message.Kind.INCOMING, seq__gt=talk.run.heard_seq
        ).order_by("seq")[:AT_ONCE]
    )  # fmt: skip
