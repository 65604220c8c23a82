"""How much a machine may answer by itself: two machines that answer each other must stop, whatever they say."""

from __future__ import annotations

from typing import Literal

import msgspec
from django.utils.translation import gettext_noop

# Of automatic answers, to one address in one conversation, in 24 hours.
PER_ADDRESS = 1
# In an hour, of one mailbox; a busy one may be given more.
PER_MAILBOX = 100
Why = Literal["", "address", "mailbox", "tripped"]
_REASONS: dict[Why, str] = {
    "": "",
    "address": gettext_noop("This address has had an automatic answer within a day."),
    "mailbox": gettext_noop("This mailbox has sent too many automatic answers in an hour."),
    "tripped": gettext_noop("Automatic answers are stopped until somebody has looked why."),
}


class Counts(msgspec.Struct, frozen=True, kw_only=True):
    """What was answered automatically so far; whoever counts does it in the transaction that answers."""

    # To this address in this conversation in the last 24 hours.
    to_address: int = 0
    # By this mailbox in the last hour, to anybody.
    of_mailbox: int = 0
    # The breaker was tripped, and nobody has put it back yet.
    tripped: bool = False


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    allowed: bool
    why: Why = ""
    # This very answer would have been too many: trip the breaker and tell an administrator, once.
    alarm: bool = False

    @property
    def reason(self) -> str:
        """Why not, as a sentence the catalogs know."""
        return _REASONS[self.why]


def decided(counts: Counts, *, per_mailbox: int = PER_MAILBOX) -> Verdict:
    """Pure: the same counts, the same verdict. The breaker stays tripped when the hour is over."""
    if counts.tripped:
        return Verdict(allowed=False, why="tripped")
    if counts.to_address >= PER_ADDRESS:
        return Verdict(allowed=False, why="address")
    if counts.of_mailbox >= per_mailbox:
        return Verdict(allowed=False, why="mailbox", alarm=True)
    return Verdict(allowed=True)
