"""How well a bot does, told by agents who looked: of so many messages, never of a guess."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.kit import clock
from careline.kit.refusals import NotVisible, Refused
from careline.service.bots.models import Judged
from careline.service.conversations.models import Conversation
from careline.service.intents.models import Intent

# Under so many, a share says nothing.
LEAST = 10
_DID = Q(band__in=[Judged.Band.RUN, Judged.Band.ANSWER])


class Quality(msgspec.Struct, frozen=True):
    """Counts of messages judged since then. Of those somebody corrected, `right` and `wrong` are what the bot did."""

    judged: int
    ran: int
    asked: int
    answered: int
    refused: int
    right: int
    wrong: int
    # Refused or asked back, though it was something we know: wrong, with an intent.
    near_misses: int

    @property
    def coverage(self) -> float | None:
        """How many it did something about by itself; None of none."""
        return (self.ran + self.answered) / self.judged if self.judged else None

    @property
    def precision(self) -> float | None:
        """Of what it did and somebody looked at, how much was right."""
        looked_at = self.right + self.wrong
        return self.right / looked_at if looked_at else None


def judged(actor: Actor, since: datetime) -> QuerySet[Judged]:
    """Of the inboxes one sees whole, the newest first."""
    actor.must("bots.manage")
    seen = Judged.objects.filter(at__gte=since).order_by("-at", "-pk")
    return seen if actor.kind == "system" else seen.filter(inbox_id__in=actor.inbox_ids)


def quality(actor: Actor, since: datetime) -> Quality:
    wrong = Q(correction=Judged.Correction.WRONG)
    counts = judged(actor, since).order_by().aggregate(
        judged=Count("pk"),
        ran=Count("pk", filter=Q(band=Judged.Band.RUN)),
        asked=Count("pk", filter=Q(band=Judged.Band.ASK)),
        answered=Count("pk", filter=Q(band=Judged.Band.ANSWER)),
        refused=Count("pk", filter=Q(band=Judged.Band.REFUSE)),
        right=Count("pk", filter=_DID & Q(correction=Judged.Correction.RIGHT)),
        wrong=Count("pk", filter=_DID & wrong),
        near_misses=Count("pk", filter=~_DID & wrong & ~Q(right_intent="")),
    )  # fmt: skip
    return Quality(**counts)


def of_messages(actor: Actor, conversation_id: int) -> dict[UUID, Judged]:
    """What the bot made of the customer's messages in a conversation one sees."""
    if not Conversation.objects.visible_to(actor).filter(pk=conversation_id).exists():
        return {}
    return {one.message_id: one for one in Judged.objects.filter(conversation_id=conversation_id)}


def of_message(actor: Actor, message_id: UUID) -> Judged:
    """What the bot made of a message in a conversation one sees."""
    found = Judged.objects.filter(message_id=message_id).first()
    if found is None or not Conversation.objects.visible_to(actor).filter(pk=found.conversation_id).exists():
        raise NotVisible(_("No bot has judged this message."))
    return found


@transaction.atomic
def correct(message_id: UUID, *, actor: Actor, right: bool, intent: str = "") -> Judged:
    """Whoever may answer the customer says whether the bot was right, and what it was about where it was not."""
    found = Judged.objects.select_for_update().filter(message_id=message_id).first()
    if found is None or not Conversation.objects.visible_to(actor).filter(pk=found.conversation_id).exists():
        raise NotVisible(_("No bot has judged this message."))
    actor.must("conversations.reply")
    if intent and not Intent.objects.filter(code=intent).exists():
        raise Refused(_("There is no intent “%(code)s”.") % {"code": intent[:60]}, field="intent")
    found.correction = Judged.Correction.RIGHT if right else Judged.Correction.WRONG
    found.right_intent, found.corrected_by, found.corrected_at = "" if right else intent, actor.agent_id, clock.now()
    found.save(update_fields=["correction", "right_intent", "corrected_by", "corrected_at"])
    audit.record("bot.corrected", f"message:{message_id}", actor=actor)
    return found
