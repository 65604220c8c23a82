"""What is handed to an adapter that fetches: where it stopped, where to put what it finds, and how to say why not."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

import msgspec
from django.utils.translation import gettext as _

from careline.channels.adapter import Adapter, Endpoint
from careline.kit.sentences import Words

# known: it is here already. before: it was there before the mailbox was connected. head: too large, only its head was
# kept. gone: it was removed before it could be fetched. refused: the server lists it and does not hand it over.
Why = Literal["known", "before", "head", "gone", "refused"]


class FetchFailed(Exception):
    """The other side gave nothing; one sentence says why. `lasting`: until somebody changes something."""

    def __init__(self, reason: Words, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.lasting = lasting

    @property
    def said(self) -> Words:
        words: Words = self.args[0]
        return words

    @property
    def reason(self) -> str:
        """In the language of the moment."""
        return str(self)


class Place(msgspec.Struct, frozen=True, kw_only=True):
    """How far a folder was read. Numbers mean something only as long as `uidvalidity` and `source` stay the same."""

    folder: str
    uidvalidity: int
    uid: int
    # Whose folder it is: the account and its server.
    source: str = ""
    # Set where only new mail is taken: the moment of the first look.
    began_at: datetime | None = None
    # The folder is read again up to this number: what is older than `began_at` there is left.
    again: int = 0


class Began(msgspec.Struct, frozen=True):
    """Where new mail begins, and how many were there before."""

    place: Place
    before: int


class Satchel(Protocol):
    """One look at a mailbox goes from `begin` to `end`; what is between them and an exception is kept all the same."""

    def place(self, folder: str) -> Place | None: ...

    def begin(self) -> None: ...

    def keep(self, folder: str, uid: int, raw: bytes, headers: Mapping[str, str]) -> None:
        """Stored when this returns."""

    def skip(self, folder: str, uid: int, why: Why, n: int = 1) -> None: ...

    def mark(self, place: Place) -> None:
        """Everything up to this place is stored, or was skipped with a reason."""

    def end(self) -> None: ...

    def renew(self, name: str, secret: str) -> None:
        """A credential the other side has replaced by another one."""


@runtime_checkable
class Fetches(Protocol):
    """What an adapter can beside the rest when nobody delivers to it."""

    def fetches_from(self, inbox: Endpoint) -> bool:
        """Whether the settings name a place to fetch from."""

    def fetch(self, inbox: Endpoint, satchel: Satchel, stop: threading.Event) -> None:
        """Until told to stop; raises FetchFailed. Returning earlier means: come back at once."""

    def test_fetching(self, inbox: Endpoint) -> str:
        """Whether there is something to fetch from, and what was found; raises FetchFailed."""

    def begins(self, inbox: Endpoint) -> Began | None:
        """Where new mail begins, as it is now; nothing where old mail is taken too. Raises FetchFailed."""


def fetches(channel: Adapter) -> Fetches | None:
    return channel if channel.capabilities.fetches and isinstance(channel, Fetches) else None


def words(why: str) -> str:
    """Why something was not taken as it lies there, for people."""
    sentences = {
        "known": _("It was here already."),
        "before": _("It was there before the mailbox was connected."),
        "head": _("It is larger than what is taken: only its head was kept, the rest lies in the mailbox."),
        "gone": _("It was removed from the mailbox before it could be fetched."),
        "refused": _("The mail server lists it and does not hand it over."),
    }
    return sentences.get(why, why)
