"""How a conversation stands once messages have come to it or gone from it: what can be worked out from them again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Max, Min, Q, QuerySet

from careline import touchpoints
from careline.accounts.actor import Actor
from careline.channels.letters import Letter
from careline.contact.talks import Talks
from careline.kit import text
from careline.kit.statement import Statement
from careline.service.conversations.letters.keeping import MOST_PARTICIPANTS
from careline.service.conversations.models import Conversation, Message

_TALKS = Statement(
    """SELECT EXISTS (SELECT FROM conversations_conversation WHERE person_id = ANY(%(people)s::bigint[])
    AND state IN ('open', 'snoozed')),
  EXISTS (SELECT FROM conversations_conversation WHERE person_id = ANY(%(people)s::bigint[])
    AND state IN ('open', 'snoozed') AND waiting_on = 'us')""",
    Talks,
)
_BY = {Message.Kind.INCOMING: "customer", Message.Kind.REPLY: "us", Message.Kind.NOTE: "note"}
# A machine's answer changes nothing about a conversation.
_BY_A_MACHINE = Q(kind=Message.Kind.INCOMING, letter__has_key="automatic")


def talks_of(person_ids: Sequence[int]) -> Talks:
    """Whether they talk with us now, for whoever would write to them unasked; spam and trash are no talk."""
    return _TALKS.one(people=person_ids) or Talks()


def opened(conversation: Conversation, *, actor: Actor, at: datetime) -> None:
    touchpoints.record(
        "conversation.opened",
        person=conversation.person_id,
        actor=actor,
        inbox=conversation.inbox_id,
        source=f"conversation:{conversation.pk}",
        journey=f"conversation:{conversation.pk}",
        occurred_at=at,
        conversation=conversation.pk,
        channel=conversation.channel,
        subject=conversation.subject,
    )


def take_in(conversation: Conversation, left: int, chosen: Sequence[Message]) -> None:
    """Number them here. Numbers are never given twice, so whoever comes home finds their own free."""
    for one in chosen:
        if one.origin_id == conversation.pk:
            assert one.origin_seq is not None
            one.seq, one.shared_seq = one.origin_seq, one.origin_shared_seq
            one.origin_id = one.origin_seq = one.origin_shared_seq = None
        else:
            if one.origin_id is None:
                one.origin_id, one.origin_seq, one.origin_shared_seq = left, one.seq, one.shared_seq
            conversation.last_seq += 1
            one.seq = conversation.last_seq
            if one.shared_seq is not None:
                conversation.shared_seq += 1
                one.shared_seq = conversation.shared_seq
        one.conversation = conversation
    fields = ["conversation", "seq", "shared_seq", "origin", "origin_seq", "origin_shared_seq"]
    Message.objects.bulk_update(chosen, fields)
    conversation.active_at = max(conversation.active_at, *(one.occurred_at for one in chosen))


def gone_along(copies: dict[str, Any], chosen: Sequence[Message]) -> dict[str, Any]:
    """Of who is in copy, those whom what was moved names: they are in copy where it went, too."""
    letters = [msgspec.convert(one.letter, Letter) for one in chosen if one.letter]
    named = {party.key for letter in letters for party in letter.everybody}
    return {key: party for key, party in copies.items() if key in named}


def settle(conversation: Conversation) -> None:
    """What its messages say of it; saved by the caller."""
    said = conversation.messages.exclude(kind=Message.Kind.SYSTEM)
    spoken = said.exclude(_BY_A_MACHINE).exclude(kind=Message.Kind.FORWARD)
    known = spoken.aggregate(
        heard=Max("seq", filter=Q(kind=Message.Kind.INCOMING)),
        replied=Min("occurred_at", filter=Q(kind=Message.Kind.REPLY)),
    )
    conversation.heard_seq = known["heard"] or 0
    conversation.first_replied_at = known["replied"]
    conversation.participants = _participants(said)
    newest = spoken.order_by("occurred_at", "seq").last()
    conversation.preview = "" if newest is None else text.excerpt(newest.body)
    conversation.preview_by = "customer" if newest is None else _BY[Message.Kind(newest.kind)]
    shared = spoken.exclude(kind=Message.Kind.NOTE).order_by("occurred_at", "seq").last()
    if shared is not None and conversation.waiting_on != Conversation.WaitingOn.THIRD_PARTY and conversation.is_live:
        ours = shared.kind == Message.Kind.REPLY
        conversation.waiting_on = Conversation.WaitingOn.CUSTOMER if ours else Conversation.WaitingOn.US


def _participants(said: QuerySet[Message]) -> list[str]:
    found: dict[str, None] = {}
    for letter in said.filter(letter__isnull=False).order_by("seq").values_list("letter", flat=True).iterator():
        found |= dict.fromkeys(one.key for one in msgspec.convert(letter, Letter).everybody if one.address)
        if len(found) >= MOST_PARTICIPANTS:
            break
    return list(found)[:MOST_PARTICIPANTS]
