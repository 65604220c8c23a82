"""The way into the outbox: the authority of a reply, a forward or a decision, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import F, Func, JSONField, Value
from django.utils.translation import gettext as _

from careline import contact, touchpoints
from careline.accounts.actor import SYSTEM, Actor
from careline.channels.expecting import Expects
from careline.channels.letters import Letter, Mailing
from careline.channels.models import Inbox, Outbox
from careline.contact.reach import SIGN_IN
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
    mailing: Mailing | None = None,
    conversation_id: int | None = None,
    expects: Expects | None = None,
    step: int = 0,
    actor: Actor = SYSTEM,
) -> Outbox:
    """Put a message in line, once for each authority. Without a recipient it is looked up as it leaves.

    Letter, mailing, conversation, `expects` and `step` are of what a decision lets out; a reply has its own. What a
    decision lets out may go on, step by step, once somebody has answered (`follow`).
    """
    source = _source(authority, person_id, step)
    if (known := Outbox.objects.filter(**source).first()) is not None:
        return known
    inbox = Inbox.objects.filter(pk=inbox_id).first()
    if inbox is None:
        raise NotVisible(_("There is no such inbox."))
    fetched = _fetched(inbox, authority, conversation_id)
    wordless = bool(files) or isinstance(authority, contact.Forward)
    words = text.clean(words, field="body", limit=50_000, required=not wordless)
    conversation = conversation_id if isinstance(authority, contact.Decision) else authority.conversation_id
    payload = {
        "text": words, "conversation": conversation, "attachments": _carried(files, content_ids),
        **_written(letter=letter, mailing=mailing, expects=expects),
    }  # fmt: skip
    now = clock.now()
    try:
        with transaction.atomic():
            row = Outbox.objects.create(
                **source,
                # What the other side fetches is there once it stands in its thread.
                state=Outbox.State.SENT if fetched else Outbox.State.QUEUED,
                inbox=inbox, person_id=person_id, recipient=recipient, payload=payload, next_attempt_at=now,
                created_at=now, updated_at=now,
            )  # fmt: skip
    except IntegrityError:
        known = Outbox.objects.filter(**source).first()
        if known is None:
            raise  # not a race: the database refuses the authority itself
        return known
    if isinstance(authority, contact.Decision):
        touchpoints.record(
            "outbound.queued", person=person_id, actor=actor, inbox=inbox_id, source=f"outbox:{row.pk}",
            occurred_at=now, outbound=row.pk, channel=inbox.kind, purpose=authority.purpose,
            # A link to come in by is for whoever asked for it alone.
            preview="" if authority.purpose == SIGN_IN else text.excerpt(words), step=step,
        )  # fmt: skip
    bus.after_commit("outbox", {})
    return row


def _fetched(
    inbox: Inbox, authority: contact.Reply | contact.Forward | contact.Decision, conversation_id: int | None
) -> bool:
    """Whether the other side fetches it; Refused where nothing stands in a thread for it to fetch."""
    fetched = inbox.delivery != Inbox.Delivery.PUSH
    if fetched and (conversation_id is None or not isinstance(authority, contact.Decision)):
        raise Refused(_("Answers of this inbox are fetched by the other side; nothing is sent."))
    return fetched


def _written(**parts: Letter | Mailing | Expects | None) -> dict[str, Any]:
    """What there is of it, as it is stored."""
    return {name: msgspec.to_builtins(part) for name, part in parts.items() if part is not None}


def _carried(files: Sequence[StoredFile], content_ids: Mapping[UUID, str]) -> list[dict[str, str]]:
    return [
        {"file_id": str(file.pk), "name": file.name, "media_type": file.media_type}
        | ({"content_id": content_ids[file.pk]} if file.pk in content_ids else {})
        for file in files
    ]


def follow(outbound_id: int, *, words: str, expects: Expects | None = None) -> Outbox | None:
    """The next step of what somebody has just answered, by the same decision and the same way; None when it is gone."""
    last = Outbox.objects.select_related("decision").filter(pk=outbound_id, decision__isnull=False).first()
    if last is None or last.decision is None:
        return None
    return enqueue(
        last.decision, inbox_id=last.inbox_id, person_id=last.person_id, words=words, recipient=last.recipient,
        conversation_id=last.payload.get("conversation"), expects=expects, step=last.step + 1,
    )  # fmt: skip


class Asked(msgspec.Struct, frozen=True):
    """What a decision let out, as the thread shows it."""

    pk: int
    inbox_id: int
    person_id: int
    channel: str
    words: str
    conversation: int | None
    expects: Expects | None
    at: datetime


def unasked(outbound_ids: Iterable[int]) -> list[Asked]:
    """What was let out by decisions, in its order, but for links to come in by; what was erased is not there."""
    rows = Outbox.objects.filter(pk__in=list(outbound_ids), decision__isnull=False).select_related("inbox")
    rows = rows.exclude(decision__purpose=SIGN_IN)
    return [
        Asked(
            one.pk, one.inbox_id, one.person_id, one.inbox.kind, one.payload.get("text", ""),
            one.payload.get("conversation"), msgspec.convert(one.payload.get("expects"), Expects | None),
            one.created_at,
        )
        for one in rows.order_by("pk")
    ]  # fmt: skip


def _source(authority: contact.Reply | contact.Forward | contact.Decision, person_id: int, step: int) -> dict[str, Any]:
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
    return {"decision_id": authority.pk, "decision_allowed": True, "step": step}


def moved(message_ids: Sequence[UUID], conversation_id: int) -> int:
    """These replies stand in another conversation now: what is told of them on their way is told there."""
    changed = Value({"conversation": conversation_id}, JSONField())
    joined = Func(F("payload"), changed, arg_joiner=" || ", template="%(expressions)s")
    return Outbox.objects.filter(message_id__in=message_ids).update(payload=joined)


def discard(message_ids: Sequence[UUID]) -> int:
    """With replies that are to be gone goes what was to carry them, in the caller's transaction."""
    return Outbox.objects.filter(message_id__in=message_ids).delete()[0]
