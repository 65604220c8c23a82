"""One recipient of one mail of ours, and what became of it."""

from __future__ import annotations

from typing import Literal

import msgspec

Reason = Literal["user_unknown", "mailbox_full", "host_unknown", "rejected", "blocked", "expired", "complaint", "other"]
# What will be the same tomorrow: nobody is there to receive it.
HARD: frozenset[Reason] = frozenset({"user_unknown", "host_unknown"})
# Words of RFC 3464, and two of ours: somebody called a mail spam; a server reports on how mails in our name fare.
Action = Literal["failed", "delayed", "delivered", "relayed", "expanded", "complained", "reported"]


class Bounce(msgspec.Struct, frozen=True, kw_only=True):
    # As far as it is told; providers leave it out of complaints.
    address: str
    reason: Reason
    action: Action = "failed"
    # 5.1.1, or empty when nobody says.
    status: str = ""
    # 550, or empty.
    code: str = ""
    hard: bool = False
    # What the other side said, in its own words.
    words: str = ""
    # The mail it is about; empty when it did not come back.
    message_id: str = ""

    @property
    def failed(self) -> bool:
        """Whether this recipient will not get it; a delay and a receipt are none."""
        return self.action in {"failed", "complained"}
