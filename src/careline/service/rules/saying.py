"""An answer from a template: what a machine says by itself, by the leave of `contact` and counted there.

It stands in the thread beside what people say, counts as nobody's first answer and keeps nobody waiting. Two machines
that answer each other stop: one automatic word to an address in a conversation a day, so many a mailbox an hour.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts.actor import SYSTEM, Actor
from careline.channels import adapter, jobs, outbox
from careline.channels import queries as channels
from careline.channels.letters import Letter, Party
from careline.contact import acknowledging, budget
from careline.customers import queries as customers
from careline.kit.refusals import Refused
from careline.kit.sentences import lasting
from careline.service.conversations.models import Conversation, Message
from careline.service.rules import templates


def say(conversation: Conversation, words: Mapping[str, str], *, actor: Actor) -> None:
    """Refused, with the reason, where nothing may be said."""
    if conversation.state in (Conversation.State.SPAM, Conversation.State.TRASH):
        raise Refused(_("Nobody is answered in spam or trash."))
    heard = _heard(conversation)
    if heard is not None and heard.automatic:
        raise Refused(_("A machine wrote last; machines are not answered."))
    [person] = customers.whole([customers.person(SYSTEM, conversation.person_id)])
    root = person.pk
    inbox, house = channels.endpoint(conversation.inbox_id), accounts.organization()
    address = outbox.reached(root, adapter.of(conversation.channel).capabilities.reaches)
    answer = acknowledging.acknowledge(
        root, place=channels.place(conversation.inbox_id), channel=conversation.channel,
        conversation_id=conversation.pk, address=address or f"conversation:{conversation.pk}",
        per_hour=int(inbox.settings.get("answers_per_hour") or budget.PER_MAILBOX),
    )  # fmt: skip
    if answer.verdict.alarm:
        jobs.tell_of_breaker.soon(conversation.inbox_id)
    if answer.decision is None or answer.reason:
        raise Refused(lasting(answer.reason))
    filled = templates.filled(
        templates.in_language(words, person.language, inbox.language, *house.languages),
        {
            "customer": person.name, "number": str(conversation.pk), "subject": conversation.subject,
            "house": house.name,
        },
    )  # fmt: skip
    outbox.enqueue(
        answer.decision, inbox_id=conversation.inbox_id, person_id=root, words=filled, recipient=address,
        conversation_id=conversation.pk, letter=_letter(conversation, heard, address, person.name), actor=actor,
    )  # fmt: skip


def _heard(conversation: Conversation) -> Letter | None:
    """The letter the customer wrote last, where messages are letters."""
    last = (
        Message.objects.filter(conversation=conversation, kind=Message.Kind.INCOMING, letter__isnull=False)
        .order_by("-seq").values_list("letter", flat=True).first()
    )  # fmt: skip
    return None if last is None else msgspec.convert(last, Letter)


def _letter(conversation: Conversation, heard: Letter | None, address: str, name: str) -> Letter | None:
    if heard is None:
        return None
    return Letter(
        to=(Party(address, name),), subject=conversation.subject, in_reply_to=heard.message_id,
        references=tuple(one for one in (*heard.references, heard.message_id) if one),
    )  # fmt: skip
