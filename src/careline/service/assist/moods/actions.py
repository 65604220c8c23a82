"""Agents say how a message reads, and the house learns from its own labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Literal
from uuid import UUID

import msgspec
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.intelligence import language, sentiment
from careline.kit import clock
from careline.kit.refusals import Refused
from careline.service.assist.models import Calibration, Label
from careline.service.conversations.actions.lines import taken
from careline.service.conversations.hot import refused
from careline.service.conversations.models import Message
from careline.touchpoints import Moment

Named = Literal["positive", "neutral", "negative"]
LABELS: tuple[Named, ...] = ("positive", "neutral", "negative")
# The newest of each kind; older words are of another house.
MOST, BACK = 1000, timedelta(days=365)
# Shares of a scale of content at which somebody is not, and is.
BAD, GOOD = 0.4, 0.8
# Every fifth is kept aside to see whether it is better.
FIFTH = 5


@transaction.atomic
def thumb(conversation_id: int, label: str, *, actor: Actor) -> None:
    """How the customer's last words read, as the agent says; the newest word on a message holds."""
    taken(conversation_id, actor=actor, permission="conversations.reply")
    if label not in LABELS:
        raise Refused(_("Choose one from the list."), field="label")
    last = _said(conversation_id).order_by("-seq").first()
    if last is None:
        raise refused.no_message()
    thumb = {"label": label, "source": Label.Source.THUMB, "by": actor.agent_id, "at": clock.now()}
    Label.objects.update_or_create(message_id=last, defaults=thumb)


def hear(moments: Sequence[Moment]) -> None:
    """What followed on words says how they were meant; an agent's word on them stays before it."""
    found: dict[UUID, Label] = {}
    for moment in moments:
        said = _before(moment) if moment.kind == "survey.answered" else _after(moment)
        if said is not None:
            message, label, source = said
            found[message] = Label(message_id=message, label=label, source=source, at=moment.occurred_at)
    Label.objects.bulk_create(found.values(), ignore_conflicts=True)


def _before(moment: Moment) -> tuple[UUID, Named, str] | None:
    """Their last words before they answered how content they were."""
    facts = moment.facts
    score, top = facts.get("score"), facts.get("scale_max")
    if facts.get("metric") != "csat" or score is None or not top or moment.conversation_id is None:
        return None
    share = float(score) / float(top)
    label: Named = "negative" if share <= BAD else "positive" if share >= GOOD else "neutral"
    last = _said(moment.conversation_id).filter(occurred_at__lte=moment.occurred_at).order_by("-seq").first()
    return None if last is None else (last, label, Label.Source.ANSWER)


def _after(moment: Moment) -> tuple[UUID, Named, str] | None:
    """Who came back, by the words they came back with: it was not right after all."""
    if moment.actor_kind != "customer" or moment.conversation_id is None:
        return None
    first = _said(moment.conversation_id).filter(occurred_at__gte=moment.occurred_at).order_by("seq").first()
    return None if first is None else (first, "negative", Label.Source.REOPENED)


def _said(conversation: int) -> QuerySet[Message, UUID]:
    said = Message.objects.filter(conversation=conversation, kind=Message.Kind.INCOMING).exclude(body="")
    return said.values_list("pk", flat=True)


def calibrate() -> Calibration | None:
    """From what the house knows itself; kept with how much better it is, and used only if it is no worse."""
    if not _has_grown():
        return None
    given = list(_labeled())
    labeled = [(body, label) for _source, body, label in given]
    aside, rest = labeled[::FIFTH], [one for n, one in enumerate(labeled) if n % FIFTH]
    tried = sentiment.calibrate(rest)
    whole = sentiment.calibrate(labeled) if tried is not None else None
    if whole is None:
        return None
    plain, right = (_right(aside, known) for known in (None, tried))
    return Calibration.objects.create(
        learned=msgspec.to_builtins(whole), labels=len(labeled), aside=len(aside), plain_right=plain, right=right,
        sources=dict(Counter(source for source, _body, _label in given)), is_used=right >= plain,
        of=Label.objects.count(),
    )  # fmt: skip


def _has_grown() -> bool:
    """Something was labeled since the last time, or labeled otherwise."""
    last = Calibration.objects.order_by("-pk").first()
    if last is None:
        return True
    return Label.objects.count() != last.of or Label.objects.filter(at__gt=last.made_at).exists()


def _right(labeled: Sequence[tuple[str, Named]], known: sentiment.Calibration | None) -> int:
    return sum(sentiment.of(body, known).label == label for body, label in labeled)


def _labeled() -> Iterator[tuple[str, str, Named]]:
    """Where it is from, words, label; the newest of each. Only English is understood."""
    for source in Label.Source.values:
        rows = Label.objects.filter(source=source, at__gt=clock.now() - BACK).order_by("-at", "message")
        for body, label in rows.values_list("message__body", "label")[:MOST]:
            if language.is_english(body):
                yield source, body, label  # type: ignore[misc]  # the database checks it
