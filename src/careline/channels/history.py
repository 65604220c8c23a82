"""What a channel brings of earlier years: everything that lies somewhere, the oldest first."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

import msgspec

from careline.channels.adapter import Adapter, Endpoint
from careline.kit.sentences import Words
from careline.kit.sentences import lasting as _

# Told to an adapter that parses: this is no news.
HEADER = "x-history"
# draft: it was never sent. deleted: somebody threw it away. large: more than is taken. gone: it lies there no more.
# refused: it is listed and not handed over. closed: a whole folder is.
Why = Literal["", "draft", "deleted", "large", "gone", "refused", "closed"]


class Leaving(Exception):
    """The worker is told to go; whoever comes next goes on behind what landed."""


class Found(msgspec.Struct, frozen=True, kw_only=True):
    """One message as it lies there, and where that is; with a `why` it is not taken."""

    place: str
    raw: bytes = b""
    # When it was, as the place says; the message itself may say otherwise.
    at: datetime | None = None
    why: Why = ""


class Past(Protocol):
    """Looked through once, so that it is known how much there is and in which order it happened."""

    total: int
    oldest: datetime | None

    def after(self, count: int) -> Iterator[Found]:
        """In the order it happened, without the first `count`."""

    def fingerprint(self, count: int) -> str:
        """Of the first `count`: where it is another one than before, they mean nothing any more."""

    def close(self) -> None: ...


@runtime_checkable
class Remembers(Protocol):
    """What an adapter can beside the rest when messages of its channel are kept as files, or in an account."""

    def past(self, inbox: Endpoint, source: Path | None, work: Path, stop: threading.Event) -> Past:
        """Of a file or folder; of the account the inbox fetches from when None. `work` is a folder for as long as it
        takes. Raises Refused, or FetchFailed; Leaving once `stop` is set."""


def remembers(channel: Adapter) -> Remembers | None:
    return channel if isinstance(channel, Remembers) else None


def words(why: str) -> Words:
    sentences = {
        "draft": _("It is a draft that was never sent."),
        "deleted": _("It was thrown away."),
        "large": _("It is larger than 40 MB."),
        "gone": _("It lies there no more."),
        "refused": _("The mail server lists it and does not hand it over."),
        "closed": _("The mail server lists this folder and does not open it."),
    }
    return sentences.get(why, why)
