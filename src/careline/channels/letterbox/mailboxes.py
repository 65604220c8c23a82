"""Which mailbox an address leads to, and how a mail is kept for it."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

import idna
import msgspec
from django.conf import settings

from careline.channels import adapter, inbound
from careline.channels.letterbox.slot import Recipient, Slot
from careline.kit.statement import Statement

_HALF = re.compile("[\ud800-\udfff\0]")


class Mailbox(msgspec.Struct, frozen=True):
    id: int
    kind: str


# Few inboxes, and each names few addresses: the list is walked. The one that calls the address its own comes first.
BY_ADDRESS = Statement(
    """SELECT id, kind FROM channels_inbox
    WHERE archived_at IS NULL AND kind = ANY(%(kinds)s::text[]) AND (
      lower(btrim(settings->>'address')) = ANY(%(meant)s::text[])
      OR EXISTS (SELECT FROM jsonb_array_elements_text(
           CASE WHEN jsonb_typeof(settings->'aliases') = 'array' THEN settings->'aliases' ELSE '[]' END) alias
         WHERE lower(btrim(alias)) = ANY(%(meant)s::text[])))
    ORDER BY lower(btrim(settings->>'address')) = ANY(%(meant)s::text[]) DESC, id LIMIT 1""",
    Mailbox,
)


def find(address: str) -> Recipient | None:
    """By its address, by another name it has, or by either with `+something` before the @."""
    meant = spellings(address)
    kinds = [kind for kind, channel in adapter.adapters().items() if channel.capabilities.letters]
    found = BY_ADDRESS.one(kinds=kinds, meant=meant) if meant else None
    return Recipient(found.id, found.kind, address) if found is not None else None


def spellings(address: str) -> list[str]:
    """The ways a mailbox may have written an address of its own."""
    local, _at, domain = address.rpartition("@")
    if not local or not domain or _HALF.search(address):
        return []
    domains = {domain.lower()}
    try:
        plain = idna.encode(domain, uts46=True).decode("ascii")
        domains |= {plain, idna.decode(plain)}
    except (idna.IDNAError, UnicodeError):
        pass  # no domain of the register; it may still be written so in the settings
    names = {local.lower(), local.partition("+")[0].lower()} - {""}
    return sorted(f"{name}@{place}" for name in names for place in domains)


def keep(inbox_id: int, kind: str, raw: bytes, above: bytes) -> None:
    """Known again by what was brought; what is put above it tells of the visit and is new each time."""
    inbound.keep(inbox_id, adapter.of(kind).delivery_key(raw, {}), above + raw, {})


def slot() -> Slot:
    return Slot(find, keep, host=urlsplit(settings.CARELINE_BASE_URL).hostname or "localhost")
