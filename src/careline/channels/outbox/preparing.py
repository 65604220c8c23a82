"""A claimed row as its channel sends it: whom it goes to, what it answers, and its files."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from django.conf import settings
from django.db.models import Q

from careline.channels import adapter, queries
from careline.channels.adapter import Adapter, Enclosure, Endpoint, Outbound
from careline.channels.letters import NOBODY, Leaving, Letter, Mailing
from careline.channels.models import Outbox
from careline.contact import queries as contact_queries
from careline.contact import reasons
from careline.customers.models import Identity, Person
from careline.files import queries as files
from careline.kit.sentences import Sentence

# The envelope of a reply, written down at its message by the room above, and what it answers.
Lettering = Callable[[UUID, Endpoint, Adapter], Leaving]
_lettering: Lettering | None = None


class Claim(msgspec.Struct, frozen=True):
    id: int
    inbox_id: int
    kind: str
    person_id: int
    recipient: str
    payload: str
    message_id: UUID | None
    decision_id: int | None
    attempts: int
    created_at: datetime
    step: int = 0

    @property
    def key(self) -> str:
        """The same at every attempt."""
        if self.message_id is not None:
            return f"msg_{self.message_id}"
        return f"dec_{self.decision_id}" + (f"_{self.step}" if self.step else "")


class Payload(msgspec.Struct):
    text: str = ""
    conversation: int | None = None
    author: str = ""
    attachments: list[Enclosed] = []
    # Of what a decision lets out on a channel of letters; a reply's is made when it leaves.
    letter: Letter | None = None
    mailing: Mailing | None = None
    # Once some of its recipients have it: the others.
    only: list[str] = []


class Enclosed(msgspec.Struct):
    file_id: UUID
    content_id: str = ""


def letters_with(lettering: Lettering) -> None:
    """Registers the room above that knows what a reply answers."""
    global _lettering
    _lettering = lettering


def prepared(claim: Claim) -> tuple[Adapter, Outbound]:
    channel = adapter.of(claim.kind)
    payload = msgspec.json.decode(claim.payload, type=Payload)
    leaving = None
    if channel.capabilities.letters and claim.message_id is not None and _lettering is not None:
        leaving = _lettering(claim.message_id, queries.endpoint(claim.inbox_id), channel)
    letter = payload.letter if leaving is None else leaving.letter
    written_to = [one.address for one in (*letter.to, *letter.cc, *letter.bcc)] if letter else []
    recipient = claim.recipient or next(iter(written_to), "")
    return channel, Outbound(
        key=claim.key,
        recipient=recipient or reached(claim.person_id, channel.capabilities.reaches),
        text=payload.text,
        created_at=claim.created_at,
        conversation_id=payload.conversation,
        author=payload.author,
        attachments=tuple(_enclosures(payload.attachments, with_bytes=channel.capabilities.encloses)),
        message=claim.message_id,
        letter=letter,
        quote=None if leaving is None else leaving.quote,
        writer=NOBODY if leaving is None else leaving.writer,
        automatic=claim.message_id is None,
        mailing=payload.mailing,
        only=tuple(payload.only),
    )


def written_to(row: Outbox) -> list[str]:
    """Everybody a message goes to, as their addresses stand in it."""
    channel = adapter.of(row.inbox.kind)
    letter = msgspec.convert(row.payload.get("letter"), Letter | None)
    if channel.capabilities.letters and row.message_id is not None and _lettering is not None:
        letter = _lettering(row.message_id, queries.endpoint(row.inbox_id), channel).letter
    everybody = [one.address for one in (*letter.to, *letter.cc, *letter.bcc)] if letter else []
    return everybody or [row.recipient or reached(row.person_id, channel.capabilities.reaches)]


def recipients(message: Outbound) -> list[str]:
    letter = message.letter
    named = [one.address for one in (*letter.to, *letter.cc, *letter.bcc)] if letter else []
    return named or [message.recipient]


def suppressed(channel: Adapter, message: Outbound) -> dict[str, Sentence]:
    """Recipients nothing is sent to, and why."""
    if not channel.capabilities.letters:
        return {}
    known = contact_queries.suppressed(recipients(message))
    return {address: reasons.not_sent(one.reason) for address, one in known.items() if not one.allows_answers}


def _enclosures(wanted: Sequence[Enclosed], *, with_bytes: bool) -> list[Enclosure]:
    found = files.by_ids(one.file_id for one in wanted)
    return [
        Enclosure(
            file.id,
            file.name,
            file.media_type,
            file.size,
            settings.CARELINE_BASE_URL + files.link(file.id),
            files.read(file) if with_bytes else b"",
            one.content_id,
        )
        for one in wanted
        if (file := found.get(one.file_id)) is not None
    ]


def reached(person_id: int, reaches: Sequence[str]) -> str:
    """How a channel knows the person, by its surest identity that works; of joined people, any of them will do."""
    root = Person.objects.filter(pk=person_id).values_list("canonical", flat=True).first() or person_id
    joined = Person.objects.filter(Q(pk=root) | Q(canonical=root))
    known = Identity.objects.filter(person__in=joined, kind__in=reaches).order_by("id")
    surest = sorted(known, key=lambda one: (one.person_id != person_id, reaches.index(one.kind)))
    dead = contact_queries.suppressed(one.original for one in surest if one.kind == Identity.Kind.EMAIL)
    alive = [one for one in surest if one.original not in dead or dead[one.original].allows_answers]
    return next((one.original for one in alive or surest), "")
