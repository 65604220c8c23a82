"""The first suggestion goes by itself, where everything that has to be true is true while the conversation is held."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils import translation
from django.utils.translation import gettext, gettext_noop

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.customers import locking
from careline.customers import queries as customers
from careline.kit import clock
from careline.service.assist.earning import naming, standing
from careline.service.assist.earning.standing import Standing
from careline.service.assist.models import Sample, Saved, Trust, Use
from careline.service.assist.suggesting import LINES, LONGEST, Suggestion, asked, suggest
from careline.service.assist.voice import check, terms
from careline.service.conversations import actions as talks
from careline.service.conversations import queries
from careline.service.conversations.hot.shapes import Itself, Offered, ThreadRow
from careline.service.conversations.models import Conversation, Message
from careline.service.intents import upset, wishes
from careline.service.knowledge.models import Edition

MAY = frozenset({"conversations.view", "conversations.reply", "customers.view"})
_BELOW = gettext_noop("This was answered by itself. Write back, and a person reads it.")
_log = logging.getLogger(__name__)


def is_used() -> bool:
    """Whether anything was switched on; where nothing is, nothing further is looked at."""
    return Trust.objects.filter(is_on=True).exists()


def consider(ids: Iterable[int]) -> None:
    """Each by itself; what fails is left to people, and does not keep others back."""
    for conversation_id in sorted(set(ids)):
        try:
            with transaction.atomic():
                answer(conversation_id)
        except Exception as error:
            # Without its message, which may quote the customer.
            frame = traceback.extract_tb(error.__traceback__)[-1]
            _log.error("Not answered by itself: conversation %s: %s in %s:%s.", conversation_id, type(error).__name__,
                       frame.name, frame.lineno)  # fmt: skip


@transaction.atomic
def answer(conversation_id: int) -> Sample | None:
    """What went, or was held; None where anything that has to be true is not."""
    talk = _waiting().filter(pk=conversation_id).first()
    if talk is None or Sample.objects.filter(conversation=talk).exists():
        return None
    actor = _machine(talk.inbox_id)
    lines = queries.thread(actor, talk.pk, limit=LINES)
    words = asked(lines)
    if not _may_be_answered(talk.pk, lines, words):
        return None
    code = naming.judged(words, customers.beside(actor, talk.person_id).language)
    earned = standing.of(code)
    if earned is None or earned.state != "on":
        return None
    found = suggest(actor, talk.pk)
    first = next(iter(found.items), None)
    if first is None or not _is_sound(first, code, found.language):
        return None
    return _sent(talk, lines[0].seq, earned, first, found.language, actor)


def _waiting() -> QuerySet[Conversation]:
    return Conversation.objects.filter(
        state=Conversation.State.OPEN, handled_by=Conversation.HandledBy.QUEUE,
        waiting_on=Conversation.WaitingOn.US, assignee=None,
    )  # fmt: skip


def _machine(inbox_id: int) -> Actor:
    """It speaks for the house, sees this inbox and nothing that is for the team alone."""
    return Actor(kind="bot", id=inbox_id, name=accounts.organization().name, permissions=MAY, inbox_ids=(inbox_id,))


def _may_be_answered(conversation_id: int, lines: list[ThreadRow], words: str) -> bool:
    """Plain words of somebody who has not asked for a person and is not upset, of which nothing was cut off."""
    said = []
    for line in lines:
        if line.kind == "reply" and line.author_kind != "bot":
            break
        if line.kind == "incoming":
            said.append(line)
    ids = [one.id for one in said]
    if not words or len(words) >= LONGEST or len(said) > 3 or any(one.attachments for one in said):
        return False
    if wishes.person(words) or upset.is_upset(words):
        return False
    if Message.objects.filter(pk__in=ids, letter__automatic=True).exists():
        return False
    # A bot that gave it out of its hands has called a person.
    return not Message.objects.filter(
        conversation=conversation_id, kind=Message.Kind.SYSTEM, event__verb="declined"
    ).exists()


def _is_sound(one: Suggestion, code: str, language: str) -> bool:
    """The house's own words, which somebody took for this intent as they stand now, and in its voice."""
    if one.internal or not one.words.strip():
        return False
    written = _written(one, language)
    if written is None or check(one.words, terms()):
        return False
    taken = Use.objects.filter(source=one.source, item=one.item, intent=code, whole=True, on_top=True, at__gte=written)
    return taken.exists()


def _written(one: Suggestion, language: str) -> datetime | None:
    if one.source == "saved":
        return Saved.objects.filter(pk=one.item).values_list("changed_at", flat=True).first()
    if one.source == "article":
        editions = Edition.objects.filter(translation__article=one.item, translation__language=language)
        return editions.values_list("published_at", flat=True).first()
    return None


def _sent(
    talk: Conversation, last_seq: int, earned: Standing, one: Suggestion, language: str, actor: Actor
) -> Sample | None:
    # The person is held first, as whoever is written to is; then nobody speaks here but us.
    locking.held([talk.person_id], no_key=True)
    if _waiting().select_for_update(of=("self",)).filter(pk=talk.pk).first() is None:
        return None
    said = (Message.Kind.INCOMING, Message.Kind.REPLY)
    if Message.objects.filter(conversation=talk, kind__in=said, seq__gt=last_seq).exists():
        return None
    trust = Trust.objects.select_for_update(of=("self",)).filter(intent__code=earned.code, is_on=True).first()
    if trust is None or Sample.objects.filter(conversation=talk).exists():
        return None
    trust.turns += 1
    trust.save(update_fields=["turns"])
    sample = Sample(
        conversation=talk, inbox_id=talk.inbox_id, intent=earned.code, source=one.source, item=one.item,
        taken=earned.taken, of=earned.of, at=clock.now(),
    )  # fmt: skip
    if trust.turns % standing.bounds().every:
        with translation.override(language):
            below = gettext(_BELOW)
        why = Offered(itself=Itself(earned.name, earned.taken, earned.of))
        reply = talks.reply(
            talk.pk, actor=actor, body=f"{one.words}\n\n{below}", client_id=f"itself:{talk.pk}", offered=why
        )
        sample.message_id = reply.message_id
    sample.save()
    return sample
