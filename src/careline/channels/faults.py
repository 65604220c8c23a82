"""What a channel says when something cannot be: forged, unreadable, of no use here, not delivered."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from careline.kit.sentences import Words
from careline.kit.signing import NotGenuine


class Forged(NotGenuine):
    """The sender could not prove to be who they say they are."""


class Unreadable(Exception):
    """The bytes are genuine and still no message can be made of them; the sentence says why. The raw row stays."""


class Unneeded(Exception):
    """The bytes are genuine and understood, and nothing comes of them here; the sentence says why."""


class Missed(msgspec.Struct, frozen=True):
    """One of several recipients did not get it."""

    address: str
    reason: Words
    permanent: bool
    # Why nothing more is to be sent there, and what the server said; empty where nothing speaks against the address.
    suppress: Literal["", "user_unknown", "host_unknown"] = ""
    code: str = ""
    words: str = ""


class DeliveryFailed(Exception):
    """The other side did not take it. `permanent` says that trying again would change nothing."""

    def __init__(self, reason: Words, *, permanent: bool = False, missed: Sequence[Missed] = ()) -> None:
        super().__init__(reason)
        self.permanent = permanent
        # What was said about each recipient, when that is known.
        self.missed = tuple(missed)

    @property
    def said(self) -> Words:
        words: Words = self.args[0]
        return words

    @property
    def reason(self) -> str:
        """In the language of the moment."""
        return str(self)
