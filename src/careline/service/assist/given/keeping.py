"""Reading as the line goes on: what customers give is kept, and a reply that asks for it again is told there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from careline import touchpoints
from careline.accounts import queries as accounts
from careline.accounts.actor import SYSTEM
from careline.service.assist.given import asking, known, reading
from careline.service.assist.given.kinds import Kind
from careline.service.assist.models import Given
from careline.service.conversations.models import Message
from careline.touchpoints import Moment

HEARD = ("message.received", "message.sent", "message.moved")
# Whoever of these asks, asks in the customer's eyes; a letter a rule sends asks nobody by name.
ASKING = frozenset({"agent", "token", "bot"})
COLUMNS = ("id", "conversation_id", "seq", "kind", "body", "author_kind", "occurred_at", "conversation__person_id")


def listen(moments: Sequence[Moment]) -> None:
    """In their order, so that what was given before a reply is known when the reply is read."""
    wanted = [UUID(str(one.facts["message"])) for one in moments if "message" in one.facts]
    said = {one.pk: one for one in Message.objects.filter(pk__in=wanted).select_related("conversation")}
    region = accounts.organization().country or None
    waiting: list[Given] = []
    for moment in moments:
        if moment.kind == "message.moved":
            _kept(waiting)
            _follow(moment.facts)
        elif (message := said.get(UUID(str(moment.facts["message"])))) is None:
            continue
        elif moment.kind == "message.received":
            waiting += _given(message, region)
        elif message.author_kind in ASKING and (asked := asking.asked_in(message.body)):
            _kept(waiting)
            _told(moment, message, asked, region)
    _kept(waiting)


def _kept(waiting: list[Given]) -> None:
    """Heard twice it is kept once."""
    Given.objects.bulk_create(waiting, ignore_conflicts=True)
    waiting.clear()


def _given(message: Message, region: str | None) -> list[Given]:
    asked = _asked_before(message) if 0 < len(message.body) <= reading.ANSWER and message.seq > 1 else ()
    return [
        Given(
            person_id=message.conversation.person_id, message_id=message.pk, kind=one.kind, value=one.value,
            key=one.key, said_at=message.occurred_at,
        )
        for one in reading.given_in(message.body, at=message.occurred_at, region=region, asked=asked)
    ]  # fmt: skip


def _asked_before(message: Message) -> tuple[Kind, ...]:
    """What our last words before it asked for, whoever of us said them."""
    ours = Message.objects.filter(
        conversation=message.conversation_id, seq__lt=message.seq, kind__in=[Message.Kind.INCOMING, Message.Kind.REPLY]
    )
    last = ours.order_by("-seq").values_list("kind", "body").first()
    return asking.asked_in(last[1]) if last is not None and last[0] == Message.Kind.REPLY else ()


def _told(moment: Moment, message: Message, asked: tuple[Kind, ...], region: str | None) -> None:
    before = known.before(message.conversation, at=message.occurred_at)
    again = known.again(message.body, before, at=message.occurred_at, region=region, asked=asked)
    if again:
        touchpoints.record(
            "question.repeated", actor=SYSTEM, source=moment.source, person=moment.person_id, inbox=moment.inbox_id,
            occurred_at=moment.occurred_at, key=f"question.repeated:{message.pk}",
            conversation=message.conversation_id, message=str(message.pk), channel=message.channel or "api",
            asked=[one.kind for one in again],
        )  # fmt: skip


def _follow(facts: dict[str, Any]) -> None:
    """What was moved to another customer's conversation was that customer's."""
    moved = Given.objects.filter(message__in=facts["messages"]).select_related("message__conversation")
    for one in moved:
        one.person_id = one.message.conversation.person_id
    Given.objects.bulk_update(moved, ["person"])
