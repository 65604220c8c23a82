"""How a conversation feels, for whoever sees it. Each message is read once and kept; reading a few takes a moment, so
this is asked after the thread is there."""

from __future__ import annotations

from typing import Any

import msgspec

from careline.accounts.actor import Actor
from careline.intelligence import sentiment
from careline.intelligence.sentiment import feeling
from careline.service.assist.models import Calibration, Felt, Label
from careline.service.assist.moods import turning
from careline.service.assist.moods.turning import Mood, One
from careline.service.conversations.hot import refused
from careline.service.conversations.models import Conversation, Message

# What was said long before says nothing of how it feels now.
LONGEST = 12


def mood(actor: Actor, conversation_id: int) -> Mood | None:
    """Of the customer's latest messages; None while they have said nothing."""
    actor.must("conversations.view")
    if not Conversation.objects.visible_to(actor).filter(pk=conversation_id).exists():
        raise refused.no_conversation()
    said = Message.objects.filter(conversation=conversation_id, kind=Message.Kind.INCOMING).exclude(body="")
    latest = list(said.order_by("-seq")[:LONGEST])[::-1]
    said_so = Label.objects.filter(message__in=latest, source=Label.Source.THUMB)
    thumbs = dict(said_so.values_list("message", "label"))
    return turning.of([_read(one, thumbs.get(one.message_id)) for one in _felt(latest)])


def in_use() -> Calibration | None:
    return Calibration.objects.filter(is_used=True).order_by("-pk").first()


def calibration(actor: Actor) -> Calibration | None:
    """What was tried last, whether it is used or not."""
    actor.must("reports.view")
    return Calibration.objects.order_by("-pk").first()


def learned(row: Calibration | None) -> sentiment.Calibration | None:
    """As the tool takes it; one of an older tool says nothing any more."""
    if row is None:
        return None
    found = msgspec.convert(row.learned, sentiment.Calibration)
    return found if found.by == feeling.VERSION else None


def _felt(messages: list[Message]) -> list[Felt]:
    row = in_use()
    known = learned(row)
    by = f"{feeling.VERSION}/{row.pk if row is not None and known is not None else 0}"
    kept = {one.message_id: one for one in Felt.objects.filter(message__in=messages, by=by)}
    new = [_of(one, known, by) for one in messages if one.pk not in kept]
    if new:
        fields = ["label", "score", "words", "emotion", "by"]
        Felt.objects.bulk_create(new, update_conflicts=True, unique_fields=["message"], update_fields=fields)
    found = kept | {one.message_id: one for one in new}
    return [found[one.pk] for one in messages]


def _of(message: Message, known: sentiment.Calibration | None, by: str) -> Felt:
    found = sentiment.of(message.body, known)
    words: list[Any] = [list(pair) for pair in found.words]
    return Felt(
        message_id=message.pk, label=found.label, score=found.score, words=words, emotion=found.emotion or "", by=by
    )


# What an agent says of a message holds.
_SAID = {"positive": 0.6, "neutral": 0.0, "negative": -0.6}


def _read(one: Felt, thumb: str | None) -> One:
    words = tuple((str(word), float(weight)) for word, weight in one.words)
    if thumb is not None:
        return One(thumb, _SAID[thumb], words, one.emotion)  # type: ignore[arg-type]  # the database checks it
    return One(one.label, one.score, words, one.emotion)  # type: ignore[arg-type]  # as the tool says it
