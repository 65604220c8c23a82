"""What this room holds of a person: what they and we said, and how it is given out and forgotten."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from careline.accounts import idempotency
from careline.customers.models import Identity
from careline.kit import personal
from careline.service.conversations.models import Attachment, Conversation, Message


def _said(person_id: int) -> QuerySet[Message]:
    """Also what was moved from a conversation of theirs to somebody else's."""
    # By number, so that each half is looked up in an index.
    own = list(Conversation.objects.filter(person_id=person_id).values_list("pk", flat=True))
    theirs = Message.objects.filter(Q(conversation__in=own) | Q(origin__in=own))
    return theirs.order_by("conversation_id", "seq")


def _conversations(person_id: int) -> list[personal.Row]:
    return [
        {
            "number": one.pk,
            "subject": one.subject,
            "state": one.state,
            "channel": one.channel,
            "tags": one.tags,
            "attributes": one.attributes,
            "participants": one.participants,
            "copies": list(one.copies.values()),
            "opened_at": one.opened_at.isoformat(),
        }
        for one in Conversation.objects.filter(person_id=person_id).order_by("pk")
    ]


def _messages(person_id: int) -> list[personal.Row]:
    """Notes too: what the house wrote of a person is about the person."""
    return [
        {
            "conversation": one.conversation_id,
            "kind": one.kind,
            "author": one.author_name,
            "body": one.body,
            "at": one.occurred_at.isoformat(),
            "letter": one.letter,
        }
        for one in _said(person_id).exclude(kind=Message.Kind.SYSTEM)
    ]


def _attachments(person_id: int) -> list[personal.Row]:
    return [
        {"conversation": one.message.conversation_id, "name": one.name, "size": one.size}
        for one in Attachment.objects.filter(message__in=_said(person_id)).select_related("message")
    ]


def _forget_conversations(person_id: int) -> int:
    mine = Conversation.objects.filter(person_id=person_id)
    numbers = list(mine.values_list("pk", flat=True))
    idempotency.forget(f'"{field}":"{one}"' for one in numbers for field in ("id", "conversation_id"))
    shown = Message.objects.filter(origin__in=numbers).values("conversation")
    Conversation.objects.filter(pk__in=shown).update(preview="")
    return mine.update(subject="", preview="", tags=[], attributes={}, participants=[], copies={})


def _forget_addresses(person_id: int) -> int:
    """Where they took part in somebody else's conversation: who wrote and who had a copy stands at its letters."""
    gone = set(Identity.objects.filter(person_id=person_id, kind=Identity.Kind.EMAIL).values_list("value", flat=True))
    if not gone:
        return 0
    others = list(Conversation.objects.filter(participants__overlap=sorted(gone)).exclude(participants=[]))
    for one in others:
        one.participants = [address for address in one.participants if address not in gone]
        one.copies = {address: party for address, party in one.copies.items() if address not in gone}
        one.save(update_fields=["participants", "copies"])
    named = list(Message.objects.filter(conversation__in=others, letter__isnull=False))
    for message in named:
        if message.letter is not None and message.letter.get("sender", {}).get("address", "").casefold() in gone:
            message.author_name = ""
        message.letter = _without(message.letter, gone)
        message.save(update_fields=["letter", "author_name"])
    return len(others) + len(named)


def _without(stored: Any, gone: set[str]) -> Any:
    """The same without the parties of these addresses, wherever they are named."""
    if isinstance(stored, list):
        kept = [one for one in stored if not (isinstance(one, dict) and str(one.get("address", "")).casefold() in gone)]
        return [_without(one, gone) for one in kept]
    if isinstance(stored, dict):
        if str(stored.get("address", "")).casefold() in gone:
            return {"address": ""}
        return {name: _without(one, gone) for name, one in stored.items() if name.casefold() not in gone}
    return stored


def _forget_messages(person_id: int) -> int:
    customers = _said(person_id).filter(author_kind="customer").update(author_name="")
    # Tags are somebody's words about the matter; who did what, and when, stays.
    tagged = _said(person_id).filter(event__verb="tagged").update(event={"verb": "tagged"})
    # What was asked, with their name in it perhaps, and what they answered; that something was asked stays.
    tagged += _said(person_id).filter(event__verb="asked").update(event={"verb": "asked"})
    said = _said(person_id).update(body="", external_id=None, client_id=None, status_reason="", letter=None)
    return customers + tagged + said + _forget_addresses(person_id)


def _forget_attachments(person_id: int) -> int:
    return Attachment.objects.filter(message__in=_said(person_id)).update(name="")


def register() -> None:
    personal.register("conversations.Conversation", export=_conversations, erase=_forget_conversations)
    personal.register("conversations.Message", export=_messages, erase=_forget_messages)
    personal.register("conversations.Attachment", export=_attachments, erase=_forget_attachments)
    personal.exempt("conversations.Follower", "It says which colleague follows a conversation and names no customer.")
    personal.exempt("conversations.History", "It counts what lay in a file or an account and names nobody.")
    personal.exempt("conversations.LeftOut", "It says where a message lies that was not taken, and why.")
    personal.exempt("conversations.Tally", "It counts conversations and names nobody.")
