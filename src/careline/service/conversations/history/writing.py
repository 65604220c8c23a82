"""One message of earlier years becomes a line of its thread. Nothing is sent, nobody is told, nothing is unread."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec

from careline.accounts.actor import SYSTEM, Actor
from careline.accounts.models import Agent
from careline.channels.adapter import Inbound, Unneeded
from careline.channels.letters import Letter, Party
from careline.customers import actions as customers
from careline.customers.identities import Given
from careline.kit import text
from careline.kit.refusals import Refused
from careline.kit.sentences import lasting as _
from careline.service.conversations import standing
from careline.service.conversations.hot import words
from careline.service.conversations.hot.shapes import Said
from careline.service.conversations.letters import keeping
from careline.service.conversations.models import Conversation, Message
from careline.touchpoints import actions as line

MOST_NAMES = 50


class Hands(msgspec.Struct, frozen=True):
    """Who of us wrote, by address and by name; former colleagues too."""

    by_address: Mapping[str, tuple[int, str]]
    by_name: Mapping[str, tuple[int, str]]

    def of(self, party: Party) -> tuple[int, str] | None:
        return self.by_address.get(party.key) or self.by_name.get(text.fold(party.name))


class Room(msgspec.Struct, frozen=True):
    """The mailbox as one run sees it: its addresses, its people, and from when on a customer's word is open."""

    inbox_id: int
    kind: str
    own: frozenset[str]
    hands: Hands
    open_from: datetime


class Written(msgspec.Struct, frozen=True):
    person_id: int
    opened: bool
    moments: list[line.Row]


def hands() -> Hands:
    people = list(Agent.objects.order_by("pk").values_list("pk", "name", "email"))
    names = [text.fold(name) for _pk, name, _email in people]
    return Hands(
        {email: (pk, name) for pk, name, email in people},
        {text.fold(name): (pk, name) for pk, name, _email in people if names.count(text.fold(name)) == 1},
    )


def write(room: Room, item: Inbound, at: datetime) -> Written:
    """In the caller's transaction. Raises Unneeded when nothing comes of it."""
    found = keeping.enclosed(item)
    letter = found.letter
    conversation = _thread(room, letter, ours=item.ours)
    opened = conversation is None
    if conversation is None:
        if not item.ours and (item.overheard or not item.opens):
            raise Unneeded(_("A machine answered, and what it answers is no message of this mailbox."))
        conversation = _opening(room, item, letter, at)
    message = _said(room, conversation, item, letter, at)
    if found.files or found.original is not None:
        _with_files(conversation, message, found)
    return Written(conversation.person_id, opened, _moments(room, conversation, message, opened=opened))


def _with_files(conversation: Conversation, message: Message, found: keeping.Enclosed) -> None:
    said = Said(
        conversation_id=conversation.pk, message_id=message.pk, seq=message.seq, shared_seq=message.shared_seq,
        inbox_id=message.inbox_id, person_id=conversation.person_id, kind=message.kind, status=message.status,
        occurred_at=message.occurred_at,
    )  # fmt: skip
    keeping.keep(said, found)


def _thread(room: Room, letter: Letter, *, ours: bool) -> Conversation | None:
    """By what it answers, the nearest first, and only among those its writer takes part in."""
    names = [one for one in (letter.in_reply_to, *reversed(letter.references)) if one]
    names = list(dict.fromkeys(names))[:MOST_NAMES]
    if not names:
        return None
    known = Message.objects.filter(inbox=room.inbox_id, external_id__in=names)
    found = dict(known.values_list("external_id", "conversation_id"))
    writer = letter.sender.key if letter.sender is not None else ""
    for number in dict.fromkeys(found[name] for name in names if name in found):
        conversation = Conversation.objects.select_for_update(of=("self",)).get(pk=number)
        if conversation.state != Conversation.State.TRASH and (ours or writer in conversation.participants):
            return conversation
    return None


def _opening(room: Room, item: Inbound, letter: Letter, at: datetime) -> Conversation:
    """Inserted with its first message; everything is said, so that nothing has to be read back."""
    return Conversation(
        inbox_id=room.inbox_id, person_id=_person(_customer(room, item, letter), at), channel=room.kind,
        subject=item.subject[: words.SUBJECT_LIMIT], state=Conversation.State.RESOLVED, resolved_at=at,
        waiting_on=Conversation.WaitingOn.CUSTOMER, handled_by=Conversation.HandledBy.QUEUE, priority=0, tags=[],
        attributes={}, opened_at=at, active_at=at, last_seq=0, shared_seq=0, heard_seq=0, seen_seq=0, preview="",
        preview_by="customer", participants=[], copies={},
    )  # fmt: skip


