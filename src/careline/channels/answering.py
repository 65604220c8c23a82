"""The automatic first answer of an inbox: once, to humans, and not without end."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from careline.channels import jobs, outbox, outside, queries
from careline.channels.adapter import Endpoint, Inbound
from careline.channels.letters import Letter
from careline.channels.models import Inbox
from careline.contact import acknowledging, budget
from careline.kit import clock

# What waited longer, while the house was down for instance, is past being thanked for.
TIMELY = timedelta(hours=24)


@transaction.atomic(savepoint=False)  # of the transaction the words are taken in
def acknowledge(inbox_id: int, item: Inbound, *, person_id: int, conversation_id: int) -> str | None:
    """Answer what began a conversation. None when there is nothing to say; why not, or empty when it was said."""
    letter = item.letter
    if not item.answerable or letter is None or letter.sender is None:
        return None
    if item.sent_at is not None and item.sent_at < clock.now() - TIMELY:
        return None
    inbox = queries.endpoint(inbox_id)
    words = _words(inbox)
    if not words:
        return None
    to = letter.sender
    answer = acknowledging.acknowledge(
        person_id,
        place=queries.place(inbox_id),
        channel=Inbox.objects.values_list("kind", flat=True).get(pk=inbox_id),
        conversation_id=conversation_id,
        address=to.address,
        per_hour=int(inbox.settings.get("answers_per_hour") or budget.PER_MAILBOX),
    )
    if answer.verdict.alarm:
        jobs.tell_of_breaker.soon(inbox_id)
    if answer.reason or answer.decision is None:
        return answer.reason
    outbox.enqueue(
        answer.decision,
        inbox_id=inbox_id,
        person_id=person_id,
        words=words,
        recipient=to.address,
        conversation_id=conversation_id,
        letter=Letter(
            to=(to,),
            subject=item.subject,
            in_reply_to=letter.message_id,
            references=tuple(one for one in (*letter.references, letter.message_id) if one),
        ),
    )
    return ""


def _words(inbox: Endpoint) -> str:
    """Those for whoever writes while it is closed, where it has some."""
    always, closed = (
        str(inbox.settings.get(name, "")).strip() for name in ("acknowledgement", "acknowledgement_closed")
    )
    found = outside.closed(inbox.inbox_id) if closed else None
    return always if found is None else found.said(closed, inbox.language)
