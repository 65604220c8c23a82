"""Who has a conversation first: from its opening, through whatever the customer says, until somebody else has it."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from careline.kit import clock
from careline.service.bots import flowing, handing, holding, judging, outside
from careline.service.bots.core.state import Heard, Woken
from careline.service.bots.models import Answering, Run
from careline.service.bots.talking import Talk
from careline.service.conversations.models import Conversation, Message
from careline.service.intents import upset, wishes

# A text beyond the bound is not read at all.
LONGEST = 4_000
# How much of a talk its mood is read from.
REMEMBERED = 8
# What nobody heard of, after a crash, is looked for from then on; what is asked outside is given up.
MISSED, GIVEN_UP = timedelta(minutes=1), timedelta(seconds=90)
PIECE = 200
_log = logging.getLogger(__name__)


def advance(ids: Iterable[int]) -> None:
    """In the caller's transaction or each in its own; what fails leads to a person, and does not keep others back."""
    for conversation_id in sorted(set(ids)):
        try:
            with transaction.atomic():
                _advance(conversation_id)
        except Exception as error:
            _log.error("The bot failed in conversation %s: %s.", conversation_id, _where(error))
            with transaction.atomic():
                _give_up(conversation_id)


def _advance(conversation_id: int) -> None:
    talk = holding.taken(conversation_id)
    if talk is None:
        return
    heard = holding.unheard(talk)
    for message in heard:
        # What something outside is asked about is heard before anything else is.
        if talk.is_over or (talk.run.asks and talk.run.asks != flowing.CALL):
            break
        talk.run.heard_seq = message.seq
        _hear(talk, message)
    talk.run.save()


def _hear(talk: Talk, message: Message) -> None:
    said = message.body
    if talk.run.reason:
        return  # a person will have it; until then nobody talks over what the customer writes for them
    if (message.letter or {}).get("automatic"):
        _leave(talk, "machine")
        return
    talk.listen(said[:LONGEST])
    if not said.strip():
        handing.hand(talk, "wordless")
    elif talk.run.version_id is None and wishes.person(said):
        handing.hand(talk, "wish")
    elif talk.answering.url:
        outside.ask(talk)
    elif upset.is_upset(said) or _sours(talk, message):
        handing.hand(talk, "upset")
    elif talk.run.version_id is not None:
        if not judging.goes_over(talk, message):
            flowing.move(talk, Heard(said))
    elif len(said) > LONGEST:
        handing.hand(talk, "long")
    elif _repeats(talk, message):
        handing.hand(talk, "repeated")
    else:
        judging.hear(talk, message)


def _repeats(talk: Talk, message: Message) -> bool:
    """Whether they said the same just before, and it did not help."""
    last = _before(talk, message).first()
    words = wishes.plain(message.body)
    return last is not None and bool(words) and wishes.plain(last[:LONGEST]) == words and not talk.run.offered


def _sours(talk: Talk, message: Message) -> bool:
    """Whether what they write has turned from fair to foul, without one word that says so."""
    said = message.body[:LONGEST]
    if not upset.is_sour(said):
        return False
    earlier = [one[:LONGEST] for one in _before(talk, message)[:REMEMBERED]]
    return upset.has_turned([*reversed(earlier), said])


def _before(talk: Talk, message: Message) -> QuerySet[Message, str]:
    """What the customer said before it, the newest first."""
    said = Message.objects.filter(conversation=talk.conversation, kind=Message.Kind.INCOMING, seq__lt=message.seq)
    return said.order_by("-seq").values_list("body", flat=True)


def _leave(talk: Talk, reason: str) -> None:
    """Without a word: nobody answers a machine."""
    talk.run.reason = reason
    handing.give(talk)


def _where(error: Exception) -> str:
    """Without its message, which may quote the customer."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} in {frame.name}, {frame.filename.rpartition('careline/')[2]}:{frame.lineno}"


def _give_up(conversation_id: int) -> None:
    talk = holding.taken(conversation_id)
    if talk is not None:
        unheard = holding.unheard(talk)
        talk.run.heard_seq = max([one.seq for one in unheard], default=talk.run.heard_seq)
        _leave(talk, "failed")
        talk.run.save()


def wake_due(*, at: datetime | None = None) -> int:
    """Flows that waited, hand-overs until somebody is there, and what a crash or somebody else's silence left lying."""
    at = at or clock.now()
    due = list(
        Run.objects.filter(ended_at=None, due_at__lte=at)
        .order_by("due_at")
        .values_list("conversation_id", flat=True)[:PIECE]
    )
    for conversation_id in due:
        with transaction.atomic():
            _wake(conversation_id, at)
    late = Run.objects.filter(ended_at=None, asked_at__lt=at - GIVEN_UP).exclude(asks="")
    for run_id, asked in late.values_list("pk", "asked")[:PIECE]:
        answer(run_id, asked, late=True)
    missed = Conversation.objects.filter(
        handled_by=Conversation.HandledBy.BOT, state=Conversation.State.OPEN, waiting_on=Conversation.WaitingOn.US,
        active_at__lt=at - MISSED, inbox__in=_answered(),
    ).order_by("active_at").values_list("pk", flat=True)[:PIECE]  # fmt: skip
    advance(missed)
    return len(due)


def _answered() -> list[int]:
    return list(Answering.objects.values_list("inbox_id", flat=True))


def _wake(conversation_id: int, at: datetime) -> None:
    talk = holding.taken(conversation_id)
    if talk is None or talk.run.due_at is None or talk.run.due_at > at:
        return
    talk.run.due_at = None
    if talk.run.reason:
        handing.give(talk)
    else:
        flowing.move(talk, Woken())
    talk.run.save()


def answer(run_id: int, asked: int, *, late: bool = False) -> None:
    """What is asked outside is asked, or given up where it is `late`; what was said meanwhile waits for it."""
    conversation_id = outside.give_up(run_id, asked) if late else outside.carry_out(run_id, asked)
    if conversation_id is not None:
        advance([conversation_id])


def is_used() -> bool:
    """Whether any bot answers anywhere; where none does, nothing further is looked at."""
    return Answering.objects.filter(is_on=True).exists() or Run.objects.filter(ended_at=None).exists()


def where(ids: Iterable[int]) -> list[int]:
    """Those of these the bot has or just had."""
    wanted = list(ids)
    has = Conversation.objects.filter(pk__in=wanted, handled_by=Conversation.HandledBy.BOT).values_list("pk", flat=True)
    ran = Run.objects.filter(conversation__in=wanted, ended_at=None).values_list("conversation_id", flat=True)
    return sorted({*has, *ran})
