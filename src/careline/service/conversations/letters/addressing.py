"""Whom an answer goes to and what it answers: as the last letter says, unless somebody chose otherwise."""

from __future__ import annotations

from uuid import UUID

import msgspec

from careline.accounts import queries as accounts
from careline.channels import outbox
from careline.channels.adapter import Adapter, Endpoint
from careline.channels.letters import NOBODY, Leaving, Letter, Party, Passed, Quote, Writer
from careline.customers.models import Identity, Person
from careline.files import queries as files
from careline.service.conversations.hot import words
from careline.service.conversations.letters import correspondence, keeping
from careline.service.conversations.letters.correspondence import Written
from careline.service.conversations.models import Message


def of_reply(message_id: UUID, inbox: Endpoint, channel: Adapter) -> Leaving:
    """The envelope of a reply that is about to leave, written down at it; the same at every attempt."""
    message = Message.objects.get(pk=message_id)
    if message.kind == Message.Kind.FORWARD:
        return _of_forward(message, inbox, channel)
    found = correspondence.read(message.conversation_id, reach=words.whole([message.inbox_id]), before=message.seq)
    assert found is not None  # its conversation holds it
    usual = found.usual(channel.addresses(inbox))
    chosen = read(message)
    if chosen is None:
        letter = usual
    elif chosen.message_id:  # an earlier attempt wrote it
        letter = chosen
    else:
        letter = msgspec.structs.replace(
            chosen,
            subject=chosen.subject or usual.subject,
            in_reply_to=usual.in_reply_to,
            references=usual.references,
        )
    return Leaving(_kept(message, letter, inbox, channel), _quoted(found.answered), _writer(message))


def _of_forward(message: Message, inbox: Endpoint, channel: Adapter) -> Leaving:
    """A thread of its own at whoever gets it; their answer comes back by our message's name."""
    letter = read(message) or Letter()
    named = {one.pk: one for one in Message.objects.filter(pk__in=letter.passes_on)}
    us = channel.stationery(inbox).sender or Party("")
    passed = Passed(tuple(passed_on(named[pk], us) for pk in letter.passes_on if pk in named))
    return Leaving(_kept(message, letter, inbox, channel), passed, _writer(message))


def _writer(message: Message) -> Writer:
    if message.author_kind != "agent":
        return NOBODY
    return Writer(message.author_name, accounts.signature(message.author_id))


def _kept(message: Message, letter: Letter, inbox: Endpoint, channel: Adapter) -> Letter:
    letter = msgspec.structs.replace(letter, message_id=channel.named(inbox, message.pk))
    Message.objects.filter(pk=message.pk).update(letter=msgspec.to_builtins(letter))
    keeping.joined(message.conversation_id, (*letter.to, *letter.cc, *letter.bcc))
    return letter


def is_quotable(before: Written | None) -> bool:
    return before is not None and before.letter.sender is not None


def _quoted(before: Written | None) -> Quote | None:
    """The message that is answered, whole."""
    if before is None or before.letter.sender is None:
        return None
    message = Message.objects.get(pk=before.id)
    text, html = _whole(message, before.letter)
    return Quote(author=before.letter.sender, sent_at=message.occurred_at, text=text, html=html)


def passed_on(message: Message, us: Party) -> Quote:
    """One message with its envelope; `us` wrote the replies."""
    letter = read(message) or Letter()
    text, html = _whole(message, letter)
    author = us if message.kind == Message.Kind.REPLY else letter.sender or Party("", message.author_name)
    return Quote(
        author=author, to=letter.to, cc=letter.cc, subject=letter.subject, sent_at=message.occurred_at, text=text,
        html=html,
    )  # fmt: skip


def _whole(message: Message, letter: Letter) -> tuple[str, str]:
    """As text, and as HTML where there was some."""
    file = files.by_ids([letter.original]).get(letter.original) if letter.original else None
    if file is None or file.erased_at is not None:
        return message.body, ""
    whole = files.read(file).decode("utf-8", "replace")
    return (message.body, whole) if file.media_type == "text/html" else (whole, "")


def read(message: Message) -> Letter | None:
    return None if message.letter is None else msgspec.convert(message.letter, Letter)


def customer(person_id: int) -> tuple[Party, ...]:
    """Every address of theirs, the surest first."""
    root = Person.objects.values_list("canonical", flat=True).get(pk=person_id) or person_id
    joined = [*Person.objects.filter(canonical=root).values_list("pk", flat=True), root]
    known = Identity.objects.filter(person__in=joined, kind=Identity.Kind.EMAIL).select_related("person").order_by("id")
    surest = sorted(known, key=lambda one: (one.person_id != person_id, not one.verified))
    return tuple(Party(one.original, one.person.name) for one in surest)


def register() -> None:
    outbox.letters_with(of_reply)
