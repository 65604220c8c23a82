"""What a channel brings of earlier years: everything that lies somewhere, the oldest first."""

from __future__ import annotations

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
Why = Literal["", "draft", "deleted", "large", "gone"]


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
    # Changes when something was added: then an order that was counted before means nothing.
    fingerprint: str
    oldest: datetime | None

    def after(self, count: int) -> Iterator[Found]:
        """In the order it happened, without the first `count`."""

    def close(self) -> None: ...


@runtime_checkable
class Remembers(Protocol):
    """What an adapter can beside the rest when messages of its channel are kept as files, or in an account."""

    def past(self, inbox: Endpoint, source: Path | None, work: Path) -> Past:
        """Of a file or folder; of the account the inbox fetches from when None. `work` is a folder for as long as it
        takes. Raises Refused, or FetchFailed."""


def remembers(channel: Adapter) -> Remembers | None:
    return channel if isinstance(channel, Remembers) else None


def words(why: str) -> Words:
    sentences = {
        "draft": _("It is a draft that was never sent."),
        "deleted": _("It was thrown away."),
        "large": _("It is larger than 40 MB."),
        "gone": _("It lies there no more."),
    }
    return sentences.get(why, why)
