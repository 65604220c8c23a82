"""What was said in a conversation, passed on to somebody else: no answer to the customer, and not seen by them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline import contact, touchpoints
from careline.accounts.actor import Actor
from careline.channels import outbox
from careline.channels.letters import Letter
from careline.files import queries as stored
from careline.files.models import StoredFile
from careline.kit import clock, text
from careline.kit.refusals import NotVisible, Refused
from careline.service.conversations.actions.lines import taken
from careline.service.conversations.attaching import attach
from careline.service.conversations.hot import announce, refused, words
from careline.service.conversations.hot.shapes import Said
from careline.service.conversations.letters import addressed, following
from careline.service.conversations.models import Attachment, Conversation, Message

# Of a longer conversation the newest are passed on.
MOST = 50
_PASSED = (Message.Kind.INCOMING, Message.Kind.REPLY)


@transaction.atomic
def forward(
    conversation_id: int,
    *,
    actor: Actor,
    letter: Letter,
    message_id: UUID | None = None,
    body: str = "",
    files: Sequence[StoredFile] = (),
    client_id: str | None = None,
    at: datetime | None = None,
) -> Said:
    """One message, or all that was said, to whom `letter` names, below a comment. Nobody waits for less by it."""
    conversation = taken(conversation_id, actor=actor, permission="conversations.reply")
    following.must_have_envelope(conversation.channel)
    letter, at = addressed.checked(letter), at or clock.now()
    body = text.clean(body, field="body", limit=words.BODY_LIMIT)
    given = words.our_words(
        actor=actor, conversation_id=conversation.pk, body=body, at=at, client_id=client_id, wordless=True
    )
    author = {name: given[name] for name in ("author_kind", "author_id")}
    known = Message.objects.filter(inbox=conversation.inbox_id, client_id=given["client"], **author).first()
    if given["client"] and known is not None:
        other = (known.kind, known.conversation_id, known.body) != (Message.Kind.FORWARD, conversation.pk, body)
        said = _said(conversation, known, repeated=True)
        return refused.unless_same(msgspec.structs.replace(said, other=other)) or said
    passed = _passed(conversation, message_id)
    carried, left_out, names = _carried(conversation, passed, files)
    letter = msgspec.structs.replace(letter, passes_on=tuple(one.pk for one in passed), left_out=left_out)
    conversation.last_seq += 1
    conversation.seen_seq = conversation.last_seq
    conversation.active_at = max(conversation.active_at, at)
    conversation.save(update_fields=["last_seq", "seen_seq", "active_at"])
    message = Message.objects.create(
        id=given["message"],
        conversation=conversation,
        inbox_id=conversation.inbox_id,
        seq=conversation.last_seq,
        kind=Message.Kind.FORWARD,
        body=body,
        author_name=actor.name,
        channel=conversation.channel,
        client_id=given["client"],
        status=Message.Status.QUEUED,
        letter=msgspec.to_builtins(letter),
        occurred_at=at,
        **author,
    )
    said = _said(conversation, message)
    attach(said, carried, names)
    outbox.enqueue(
        contact.Forward(conversation.pk, message.pk),
        inbox_id=conversation.inbox_id,
        person_id=conversation.person_id,
        words=body,
        files=carried,
        content_ids=names,
    )
    _recorded(said, body, actor)
    announce.after_commit(announce.said(said))
    return said


def _passed(conversation: Conversation, message_id: UUID | None) -> list[Message]:
    """A note is no part of it: it never leaves the house."""
    said = Message.objects.filter(conversation=conversation.pk, kind__in=_PASSED)
    if message_id is None:
        found = list(said.order_by("-seq")[:MOST])[::-1]
        if not found:
            raise Refused(_("Nothing was said yet that could be passed on."), field="message_id")
        return found
    one = Message.objects.filter(conversation=conversation.pk, pk=message_id).first()
    if one is None:
        raise NotVisible(_("There is no such message in this conversation."), field="message_id")
    if one.kind not in _PASSED:
        raise Refused(_("Only what the customer said, or was told, is passed on."), field="message_id")
    return [one]


def _carried(
    conversation: Conversation, passed: Sequence[Message], own: Sequence[StoredFile]
) -> tuple[list[StoredFile], dict[str, str], dict[UUID, str]]:
    """The agent's files first; of those passed on as many as one mail takes, and which are left out, and why."""
    following.must_fit(conversation.inbox_id, conversation.channel, own)
    room = following.room(conversation.inbox_id, conversation.channel)
    rows = list(Attachment.objects.filter(message__in=passed).order_by("message__seq", "position"))
    kept = stored.by_ids(row.file_id for row in rows)
    carried = {file.pk: file for file in own}
    names: dict[UUID, str] = {}
    left_out: dict[str, str] = {}
    weight = sum(file.size for file in own)
    for row in rows:
        file = kept.get(row.file_id)
        if file is None or file.erased_at is not None or file.pk in carried:
            continue
        if room and weight + file.size > room:
            left_out[row.name] = _("It did not fit into one mail.")
            continue
        carried[file.pk], weight = file, weight + file.size
        if row.content_id:
            names[file.pk] = row.content_id
    return list(carried.values()), left_out, names


def _recorded(said: Said, body: str, actor: Actor) -> None:
    place = f"conversation:{said.conversation_id}"
    facts: dict[str, Any] = {"conversation": said.conversation_id, "message": str(said.message_id), "seq": said.seq}
    touchpoints.record(
        "message.forwarded", person=said.person_id, actor=actor, inbox=said.inbox_id, source=place, journey=place,
        occurred_at=said.occurred_at, channel=said.channel, preview=text.excerpt(body), **facts,
    )  # fmt: skip


def _said(conversation: Conversation, message: Message, *, repeated: bool = False) -> Said:
    return Said(
        conversation_id=message.conversation_id,
        message_id=message.pk,
        seq=message.seq,
        shared_seq=None,
        inbox_id=message.inbox_id,
        person_id=conversation.person_id,
        kind=message.kind,
        status=message.status,
        occurred_at=message.occurred_at,
        repeated=repeated,
        channel=message.channel,
        author_name=message.author_name,
        state=conversation.state,
    )
