"""Reads of the Django doors; each the same statement as the raw door's, seen through the actor."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.channels.letters import Letter
from careline.kit.refusals import NotVisible
from careline.service.conversations.hot import doors, read, refused
from careline.service.conversations.hot.shapes import Called, Counts, Follower, Hand, ListRow, OwnTalk, ThreadRow
from careline.service.conversations.letters import following
from careline.service.conversations.models import Attachment, Conversation, Message


def listed(
    actor: Actor, *, view: str = "all", state: str = "open", limit: int = 50, before: tuple[datetime, int] | None = None
) -> list[ListRow]:
    """The inbox, newest activity first (active_at, id)."""
    statement, given = doors.page(actor, view=view, state=state, limit=limit, before=before)
    rows: list[ListRow] = statement.all(**given)
    return rows


def of_person(actor: Actor, person_id: int, *, limit: int = 50) -> list[ListRow]:
    return read.OF_PERSON.all(
        person=person_id, limit=limit, before_at=doors.END_OF_TIME, before_id=doors.LAST_ID, **doors.seen(actor)
    )


def these(actor: Actor, ids: list[int]) -> list[ListRow]:
    return read.THESE.all(ids=ids, **doors.seen(actor))


def called(actor: Actor, ids: Iterable[int], *, near: int = 0) -> list[Called]:
    """As much of conversations as names them; with them those that one goes on from and that go on from it."""
    return read.CALLED.all(ids=sorted(ids), conversation=near, **doors.seen(actor))


def hands(actor: Actor, conversation_id: int) -> list[Hand]:
    """Whom it can be given to: who works in its inbox, and any team; agents with whether they follow it.

    By whose role ends at some teams, those and their people.
    """
    return read.HANDS.all(conversation=conversation_id, **doors.seen(actor))


def followers(actor: Actor, conversation_id: int) -> list[Follower]:
    """Colleagues who follow it and may see it, by name."""
    return followers_of(one(actor, conversation_id).id)


def followers_of(conversation_id: int) -> list[Follower]:
    """For rooms that tell them; the viewer was asked for before."""
    return read.FOLLOWERS.all(conversation=conversation_id)


def one(actor: Actor, conversation_id: int) -> ListRow:
    found = these(actor, [conversation_id])
    if not found:
        raise refused.no_conversation()
    return found[0]


def counts(actor: Actor) -> Counts:
    """With the horizon: whoever reads rows after it and resumes from there misses nothing."""
    statement, given = doors.counted(actor)
    rows: list[Counts] = statement.all(**given)
    return rows[0]


def thread(actor: Actor, conversation_id: int, *, before: int = doors.LAST_SEQ, limit: int = 50) -> list[ThreadRow]:
    """The newest lines first; nothing when the conversation is not visible."""
    return read.THREAD.all(conversation=conversation_id, before=before, limit=limit, **doors.seen(actor))


def since(actor: Actor, conversation_id: int, *, after: int, limit: int = 200) -> list[ThreadRow]:
    return read.SINCE.all(conversation=conversation_id, after=after, limit=limit, **doors.seen(actor))


def envelope(actor: Actor, conversation_id: int) -> following.Envelope | None:
    """Whom an answer written now goes to, and under which words; nothing where messages have no envelope."""
    return following.of(actor, conversation_id)


def first_envelope(actor: Actor, inbox_id: int, person_id: int) -> following.Envelope:
    """Of a mail that begins a conversation."""
    return following.first(actor, inbox_id, person_id)


def remarks(actor: Actor, conversation_id: int, letter: Letter, *, passes_on: bool = False) -> list[str]:
    """What somebody should know before a letter to these leaves."""
    return following.remarks(actor, conversation_id, letter, passes_on=passes_on)


def shared_with(
    person_id: int, *, conversation_id: int, inbox_id: int, after: int = 0, limit: int = 200
) -> list[ThreadRow]:
    """What a customer sees of their own conversation; notes and system lines are not in it."""
    given: dict[str, Any] = {"conversation": conversation_id, "inbox": inbox_id, "person": person_id}
    return read.SHARED.all(after=after, limit=limit, **given)


def own_talks(person_id: int, *, address: str | None = None, limit: int = 100) -> list[OwnTalk]:
    """A customer's own conversations, the latest activity first; with an address only what went to and fro by it."""
    return read.OWN_TALKS.all(person=person_id, address=address, conversation=None, limit=limit)


def own_talk(person_id: int, conversation_id: int, *, address: str | None = None) -> OwnTalk:
    found = read.OWN_TALKS.one(person=person_id, address=address, conversation=conversation_id, limit=1)
    if found is None:
        raise refused.no_conversation()
    return found


def own_file(conversation_id: int, file_id: UUID) -> UUID:
    """A file the customer was shown in a conversation that is known to be theirs."""
    shared = Attachment.objects.filter(
        file_id=file_id, message__conversation=conversation_id, message__shared_seq__isnull=False,
        message__kind__in=[Message.Kind.INCOMING, Message.Kind.REPLY],
    )  # fmt: skip
    if not shared.exists():
        raise NotVisible(_("There is no such file."))
    return file_id


def said_from(actor: Actor, conversation_id: int, message_id: UUID, *, alone: bool = False) -> list[UUID]:
    """A message and those that were said after it; what happened in between is not among them."""
    said = Message.objects.filter(
        conversation__in=Conversation.objects.visible_to(actor).filter(pk=conversation_id)
    ).exclude(kind=Message.Kind.SYSTEM)
    first = said.filter(pk=message_id).first()
    if first is None:
        raise refused.no_message()
    return [first.pk] if alone else list(said.filter(seq__gte=first.seq).order_by("seq").values_list("pk", flat=True))


def attached(actor: Actor, file_id: UUID) -> UUID:
    """A file by the conversation it stands in: whoever sees the one may open the other."""
    if not Attachment.objects.filter(
        file_id=file_id, message__conversation__in=Conversation.objects.visible_to(actor)
    ).exists():
        raise NotVisible(_("There is no such file."))
    return file_id
