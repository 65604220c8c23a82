"""Turns what a channel understood into a conversation: person, conversation and message in one transaction."""

from __future__ import annotations

from collections.abc import Callable

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.channels import adapter, illegible, inbound
from careline.channels.adapter import Inbound
from careline.channels.threading import Asked, Match
from careline.kit.refusals import NotVisible, Refused
from careline.kit.sentences import lasting as _
from careline.service.conversations import actions
from careline.service.conversations.hot import words
from careline.service.conversations.hot.shapes import Said
from careline.service.conversations.letters import acknowledging, keeping, known


def take(inbox_id: int, item: Inbound) -> int:
    """The person whose words these are. The same external id a second time changes nothing."""
    if item.threading is not None:
        return _placed(inbox_id, item, item.threading)
    said = actions.receive(
        actor=Actor.customer(0, inbox_id, name=item.name),
        inbox_id=inbox_id,
        person=_who(inbox_id, item),
        body=item.text,
        at=item.sent_at,
        external_id=item.external_id,
        wordless=bool(item.attachments),
    )
    if item.attachments and not said.repeated:
        keeping.keep(said, keeping.enclosed(item))
    return said.person_id


def _placed(inbox_id: int, item: Inbound, threading: Callable[[Asked], Match]) -> int:
    asked = known.Known(inbox_id)
    match = threading(asked)
    try:
        return _lettered(item, match, asked).person_id
    except NotVisible:
        # While it came its conversation was emptied or put away: it is looked for once more.
        asked = known.Known(inbox_id)
        again = threading(asked)
        if again.conversation == match.conversation:
            raise
        return _lettered(item, again, asked).person_id


def _lettered(item: Inbound, match: Match, asked: known.Known) -> Said:
    """By its envelope and nothing else: a letter that answers none of ours opens a conversation of its own."""
    inbox_id, found = asked.inbox_id, keeping.enclosed(item, match.trace)
    if match.conversation is not None:
        # An answer may come to another mailbox of ours than the one its conversation lives in.
        said = _joined(asked.homes.get(match.conversation, inbox_id), item, match.conversation, found)
    else:
        if not item.opens:
            raise adapter.Unneeded(_("A machine answered, and what it answers is no message of this mailbox."))
        said = actions.open_by_letter(
            actor=Actor.customer(0, inbox_id, name=item.name),
            inbox_id=inbox_id,
            person=_who(inbox_id, item),
            subject=item.subject[: words.SUBJECT_LIMIT],
            body=item.text,
            at=item.sent_at,
            external_id=item.external_id,
            envelope=found.envelope(follows=match.linked),
        )
    if not said.repeated:
        keeping.keep(said, found)
        if item.unread:
            illegible.note(inbox_id, item.raw_id, why=item.unread, conversation_id=said.conversation_id)
        if match.conversation is None:
            acknowledging.acknowledge(said, item)
    return said


def _joined(home: int, item: Inbound, conversation_id: int, found: keeping.Enclosed) -> Said:
    actor = Actor.customer(0, home, name=item.name)
    if not item.overheard:
        return actions.hear_letter(
            conversation_id, actor=actor, body=item.text, at=item.sent_at, external_id=item.external_id,
            envelope=found.envelope(heard=True),
        )  # fmt: skip
    said = actions.overhear(
        conversation_id, actor=actor, body=item.text, at=item.sent_at, external_id=item.external_id, wordless=True
    )
    if not said.repeated:
        keeping.enveloped(said, found)
    return said


def _who(inbox_id: int, item: Inbound) -> words.Who:
    if item.forwarded is not None and _is_ours(item):
        return words.who(name=item.forwarded.name, email=_address(item.forwarded.address))
    named = dict(item.identities)
    return words.who(
        name=item.name[: words.NAME_LIMIT],
        email=_address(named.get("email")),
        phone=_number(named.get("phone")),
        external_id=named.get("external"),
        visitor=named.get("visitor"),
        scope=f"inbox:{inbox_id}",
        region=_country() if named.get("phone") else "",
    )


def _is_ours(item: Inbound) -> bool:
    """A colleague passes on what a customer wrote to them."""
    address = dict(item.identities).get("email")
    return address is not None and accounts.works_here(address)


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
    inbound.take_with(take, together=keeping.together)
