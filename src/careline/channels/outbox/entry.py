"""The way into the outbox: the authority of a reply, a forward or a decision, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import F, Func, JSONField, Value
from django.utils.translation import gettext as _

from careline import contact, touchpoints
from careline.accounts.actor import SYSTEM, Actor
from careline.channels.letters import Letter
from careline.channels.models import Inbox, Outbox
from careline.files.models import StoredFile
from careline.kit import bus, clock, text
from careline.kit.refusals import NotVisible, Refused


@transaction.atomic
def enqueue(
    authority: contact.Reply | contact.Forward | contact.Decision,
    *,
    inbox_id: int,
    person_id: int,
    words: str,
    recipient: str = "",
    files: Sequence[StoredFile] = (),
    content_ids: Mapping[UUID, str] = MappingProxyType({}),
    letter: Letter | None = None,
    conversation_id: int | None = None,
    actor: Actor = SYSTEM,
) -> Outbox:
    """Put a message in line, once for each authority. Without a recipient it is looked up when the message leaves.

    Letter and conversation are of what a decision lets out; a reply has its own.
    """
    source = _source(authority, person_id)
    known = Outbox.objects.filter(**source).first()
    if known is not None:
        return known
    inbox = Inbox.objects.filter(pk=inbox_id).first()
    if inbox is None:
        raise NotVisible(_("There is no such inbox."))
    if inbox.delivery != Inbox.Delivery.PUSH:
        raise Refused(_("Answers of this inbox are fetched by the other side; nothing is sent."))
    wordless = bool(files) or isinstance(authority, contact.Forward)
    words = text.clean(words, field="body", limit=50_000, required=not wordless)
    conversation = conversation_id if isinstance(authority, contact.Decision) else authority.conversation_id
    payload: dict[str, Any] = {
        "text": words, "conversation": conversation, "attachments": _carried(files, content_ids)
    }  # fmt: skip
    if letter is not None:
        payload["letter"] = msgspec.to_builtins(letter)
    now = clock.now()
    try:
        with transaction.atomic():
            row = Outbox.objects.create(
                **source,
                inbox=inbox,
                person_id=person_id,
                recipient=recipient,
                payload=payload,
                next_attempt_at=now,
                created_at=now,
                updated_at=now,
            )
    except IntegrityError:
        known = Outbox.objects.filter(**source).first()
        if known is None:
            raise  # not a race: the database refuses the authority itself
        return known
    if isinstance(authority, contact.Decision):
        touchpoints.record(
            "outbound.queued", person=person_id, actor=actor, inbox=inbox_id, source=f"outbox:{row.pk}",
            occurred_at=now, outbound=row.pk, channel=inbox.kind, purpose=authority.purpose,
            preview=text.excerpt(words),
        )  # fmt: skip
    bus.after_commit("outbox", {})
    return row


def _carried(files: Sequence[StoredFile], content_ids: Mapping[UUID, str]) -> list[dict[str, str]]:
    return [
        {"file_id": str(file.pk), "name": file.name, "media_type": file.media_type}
        | ({"content_id": content_ids[file.pk]} if file.pk in content_ids else {})
        for file in files
    ]


def _source(authority: contact.Reply | contact.Forward | contact.Decision, person_id: int) -> dict[str, Any]:
    if isinstance(authority, contact.Reply):
        return {"message_id": authority.message_id, "message_kind": "reply"}
    if isinstance(authority, contact.Forward):
        return {"message_id": authority.message_id, "message_kind": "forward"}
    if not isinstance(authority, contact.Decision):
        raise TypeError("only a Reply, a Forward or a Decision sends anything")
    if not authority.allowed:
        raise Refused(_("Not sent: %(why)s") % {"why": contact.words(authority.reason, authority.terms)})
    if authority.person_id != person_id:
        raise ValueError("the decision is about another person")
    return {"decision_id": authority.pk, "decision_allowed": True}


def moved(message_ids: Sequence[UUID], conversation_id: int) -> int:
    """These replies stand in another conversation now: what is told of them on their way is told there."""
    changed = Value({"conversation": conversation_id}, JSONField())
    joined = Func(F("payload"), changed, arg_joiner=" || ", template="%(expressions)s")
    return Outbox.objects.filter(message_id__in=message_ids).update(payload=joined)


def discard(message_ids: Sequence[UUID]) -> int:
    """With replies that are to be gone goes what was to carry them, in the caller's transaction."""
    return Outbox.objects.filter(message_id__in=message_ids).delete()[0]
