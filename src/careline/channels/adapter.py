"""What a channel is to the rest of the house: one adapter a folder, entered here by itself."""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from importlib.util import find_spec
from typing import Any, ClassVar, Literal, Protocol
from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from careline.channels.endpoint import Endpoint as Endpoint
from careline.channels.faults import DeliveryFailed as DeliveryFailed
from careline.channels.faults import Forged as Forged
from careline.channels.faults import Missed as Missed
from careline.channels.faults import Unneeded as Unneeded
from careline.channels.faults import Unreadable as Unreadable
from careline.channels.guiding import Check as Check
from careline.channels.guiding import Field as Field
from careline.channels.guiding import Finding as Finding
from careline.channels.guiding import Guiding
from careline.channels.guiding import Suggestion as Suggestion
from careline.channels.letters import NOBODY, Filled, Letter, Mailing, Party, Passed, Quote, Stationery, Writer
from careline.channels.letters import Attachment as Attachment
from careline.channels.threading import Asked, Match
from careline.kit.refusals import NotVisible
from careline.kit.sentences import Words

Delivery = Literal["pull", "push"]
Status = Literal["sent", "failed", "delivered", "read", "played"]
# Of the person as the channel knows them: ("external", "user-42"), ("email", "ada@example.com"), ("visitor", "…").
Identity = tuple[str, str]


class Inbound(msgspec.Struct, frozen=True):
    """One message of a customer. The intake looks the person up by the identities, the strongest first."""

    external_id: str
    identities: tuple[Identity, ...]
    text: str
    name: str = ""
    sent_at: datetime | None = None
    attachments: tuple[Attachment, ...] = ()
    raw_id: int = 0
    subject: str = ""
    letter: Letter | None = None
    # The whole of it, when the text is not all there is.
    original: Attachment | None = None
    # Who wrote what is passed on here; believed when one of us passes it on.
    forwarded: Party | None = None
    # Finds the conversation it belongs to; without it the customer's latest is taken.
    threading: Callable[[Asked], Match] | None = None
    # A machine said it: beside what it answers it is kept quietly, without opening anything again.
    overheard: bool = False
    # A machine of ours may answer it: a human wrote it, and no machine will answer back.
    answerable: bool = False
    # One of us wrote it, in another program.
    ours: bool = False
    # Why it could not be read, a code of the channel's; the text says no more than that, and the whole is attached.
    unread: str = ""
    # Whether it is worth a conversation of its own when it answers nothing of ours.
    opens: bool = True


class Receipt(msgspec.Struct, frozen=True):
    """The other side tells what became of a message of ours; "sent" with a reason says that it is still under way."""

    external_id: str
    status: Status
    reason: Words = ""
    # Of several recipients, whom it is about.
    address: str = ""
    # Why nothing more is to be sent there, and the code they gave for it; empty where nothing speaks against it.
    suppress: Literal["", "user_unknown", "host_unknown", "refused", "complaint"] = ""
    code: str = ""
    # In the other side's own words.
    words: str = ""


class Enclosure(msgspec.Struct, frozen=True):
    """A file that leaves with a message; whoever holds the link may fetch it."""

    file_id: UUID
    name: str
    media_type: str
    size: int
    link: str = ""
    # Only for channels that carry the bytes themselves.
    content: bytes = b""
    content_id: str = ""


class Outbound(msgspec.Struct, frozen=True):
    """One message on its way out; the key stays the same at every attempt, so that a repetition is recognized."""

    key: str
    recipient: str
    text: str
    created_at: datetime
    conversation_id: int | None = None
    author: str = ""
    attachments: tuple[Enclosure, ...] = ()
    # For channels of letters: whom it goes to, and what it answers. `message` names it to other programs.
    message: UUID | None = None
    letter: Letter | None = None
    quote: Quote | Passed | None = None
    writer: Writer = NOBODY
    # Nobody wrote it by hand.
    automatic: bool = False
    mailing: Mailing | None = None
    # Of a message that has reached some of its recipients: those it has still to reach.
    only: tuple[str, ...] = ()
    # Recipients to whom nothing is sent, however they are named in the letter.
    without: tuple[str, ...] = ()


class Carried(msgspec.Struct, frozen=True):
    """It was taken, though not for everybody."""

    external_id: str
    missed: tuple[Missed, ...] = ()


class Capabilities(msgspec.Struct, frozen=True):
    # Identity kinds by which the channel reaches a person.
    reaches: tuple[str, ...]
    # Whether a message calls somebody who is not looking, or waits until they come by.
    rings: bool = True
    # Whether somebody outside delivers to /channels/{kind}/{key}.
    webhook: bool = False
    # The sender is an integrator who is told at once what is wrong; a provider would only send it again.
    tells_at_once: bool = False
    attachments: bool = False
    receipts: bool = False
    # Messages have an envelope: From, To, Cc, a subject.
    letters: bool = False
    # Files leave as bytes and not as links.
    encloses: bool = False
    # Reading one costs so much that several are read at once.
    slow: bool = False
    # Nobody delivers: a worker goes and looks (careline.channels.satchel.Fetches).
    fetches: bool = False
    # Bytes of one delivery.
    largest: int = 1024 * 1024
    # Fields asked for before the inbox is made: what all the rest is suggested by.
    begins_with: tuple[str, ...] = ()
    # Somebody has to be signed in to: there is a screen for connecting, and a trial.
    connects: bool = False
    # What leaves may be signed with a key that stands in the DNS.
    signs: bool = False


