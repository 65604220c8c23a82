"""What went by itself and what was held, for somebody to look at."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.kit.refusals import NotVisible
from careline.service.assist.earning.standing import NEEDS
from careline.service.assist.models import Sample
from careline.service.conversations.models import Conversation, Message

MOST = 200


class Shown(msgspec.Struct, frozen=True):
    """`words` are what was sent, empty where it was held."""

    id: int
    conversation_id: int
    intent: str
    source: Literal["article", "saved"]
    item: int
    taken: int
    of: int
    held: bool
    words: str
    verdict: Literal["right", "wrong"] | None
    at: datetime


def samples(actor: Actor, *, before: int | None = None, limit: int = MOST) -> list[Shown]:
    """Of the conversations one sees, the newest first."""
    rows = _seen(actor) if before is None else _seen(actor).filter(pk__lt=before)
    found = list(rows.order_by("-pk")[:limit])
    sent = [one.message_id for one in found if one.message_id]
    bodies = dict(Message.objects.filter(pk__in=sent).values_list("pk", "body"))
    return [_shown(one, bodies.get(one.message_id, "") if one.message_id else "") for one in found]


def sample(actor: Actor, sample_id: int) -> Shown:
    found = _seen(actor).filter(pk=sample_id).first()
    if found is None:
        raise NotVisible(_("There is no such answer."))
    sent = Message.objects.filter(pk=found.message_id).first() if found.message_id else None
    return _shown(found, sent.body if sent is not None else "")


def unread(actor: Actor) -> int:
    return _seen(actor).filter(verdict=None).count()


def _seen(actor: Actor) -> QuerySet[Sample]:
    actor.must(NEEDS)
    return Sample.objects.filter(conversation__in=Conversation.objects.visible_to(actor))


def _shown(one: Sample, words: str) -> Shown:
    return Shown(
        one.pk, one.conversation_id, one.intent, one.source, one.item, one.taken, one.of,  # type: ignore[arg-type]
        one.message_id is None, words, one.verdict, one.at,  # type: ignore[arg-type]  # the database knows both
    )  # fmt: skip
