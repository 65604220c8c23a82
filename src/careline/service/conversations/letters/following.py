"""The envelope of the answer that would be written now, for whoever is about to write it."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import msgspec
from django.utils.translation import gettext as _

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.channels import adapter
from careline.channels import queries as channels
from careline.channels.adapter import Adapter, Endpoint
from careline.channels.letters import NOBODY, Letter, Party, Writer
from careline.contact import queries as contact
from careline.contact import reasons
from careline.files.models import StoredFile
from careline.kit.refusals import NotVisible, Refused, TooLarge
from careline.service.conversations.hot import doors
from careline.service.conversations.letters import addressing, correspondence
from careline.service.conversations.letters.correspondence import Correspondence

# So many of a conversation's people are offered.
OFFERED = 50


class Envelope(msgspec.Struct, frozen=True, kw_only=True):
    sender: Party
    to: tuple[Party, ...]
    cc: tuple[Party, ...]
    # As the recipients will read it.
    subject: str
    # The subject of what is passed on from here.
    passed_on: str
    signature: str
    # Whether what is answered stands below it unless somebody says otherwise; None when there is nothing to quote.
    quotes: bool | None
    # Bytes of files that go with it.
    room: int
    # Whoever takes part in the conversation, and every address of the customer.
    known: tuple[Party, ...]
    customer: tuple[Party, ...]
    # Who stays in copy until somebody takes them out; those whom the answer goes to among them.
    copies: tuple[Party, ...] = ()
    # What somebody should know of it as it stands.
    remarks: list[str] = []


def of(actor: Actor, conversation_id: int) -> Envelope | None:
    """Nothing where messages have no envelope."""
    found = _read(actor, conversation_id)
    channel = adapter.of(found.channel)
    if not channel.capabilities.letters:
        return None
    inbox = channels.endpoint(found.inbox_id)
    own = channel.addresses(inbox)
    usual = found.usual(own)
    paper = channel.stationery(inbox, Writer(actor.name, found.signature) if actor.agent_id else NOBODY)
    return Envelope(
        sender=paper.sender or Party(""),
        to=usual.to,
        cc=usual.cc,
        subject=channel.headed(inbox, usual, found.id),
        passed_on=channel.headed(inbox, usual, found.id, passed_on=True),
        signature=paper.signature,
        quotes=paper.quotes if addressing.is_quotable(found.answered) else None,
        room=paper.room,
        known=_known(found, usual, own),
        customer=found.customer,
        copies=found.in_copy(own),
        remarks=[*_stays(channel, inbox), *(_remarks(found, usual, own) if usual.to or usual.cc else [])],
    )


def first(actor: Actor, inbox_id: int, person_id: int) -> Envelope:
    """Of a letter that begins a conversation: to the customer, about nothing yet."""
    found = channels.by_id(actor, inbox_id)
    inbox = channels.endpoint(found.pk)
    paper = adapter.of(found.kind).stationery(inbox, _writer(actor))
    customer = addressing.customer(person_id)
    return Envelope(
        sender=paper.sender or Party(""), to=customer[:1], cc=(), subject="", passed_on="", signature=paper.signature,
        quotes=None, room=paper.room, known=customer, customer=customer,
    )  # fmt: skip


def _writer(actor: Actor) -> Writer:
    return Writer(actor.name, accounts.signature(actor.agent_id)) if actor.agent_id else NOBODY


def remarks(actor: Actor, conversation_id: int, letter: Letter, *, passes_on: bool) -> list[str]:
    """What somebody should know before it leaves."""
    found = _read(actor, conversation_id)
    if passes_on:
        return [*_with(found, letter), *suppressed(letter)]
    channel, inbox = adapter.of(found.channel), channels.endpoint(found.inbox_id)
    return [*_stays(channel, inbox), *_remarks(found, letter, channel.addresses(inbox))]


def _read(actor: Actor, conversation_id: int) -> Correspondence:
    found = correspondence.read(conversation_id, reach=doors.seen(actor), writer=actor.agent_id)
    if found is None:
        raise NotVisible(_("There is no such conversation."))
    return found


def suppressed(letter: Letter) -> list[str]:
    held = contact.suppressed(one.address for one in (*letter.to, *letter.cc, *letter.bcc))
    return [f"{address}: {reasons.of_suppression(one.reason)}" for address, one in held.items()]


def must_fit(inbox_id: int, kind: str, files: Sequence[StoredFile]) -> None:
    """What no mail server would take is said before it is kept."""
    if not files:
        return
    most = room(inbox_id, kind)
    total = sum(one.size for one in files)
    if most and total > most:
        told = {"total": f"{total / 1e6:.1f}", "most": f"{most / 1e6:.0f}"}
        raise TooLarge(
            _("The files are %(total)s MB together; one mail of this mailbox carries %(most)s MB.") % told,
            field="files",
        )


def room(inbox_id: int, kind: str) -> int:
    """Bytes of files that one message carries; 0 where that is not bounded."""
    channel = adapter.of(kind)
    return channel.stationery(channels.endpoint(inbox_id)).room if channel.capabilities.letters else 0


def must_have_envelope(kind: str) -> None:
    if not adapter.of(kind).capabilities.letters:
        raise Refused(_("Messages of this channel have no recipients to choose."), field="to")


def _remarks(found: Correspondence, letter: Letter, own: Collection[str]) -> list[str]:
    return [*_without(found, letter), *_left_out(found, letter, own), *suppressed(letter)]


def _stays(channel: Adapter, inbox: Endpoint) -> list[str]:
    """Where the inbox is not set up to the end, an answer goes nowhere."""
    health = channel.health(inbox)
    return [] if health.well else [health.words]


def _without(found: Correspondence, letter: Letter) -> list[str]:
    theirs = {one.key for one in found.customer}
    if not theirs or theirs & _keys(letter):
        return []
    name = found.person_name or _("The customer")
    return [_("%(name)s does not get this: none of their addresses is among the recipients.") % {"name": name}]


def _left_out(found: Correspondence, letter: Letter, own: Collection[str]) -> list[str]:
    """Leaving somebody out once takes nobody out of copy."""
    missing = [one.name or one.address for one in found.in_copy({*own, *_keys(letter)})]
    words = _("In copy, but not of this one: %(names)s.")
    return [words % {"names": ", ".join(missing)}] if missing else []


def _with(found: Correspondence, letter: Letter) -> list[str]:
    if not _keys(letter) & {one.key for one in found.customer}:
        return []
    name = found.person_name or _("The customer")
    words = _("%(name)s gets this too, and it is no answer to them: what is forwarded does not count as one.")
    return [words % {"name": name}]


def _keys(letter: Letter) -> set[str]:
    return {one.key for one in (*letter.to, *letter.cc, *letter.bcc)}


def _known(found: Correspondence, usual: Letter, own: Collection[str]) -> tuple[Party, ...]:
    """By the names their letters gave them, the latest first; ourselves left out."""
    everybody = [*found.customer, *usual.to, *usual.cc]
    everybody += [one for written in found.letters for one in written.letter.everybody]
    everybody += [Party(address) for address in found.participants]
    named: dict[str, Party] = {}
    for one in everybody:
        if one.address and one.key not in own and not (one.key in named and (named[one.key].name or not one.name)):
            named[one.key] = one
    return tuple(named.values())[:OFFERED]
