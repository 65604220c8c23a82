"""Whom an answer goes to and what it answers: as the last letter says, unless somebody chose otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

import msgspec
from django.db.models import QuerySet

from careline.channels import outbox
from careline.channels.adapter import Adapter, Endpoint
from careline.channels.letters import Letter, Party, Passed, Quote
from careline.customers.models import Identity, Person
from careline.files import queries as files
from careline.service.conversations.letters import keeping
from careline.service.conversations.models import Conversation, Message

# Of a conversation so many messages are looked through for a letter.
LOOKED_AT = 50


def of_reply(message_id: UUID, inbox: Endpoint, channel: Adapter) -> tuple[Letter, Quote | Passed | None]:
    """The envelope of a reply that is about to leave, written down at it; the same at every attempt."""
    message = Message.objects.select_related("conversation").get(pk=message_id)
    if message.kind == Message.Kind.FORWARD:
        return _of_forward(message, inbox, channel)
    own = channel.addresses(inbox)
    before = _before(message)
    usual = usually(message.conversation, before, own)
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
    return _kept(message, letter, inbox, channel), quoted(before)


def _of_forward(message: Message, inbox: Endpoint, channel: Adapter) -> tuple[Letter, Passed]:
    """A thread of its own at whoever gets it; their answer comes back by our message's name."""
    letter = read(message) or Letter()
    named = {one.pk: one for one in Message.objects.filter(pk__in=letter.passes_on)}
    us = channel.stationery(inbox).sender or Party("")
    passed = Passed(tuple(passed_on(named[pk], us) for pk in letter.passes_on if pk in named))
    return _kept(message, letter, inbox, channel), passed


def _kept(message: Message, letter: Letter, inbox: Endpoint, channel: Adapter) -> Letter:
    letter = msgspec.structs.replace(letter, message_id=channel.named(inbox, message.pk))
    Message.objects.filter(pk=message.pk).update(letter=msgspec.to_builtins(letter))
    keeping.joined(message.conversation_id, (*letter.to, *letter.cc, *letter.bcc))
    return letter


def usually(conversation: Conversation, before: Message | None, own: Collection[str]) -> Letter:
    """To whoever wrote last, the others in copy, ourselves left out; without a letter, to the customer."""
    last = read(before) if before is not None else None
    if before is None or last is None:
        return Letter(to=customer(conversation.person_id)[:1], subject=conversation.subject)
    if before.kind == Message.Kind.REPLY:
        to, cc = last.to, last.cc
    else:
        to = _others(last.reply_to or ((last.sender,) if last.sender else ()), own) or _others(last.to, own)
        cc = _others((*last.to, *last.cc), {*own, *(one.key for one in to)})
    chain = [one for one in (*last.references, last.message_id) if one]
    return Letter(
        to=to or customer(conversation.person_id)[:1],
        cc=cc,
        subject=last.subject or conversation.subject,
        in_reply_to=last.message_id,
        references=tuple(dict.fromkeys(chain)),
    )


def quoted(before: Message | None) -> Quote | None:
    """The message that is answered, whole."""
    letter = read(before) if before is not None else None
    if before is None or letter is None or letter.sender is None:
        return None
    text, html = _whole(before, letter)
    return Quote(author=letter.sender, sent_at=before.occurred_at, text=text, html=html)


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


def last_letter(conversation_id: int) -> Message | None:
    """What an answer written now would answer."""
    return _newest(Message.objects.filter(conversation=conversation_id))


def _before(message: Message) -> Message | None:
    return _newest(Message.objects.filter(conversation=message.conversation_id, seq__lt=message.seq))


def _newest(said: QuerySet[Message]) -> Message | None:
    """The customer's last letter; where they never wrote one, our own."""
    candidates = list(
        said.filter(kind__in=["incoming", "reply"], letter__isnull=False)
        .exclude(letter__has_key="automatic")
        .order_by("-seq")[:LOOKED_AT]
    )
    theirs = [one for one in candidates if one.kind == Message.Kind.INCOMING]
    if theirs:
        theirs = _without_asides(theirs) or [one for one in candidates if one.kind == Message.Kind.REPLY]
        return next(iter(theirs), None)
    return next(iter(candidates), None)


def _without_asides(theirs: list[Message]) -> list[Message]:
    """What somebody answered to whom we passed something on is not what the customer is answered to."""
    conversation = theirs[0].conversation_id
    passed = Message.objects.filter(conversation=conversation, kind=Message.Kind.FORWARD, letter__isnull=False)
    names = {letter.message_id for one in passed if (letter := read(one)) is not None and letter.message_id}
    if not names:
        return theirs
    known = {one.key for one in customer(theirs[0].conversation.person_id)}
    return [one for one in theirs if not _is_aside(read(one) or Letter(), names, known)]


def _is_aside(letter: Letter, names: Collection[str], customer: Collection[str]) -> bool:
    by_customer = letter.sender is not None and letter.sender.key in customer
    return not by_customer and not {letter.in_reply_to, *letter.references}.isdisjoint(names)


def _others(parties: Iterable[Party], without: Collection[str]) -> tuple[Party, ...]:
    return tuple({one.key: one for one in parties if one.address and one.key not in without}.values())


def customer(person_id: int) -> tuple[Party, ...]:
    """Every address of theirs, the surest first."""
    root = Person.objects.values_list("canonical", flat=True).get(pk=person_id) or person_id
    joined = [*Person.objects.filter(canonical=root).values_list("pk", flat=True), root]
    known = Identity.objects.filter(person__in=joined, kind=Identity.Kind.EMAIL).select_related("person").order_by("id")
    surest = sorted(known, key=lambda one: (one.person_id != person_id, not one.verified))
    return tuple(Party(one.original, one.person.name) for one in surest)


def register() -> None:
    outbox.letters_with(of_reply)
