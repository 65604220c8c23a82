"""What the conversations hear from the line: what was asked, what became of a message, how words feel."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from careline.accounts.actor import SYSTEM
from careline.channels import outbox
from careline.intelligence import sentiment
from careline.kit import sentences
from careline.service.conversations.actions.asking import ask
from careline.service.conversations.actions.delivery import mark_delivery
from careline.service.conversations.models import Message
from careline.touchpoints import Moment, on, record_many, row


@on("delivery.updated")
def show_delivery(moments: Sequence[Moment]) -> None:
    for moment in moments:
        # What a decision let out may stand in no conversation.
        if message := moment.facts.get("message"):
            said = moment.facts.get("sentence")
            reason = sentences.of_plain(said) if said else sentences.of(moment.facts.get("reason", ""))
            mark_delivery(message, status=moment.facts["status"], reason=reason)


@on("outbound.queued")
def show_asked(moments: Sequence[Moment]) -> None:
    """What a decision let out, in the thread it belongs to."""
    for asked in outbox.unasked(moment.facts["outbound"] for moment in moments):
        ask(asked)


@on("message.received")
def weigh_words(moments: Sequence[Moment]) -> None:
    """Once, here; whoever shows how it felt reads what was found. Where nothing was, nothing is written."""
    by_message = {UUID(str(one.facts["message"])): one for one in moments}
    bodies = Message.objects.filter(pk__in=by_message, kind=Message.Kind.INCOMING).values_list("pk", "body")
    found = {message: sentiment.weigh(body) for message, body in bodies}
    record_many(
        row(
            "message.weighed", actor=SYSTEM, source=moment.source, person=moment.person_id, inbox=moment.inbox_id,
            occurred_at=moment.occurred_at, conversation=moment.facts["conversation"], message=str(message),
            channel=moment.facts["channel"], score=weighed.score, by=weighed.by,
        )
        for message, moment in by_message.items()
        if (weighed := found.get(message)) is not None
    )  # fmt: skip
