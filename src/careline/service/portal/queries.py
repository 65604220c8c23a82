"""Who is in, and what they see: their own conversations, and of these what was said to them or by them."""

from __future__ import annotations

from uuid import UUID

import msgspec
from django.utils.translation import gettext as _

from careline.channels import queries as channels
from careline.kit import clock, signing
from careline.kit.refusals import NotVisible
from careline.kit.statement import Statement
from careline.service.conversations import queries as conversations
from careline.service.conversations.hot.shapes import OwnTalk, ThreadRow
from careline.service.portal.models import Link


class Signed(msgspec.Struct, frozen=True):
    """A customer who is in. `proved`: the address was known to be theirs before; else only what went to and fro by it
    is shown, since somebody else may have claimed it."""

    person_id: int
    name: str
    address: str
    proved: bool

    @property
    def narrowed(self) -> str | None:
        return None if self.proved else self.address.casefold()


# Somebody who was erased is in no more; who was joined to another is that other.
_VISIT = Statement(
    """SELECT coalesce(p.canonical_id, p.id), coalesce(nullif(r.name, ''), p.name), v.address, EXISTS (
  SELECT FROM customers_identity i
  WHERE i.person_id = p.id AND i.kind = 'email' AND i.original = v.address AND i.verified)
FROM portal_visit v JOIN customers_person p ON p.id = v.person_id LEFT JOIN customers_person r ON r.id = p.canonical_id
WHERE v.digest = %(digest)s::text AND v.expires_at > %(now)s::timestamptz AND p.erased_at IS NULL
  AND EXISTS (
    SELECT FROM customers_identity i WHERE i.person_id = p.id AND i.kind = 'email' AND i.original = v.address)""",
    Signed,
)


def signed(key: str) -> Signed | None:
    return _VISIT.one(digest=signing.digest(key), now=clock.now()) if key else None


def is_there() -> bool:
    """Whether there is a mailbox that links can leave by."""
    return channels.mailbox_for() is not None


def is_open(secret: str) -> bool:
    """Whether a link would still let somebody in; looking does not use it, since programs open every link of a mail."""
    return Link.objects.filter(digest=signing.digest(secret), used_at=None, expires_at__gt=clock.now()).exists()


def talks(by: Signed) -> list[OwnTalk]:
    return conversations.own_talks(by.person_id, address=by.narrowed)


def talk(by: Signed, conversation_id: int) -> OwnTalk:
    return conversations.own_talk(by.person_id, conversation_id, address=by.narrowed)


def thread(by: Signed, conversation_id: int) -> tuple[OwnTalk, list[ThreadRow]]:
    """The newest lines first."""
    found = talk(by, conversation_id)
    rows = conversations.shared_with(found.person_id, conversation_id=found.id, inbox_id=found.inbox_id)
    return found, rows


def file(by: Signed, conversation_id: int, file_id: UUID) -> UUID:
    try:
        return conversations.own_file(talk(by, conversation_id).id, file_id)
    except NotVisible as refusal:
        raise NotVisible(_("There is no such file.")) from refusal
