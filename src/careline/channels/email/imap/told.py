"""What a server tells of its folders and of the mails in them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

import msgspec


class Folder(msgspec.Struct, frozen=True):
    uidvalidity: int
    exists: int
    # The number the next mail will have; 0 where the server does not say.
    next: int


class Named(msgspec.Struct, frozen=True):
    """A folder as it is listed; flags in small letters."""

    name: str
    delimiter: str
    flags: frozenset[str]


class Listed(msgspec.Struct, frozen=True):
    size: int
    # When it came into the folder.
    at: datetime | None = None


class Head(msgspec.Struct, frozen=True):
    """A mail as it is listed among those of a whole folder; flags in small letters."""

    uid: int
    size: int
    # When it came into the folder; the head as far as it says when it was written.
    at: datetime | None
    dated: bytes
    flags: frozenset[str]


def head(told: dict[bytes, Any]) -> Head:
    dated = next((value for name, value in told.items() if name.startswith(b"BODY[") and value), b"")
    marked = flags(told.get(b"FLAGS", ()))
    return Head(int(told[b"UID"]), int(told[b"RFC822.SIZE"]), told.get(b"INTERNALDATE"), bytes(dated), marked)


def flags(told: Iterable[bytes]) -> frozenset[str]:
    return frozenset(bytes(one).decode("ascii", "replace").lower() for one in told)
