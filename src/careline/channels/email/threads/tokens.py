"""What we sign into a mail: its Message-ID, the address answers go to, and a mark hidden in the HTML.

Each carries a proof of ten letters bound to this installation's key. Nobody can make one, and one of another
installation, or of this one before it was restored with another key, opens nothing. The letters are small ones only:
relays and address books change the case of what they carry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from uuid import UUID

from careline.kit import signing

_MESSAGE = re.compile(r"tl\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([a-z2-7]{10})@[^@\s]+", re.IGNORECASE)
_REPLY = re.compile(r"[^@\s]{0,40}\+([0-9]{1,18})\.([a-z2-7]{10})@[^@\s]+", re.IGNORECASE)
_MARKER = re.compile(r"(?<![\w.])tl:([0-9]{1,18})\.([a-z2-7]{10})(?![\w.]*\w)", re.IGNORECASE)
# Of one mail so many marks are looked at; who hides more is guessing.
MOST = 20
LONGEST = 2_000_000


def message_id(message: UUID, domain: str) -> str:
    """Without its brackets, like every id of the reading half."""
    return f"tl.{message}.{signing.mark('mail:message', str(message))}@{domain}"


def message_of(value: str) -> UUID | None:
    """The message an id of ours names; None for everybody else's."""
    found = _MESSAGE.fullmatch(value.strip("<> "))
    if found is None:
        return None
    message = found[1].lower()
    return UUID(message) if _genuine("mail:message", message, found[2]) else None


def reply_address(conversation: int, mailbox: str) -> str:
    """The mailbox with the conversation in it: `help+1042.k3nq…@example.com`, or `reply+…` where all mail is ours."""
    local, _at, domain = mailbox.rpartition("@")
    signed = f"{local}+{conversation}.{signing.mark('mail:reply', str(conversation))}"
    # Longer than mail allows: the ids have to do.
    return f"{signed}@{domain}" if len(signed) <= 64 else mailbox


def conversation_of_address(address: str) -> int | None:
    found = _REPLY.fullmatch(address.strip("<> "))
    if found is None or not _genuine("mail:reply", found[1], found[2]):
        return None
    return int(found[1])


def marker(conversation: int) -> str:
    """Plain letters, since programs that quote throw away comments, classes and attributes, yet keep the words."""
    return f"tl:{conversation}.{signing.mark('mail:marker', str(conversation))}"


def conversations_of_marker(*texts: str) -> Iterator[int]:
    """In the order they stand, so that the newest quoted comes first."""
    seen: set[str] = set()
    for text in texts:
        for found in _MARKER.finditer(text[:LONGEST]):
            if found[0] in seen:
                continue
            if len(seen) >= MOST:
                return
            seen.add(found[0])
            if _genuine("mail:marker", found[1], found[2]):
                yield int(found[1])


def looks_signed(address: str) -> bool:
    return _REPLY.fullmatch(address.strip("<> ")) is not None


def looks_like_message(value: str) -> bool:
    """Written in our way, whoever wrote it."""
    return _MESSAGE.fullmatch(value.strip("<> ")) is not None


def _genuine(purpose: str, payload: str, proof: str) -> bool:
    return signing.same(signing.mark(purpose, payload), proof.lower())
