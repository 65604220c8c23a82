"""Turns what a channel understood into a conversation: person, conversation and message in one transaction."""

from __future__ import annotations

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.channels import inbound
from careline.channels.adapter import Attachment, Inbound
from careline.files import actions as files
from careline.files.models import StoredFile
from careline.kit.refusals import Refused
from careline.service.conversations import actions
from careline.service.conversations.actions.speech import attach
from careline.service.conversations.hot import words


def take(inbox_id: int, item: Inbound) -> int:
    """The person whose words these are. The same external id a second time changes nothing."""
    named = dict(item.identities)
    person = words.who(
        name=item.name,
        email=_address(named.get("email")),
        phone=_number(named.get("phone")),
        external_id=named.get("external"),
        visitor=named.get("visitor"),
        scope=f"inbox:{inbox_id}",
        region=_country() if named.get("phone") else "",
    )
    said = actions.receive(
        actor=Actor.customer(0, inbox_id, name=item.name),
        inbox_id=inbox_id,
        person=person,
        body=item.text,
        at=item.sent_at,
        external_id=item.external_id,
        wordless=bool(item.attachments),
    )
    if item.attachments and not said.repeated:
        attach(said, [_stored(one, person_id=said.person_id, raw_id=item.raw_id) for one in item.attachments])
    return said.person_id


def _stored(file: Attachment, *, person_id: int, raw_id: int) -> StoredFile:
    return files.store(
        file.content, name=file.name, media_type=file.media_type, person_id=person_id, uploaded_by=f"inbound:{raw_id}"
    )


def _address(written: str | None) -> str | None:
    """An address that cannot be one does not keep the words out; they are kept under the other names."""
    try:
        words.who(email=written)
    except Refused:
        return None
    return written


def _number(written: str | None) -> str | None:
    try:
        words.who(phone=written, region=_country() if written else "")
    except Refused:
        return None
    return written


def _country() -> str:
    return accounts.organization().country


def register() -> None:
    inbound.take_with(take)