def _customer(room: Room, item: Inbound, letter: Letter) -> Party:
    if not item.ours:
        named = dict(item.identities)
        return Party(named.get("email", ""), item.name)
    for one in (*letter.to, *letter.cc, *letter.bcc):
        if one.key not in room.own:
            return one
    raise Unneeded(_("It was written by this mailbox to nobody else."))


def _person(party: Party, at: datetime) -> int:
    name = (party.name or party.address)[: words.NAME_LIMIT]
    given = [Given("email", party.address[: words.NAME_LIMIT])] if party.address else []
    try:
        return customers.find_or_create(given, actor=SYSTEM, name=name, at=at).person.pk
    except Refused:  # an address that cannot be one does not keep the words out
        return customers.find_or_create([], actor=SYSTEM, name=name, at=at).person.pk


def _said(room: Room, conversation: Conversation, item: Inbound, letter: Letter, at: datetime) -> Message:
    body = text.clean(item.text, field="body", limit=words.BODY_LIMIT)
    author = letter.sender or Party("")
    hand = room.hands.of(author) if item.ours else None
    is_new = conversation.pk is None
    is_newest = is_new or at >= conversation.active_at
    was_read = conversation.heard_seq <= conversation.seen_seq
    conversation.last_seq += 1
    conversation.shared_seq += 1
    message = Message(
        inbox_id=room.inbox_id,
        seq=conversation.last_seq,
        shared_seq=conversation.shared_seq,
        kind=Message.Kind.REPLY if item.ours else Message.Kind.INCOMING,
        body=body,
        author_kind="agent" if item.ours else "customer",
        author_id=(hand[0] if hand else None) if item.ours else conversation.person_id,
        author_name=hand[1] if hand else (author.name or author.address or item.name),
        channel=room.kind,
        external_id=item.external_id[: words.EXTERNAL_LIMIT],
        status=Message.Status.SENT if item.ours else "",
        letter=msgspec.to_builtins(letter),
        occurred_at=at,
    )
    known = dict.fromkeys([*conversation.participants, *(one.key for one in letter.everybody if one.address)])
    conversation.participants = list(known)[: keeping.MOST_PARTICIPANTS]
    if is_newest:
        if not item.overheard:
            named = keeping.by_address(letter.cc) if item.ours else keeping.in_copy(letter)
            conversation.copies = msgspec.to_builtins(named) | conversation.copies
        _stand(room, conversation, message, overheard=item.overheard)
    if was_read:
        conversation.seen_seq = conversation.last_seq
    conversation.save()
    message.conversation = conversation
    message.save(force_insert=True)
    if not is_newest:  # older words than the last ones: what the messages say of it is worked out again
        standing.settle(conversation)
        conversation.save()
    return message


def _stand(room: Room, conversation: Conversation, message: Message, *, overheard: bool) -> None:
    at, ours = message.occurred_at, message.kind == Message.Kind.REPLY
    conversation.active_at = at
    if overheard:
        return
    conversation.preview = text.excerpt(message.body)
    conversation.preview_by = "us" if ours else "customer"
    if ours:
        conversation.handled_by = Conversation.HandledBy.AGENT
        conversation.first_replied_at = conversation.first_replied_at or at
    else:
        conversation.heard_seq = message.seq
    if conversation.state in (Conversation.State.SPAM, Conversation.State.TRASH, Conversation.State.SNOOZED):
        return
    waits = not ours and at >= room.open_from
    conversation.state = Conversation.State.OPEN if waits else Conversation.State.RESOLVED
    conversation.resolved_at = None if waits else at
    conversation.waiting_on = Conversation.WaitingOn.US if waits else Conversation.WaitingOn.CUSTOMER


def _moments(room: Room, conversation: Conversation, message: Message, *, opened: bool) -> list[line.Row]:
    ours = message.kind == Message.Kind.REPLY
    person, at = conversation.person_id, message.occurred_at
    customer = Actor.customer(person, room.inbox_id)
    agent = Actor("agent", message.author_id, message.author_name, message.author_id, frozenset(), ())
    actor = (agent if message.author_id else SYSTEM) if ours else customer
    about: dict[str, Any] = {
        "person": person, "inbox": room.inbox_id, "source": f"conversation:{conversation.pk}",
        "journey": f"conversation:{conversation.pk}", "occurred_at": at, "conversation": conversation.pk,
        "channel": room.kind,
    }  # fmt: skip
    said: dict[str, Any] = {"message": str(message.pk), "seq": message.seq, "preview": text.excerpt(message.body)}
    found = []
    if opened:
        found.append(line.row("conversation.opened", actor=actor, subject=conversation.subject, **about))
    if ours:
        found.append(line.row("message.sent", actor=actor, **about, **said))
    else:
        found.append(line.row("message.received", actor=actor, first=opened, **about, **said))
    return found
