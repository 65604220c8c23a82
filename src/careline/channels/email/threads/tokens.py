"""What we sign into a mail: its Message-ID, the address answers go to, and a mark hidden in the HTML.

Each carries a proof of ten letters bound to this installation's key. Nobody can make one, and one of another
installation, or of this one before it was restored with another key, opens nothing. The letters are small ones only:
relays and address books change the case of what they carry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from careline.kit import signing

_MESSAGE = re.compile(r"tl\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([a-z2-7]{10})@[^@\s]+", re.IGNORECASE)
_REPLY = re.compile(r"[^@\s]{0,40}\+([0-9]{1,18})\.([a-z2-7]{10})@[^@\s]+", re.IGNORECASE)
# Any of the three among other words, in small letters: each begins with what is quickly looked for.
_NAMED = re.compile(
    r"tl:(?P<marked>[0-9]{1,18})\.(?P<mark>[a-z2-7]{10})(?![\w.]*\w)"
    r"|tl\.(?P<message>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(?P<id>[a-z2-7]{10})@"
)
_ADDRESSED = re.compile(r"\+(?P<answered>[0-9]{1,18})\.(?P<reply>[a-z2-7]{10})@")
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
    for found in among(*texts):
        if found.is_mark and found.conversation is not None:
            yield found.conversation


class Signed(NamedTuple):
    """What looks as if we had signed it, and what it names when we have: a conversation, or a message of ours."""

    words: str
    is_mark: bool
    conversation: int | None = None
    message: UUID | None = None


def among(*texts: str) -> Iterator[Signed]:
    """In the order they stand, each once."""
    seen: set[str] = set()
    for text in texts:
        small = text[:LONGEST].lower()
        found = [one for one in _NAMED.finditer(small) if not _goes_on(small[max(0, one.start() - 1) : one.start()])]
        found += _ADDRESSED.finditer(small)
        for one in sorted(found, key=lambda one: one.start()):
            if one[0] in seen:
                continue
            if len(seen) >= MOST:
                return
            seen.add(one[0])
            yield _signed(one[0], one.groupdict())


def _signed(words: str, held: dict[str, str]) -> Signed:
    if "marked" not in held:
        genuine = _genuine("mail:reply", held["answered"], held["reply"])
        return Signed(f"…{words}…", False, int(held["answered"]) if genuine else None)
    if held["marked"]:
        genuine = _genuine("mail:marker", held["marked"], held["mark"])
        return Signed(words, True, int(held["marked"]) if genuine else None)
    genuine = _genuine("mail:message", held["message"], held["id"])
    return Signed(f"{words}…", False, message=UUID(held["message"]) if genuine else None)


def _goes_on(before: str) -> bool:
    """Part of a longer word, which is none of ours."""
    return before == "." or before == "_" or before.isalnum()


def looks_signed(address: str) -> bool:
    return _REPLY.fullmatch(address.strip("<> ")) is not None


def looks_like_message(value: str) -> bool:
    """Written in our way, whoever wrote it."""
    return _MESSAGE.fullmatch(value.strip("<> ")) is not None


def _genuine(purpose: str, payload: str, proof: str) -> bool:
    return signing.same(signing.mark(purpose, payload), proof.lower())
