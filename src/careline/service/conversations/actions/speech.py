"""Who says what: the customer, an agent to the customer, an agent to the team."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

import msgspec
from django.db import IntegrityError, connection, transaction

from careline import contact, touchpoints
from careline.accounts.actor import Actor
from careline.channels import queries as channels
from careline.channels.letters import Letter
from careline.files.models import StoredFile
from careline.kit import bus, clock, text
from careline.kit.refusals import Refused
from careline.kit.statement import Statement
from careline.service.conversations.actions import asking
from careline.service.conversations.attaching import attach
from careline.service.conversations.hot import announce, refused, speak, words
from careline.service.conversations.hot import receive as hear_sql
from careline.service.conversations.hot.shapes import Offered, Placed, Said
from careline.service.conversations.letters import addressed, following, keeping
from careline.service.conversations.models import Conversation, Message


def _announced(said: Said) -> Said:
    if not said.repeated:
        announce.after_commit(announce.said(said))
        if said.status == "queued":
            bus.after_commit("outbox", {})
    return said


def _whole(files: Sequence[StoredFile]) -> AbstractContextManager[None]:
    """One statement is a transaction of its own; one is opened where more belongs to it, or a caller holds one."""
    return transaction.atomic() if files or connection.in_atomic_block else nullcontext()


def open_with(
    *,
    actor: Actor,
    inbox_id: int,
    person: words.Who,
    body: str,
    subject: str = "",
    at: datetime | None = None,
    client_id: str | None = None,
    external_id: str | None = None,
    raw: bytes | None = None,
    files: Sequence[StoredFile] = (),
    wordless: bool = False,
    placed: Placed | None = None,
) -> Said:
    """A new conversation with the customer's first words; the same client or external id gives the same one again."""
    given = words.first_words(
        actor=actor, inbox_id=inbox_id, person=person, body=body, subject=subject, at=at, client_id=client_id,
        external_id=external_id, raw=raw, wordless=wordless or bool(files), placed=placed,
    )  # fmt: skip
    for attempt in (1, 2, 3):
        try:
            with _whole(files):
                said = hear_sql.OPEN.one(**given)
                if said is None:
                    # Said before, by somebody who has been joined since; or nobody may speak there.
                    repeated = refused.unless_same(hear_sql.AGAIN.one(**given)) if client_id else None
                    if repeated is None:
                        raise refused.no_inbox()
                    return repeated
                attach(said, files)
                return _announced(said)
        except IntegrityError:
            repeated = refused.unless_same(hear_sql.AGAIN.one(**given))
            if repeated is not None:
                return repeated
            if attempt == 3:
                raise
    raise AssertionError("unreachable")


def hear(
    conversation_id: int,
    *,
    actor: Actor,
    body: str,
    person_id: int | None = None,
    at: datetime | None = None,
    client_id: str | None = None,
    external_id: str | None = None,
    raw: bytes | None = None,
    files: Sequence[StoredFile] = (),
    wordless: bool = False,
    placed: Placed | None = None,
) -> Said:
    """The customer's further words in a conversation that is there; opens it again when it was closed or asleep."""
    given = words.further_words(
        actor=actor, conversation_id=conversation_id, body=body, person_id=person_id, at=at, client_id=client_id,
        external_id=external_id, raw=raw, wordless=wordless or bool(files), placed=placed,
    )  # fmt: skip
    try:
        with _whole(files):
            said = hear_sql.HEAR.one(**given)
            if said is None:
                raise refused.no_conversation()
            attach(said, files)
            return _announced(said)
    except IntegrityError:
        repeated = refused.unless_same(hear_sql.AGAIN_THERE.one(kind="incoming", **given))
        if repeated is None:
            raise
        return repeated