class Health(msgspec.Struct, frozen=True):
    well: bool
    words: str


class Adapter(Guiding, Protocol):
    """Bytes in, messages out, and the other way around. An adapter keeps nothing and touches no table."""

    kind: ClassVar[str]
    capabilities: ClassVar[Capabilities]

    def label(self) -> str:
        """What the channel is called, in the reader's language."""

    def settings_schema(self) -> tuple[Field, ...]: ...

    def check(self, settings: Mapping[str, Any]) -> None:
        """What the fields cannot say alone; raises Refused."""
        return

    def delivery(self, settings: Mapping[str, Any]) -> Delivery:
        """Whether answers are fetched or have to be brought."""

    def new_secret(self) -> str:
        return secrets.token_urlsafe(32)

    def handshake(self, inbox: Endpoint, query: Mapping[str, str]) -> str:
        """The answer to a provider that asks (GET) whether this address is meant; raises Forged."""
        raise NotVisible(_("There is nothing to see here."))

    def verify(self, inbox: Endpoint, raw: bytes, headers: Mapping[str, str]) -> None:
        """Raises NotGenuine unless the bytes come from where they say. Header names are in lower case."""

    def delivery_key(self, raw: bytes, headers: Mapping[str, str]) -> str:
        """What a repeated delivery has in common with the first; the bytes themselves, unless the provider errs."""
        return hashlib.sha256(raw).hexdigest()

    def parse(self, inbox: Endpoint, raw: bytes, headers: Mapping[str, str]) -> Sequence[Inbound | Receipt]:
        """Raises Unreadable. What it does not know it leaves out."""

    def formed(self, inbox: Endpoint, filled: Filled, digest: str, at: datetime) -> bytes:
        """What somebody wrote in the inbox's public form, as the channel would have brought it; `digest` names it."""
        raise NotVisible(_("There is no such form."))

    def render(self, inbox: Endpoint, message: Outbound) -> bytes:
        """The message as the channel transports it."""

    def send(self, inbox: Endpoint, message: Outbound) -> str | Carried:
        """The id the other side knows it by; raises DeliveryFailed. May run in any thread, without a database."""

    def addresses(self, inbox: Endpoint) -> frozenset[str]:
        """Every address by which messages come to this inbox, folded."""
        return frozenset()

    def remark(self, code: str) -> str:
        """What a letter's remark or protection means, as a sentence in the reader's language."""
        return code

    def named(self, inbox: Endpoint, message: UUID) -> str:
        """What other programs know a message of ours by, before it is sent; empty when the other side names it."""
        return ""

    def stationery(self, inbox: Endpoint, writer: Writer = NOBODY) -> Stationery:
        """What letters of this inbox have in common, when this one writes; asked only of channels of letters."""
        return Stationery()

    def headed(self, inbox: Endpoint, letter: Letter, conversation_id: int | None, *, passed_on: bool = False) -> str:
        """The subject as its reader will see it."""
        return letter.subject

    def test(self, inbox: Endpoint) -> str:
        """Try the way out without a customer and say what happened; raises DeliveryFailed."""

    def health(self, inbox: Endpoint) -> Health: ...

    def identify(self, inbox: Endpoint, claim: Mapping[str, str]) -> Identity | None:
        """Whom a visitor is proved to be; None when nothing is claimed, Forged when the proof does not fit."""
        return None

    def admits(self, inbox: Endpoint, origin: str) -> bool:
        """Whether a page of this origin may open the channel in a browser."""
        return False


_adapters: dict[str, Adapter] = {}


def register(adapter: Adapter) -> None:
    if adapter.kind in _adapters:
        raise ValueError(f"two adapters call themselves {adapter.kind}")
    _adapters[adapter.kind] = adapter


def adapters() -> dict[str, Adapter]:
    """Every channel there is: each folder beside this file that holds an adapter."""
    _discover()
    return dict(sorted(_adapters.items()))


def of(kind: str) -> Adapter:
    _discover()
    try:
        return _adapters[kind]
    except KeyError:
        raise NotVisible(_("There is no such channel.")) from None


@cache
def _discover() -> None:
    room = __name__.rpartition(".")[0]
    folder = importlib.import_module(room)
    for found in pkgutil.iter_modules(folder.__path__):
        name = f"{room}.{found.name}.adapter"
        if found.ispkg and find_spec(name) is not None:
            importlib.import_module(name)