@transaction.atomic
def receive(*, actor: Actor, inbox_id: int, person: words.Who, body: str, subject: str = "", **rest: Any) -> Said:
    """A customer's words from a channel: they join the conversation at hand or open one."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [words.lock_key(inbox_id, person)])
    given = words.first_words(actor=actor, inbox_id=inbox_id, person=person, body="-", subject=subject)
    placed = hear_sql.PLACE.one(**given) if person.identities else None
    if placed is not None and placed.asked is not None and not (rest.get("files") or rest.get("wordless")):
        said = asking.answered(placed, actor=actor, body=body, **rest)
        if said is not None:
            return said
    if placed is not None and placed.conversation_id is not None:
        return hear(placed.conversation_id, actor=actor, body=body, person_id=placed.person_id, placed=placed, **rest)
    return open_with(actor=actor, inbox_id=inbox_id, person=person, body=body, subject=subject, placed=placed, **rest)


def _spoken(
    statement: Statement[Said], given: dict[str, Any], *, actor: Actor, permission: str, files: Sequence[StoredFile]
) -> Said:
    try:
        with _whole(files):
            said = statement.one(**given) if actor.may(permission) else None
            if said is None:
                raise refused.because(speak.WHY_NOT.one(**given), actor=actor, permission=permission)
            attach(said, files)
            return _announced(said)
    except IntegrityError:
        kind = "note" if statement is speak.NOTE else "reply"
        repeated = refused.unless_same(hear_sql.AGAIN_THERE.one(kind=kind, **given))
        if repeated is None:
            raise
        return repeated


def reply(
    conversation_id: int,
    *,
    actor: Actor,
    body: str,
    client_id: str | None = None,
    at: datetime | None = None,
    files: Sequence[StoredFile] = (),
    letter: Letter | None = None,
    offered: Offered | None = None,
) -> Said:
    """Our words to the customer, on the conversation's channel. `letter` says to whom, where that was chosen;
    `offered` is what a bot's words bring beside them."""
    carried = msgspec.json.encode([{"file_id": str(f.pk), "name": f.name, "media_type": f.media_type} for f in files])
    given = words.our_words(
        actor=actor, conversation_id=conversation_id, body=body, at=at, client_id=client_id, files=carried.decode(),
        wordless=bool(files), event=None if offered is None else msgspec.json.encode(offered).decode(),
    )  # fmt: skip
    permission = "conversations.reply"
    if letter is None and not files:
        return _spoken(speak.REPLY, given, actor=actor, permission=permission, files=files)
    chosen = None if letter is None else addressed.checked(letter)
    with transaction.atomic():
        said = _spoken(speak.REPLY, given, actor=actor, permission=permission, files=files)
        if said.repeated:
            return said
        following.must_fit(said.inbox_id, said.channel, files)
        if chosen is not None:
            following.must_have_envelope(said.channel)
            Message.objects.filter(pk=said.message_id).update(letter=msgspec.to_builtins(chosen))
            keeping.stay_in_copy(said.conversation_id, chosen.cc)
        return said


def note(
    conversation_id: int,
    *,
    actor: Actor,
    body: str,
    client_id: str | None = None,
    at: datetime | None = None,
    files: Sequence[StoredFile] = (),
) -> Said:
    """Words for the team alone."""
    given = words.our_words(
        actor=actor, conversation_id=conversation_id, body=body, at=at, client_id=client_id, wordless=bool(files)
    )
    return _spoken(speak.NOTE, given, actor=actor, permission="conversations.note", files=files)


@transaction.atomic
def start(
    *,
    actor: Actor,
    inbox_id: int,
    person_id: int,
    body: str,
    subject: str = "",
    client_id: str | None = None,
    at: datetime | None = None,
    files: Sequence[StoredFile] = (),
    letter: Letter | None = None,
) -> Said:
    """We write first. It needs the decision of `contact`, whose refusal is said in its own words."""
    inbox = channels.visible_to(actor).filter(pk=inbox_id).first()
    if inbox is None:
        raise refused.no_inbox()
    actor.must("conversations.reply")
    at = at or clock.now()
    decision = contact.decide(
        person_id, purpose="conversation", channel=inbox.kind, key=f"start:{client_id or at.isoformat()}:{person_id}"
    )
    if not decision.allowed:
        raise Refused(contact.words(decision.reason, decision.terms))
    conversation = Conversation.objects.create(
        inbox_id=inbox_id,
        person_id=person_id,
        channel=inbox.kind,
        subject=text.clean(subject, field="subject", limit=words.SUBJECT_LIMIT),
        handled_by=Conversation.HandledBy.AGENT,
        waiting_on=Conversation.WaitingOn.CUSTOMER,
        assignee_id=actor.agent_id,
        opened_at=at,
        active_at=at,
    )
    touchpoints.record(
        "conversation.opened",
        person=person_id,
        actor=actor,
        inbox=inbox_id,
        source=f"conversation:{conversation.pk}",
        journey=f"conversation:{conversation.pk}",
        occurred_at=at,
        conversation=conversation.pk,
        channel=inbox.kind,
        subject=subject,
    )
    return reply(conversation.pk, actor=actor, body=body, client_id=client_id, at=at, files=files, letter=letter)
