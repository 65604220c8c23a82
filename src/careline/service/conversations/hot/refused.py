"""Why a hot verb changed nothing, in the order strangers may learn it: not there, not allowed, not now."""

from __future__ import annotations

from careline.accounts.actor import Actor, refusal
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.service.conversations.hot.shapes import Refusal

NO_CONVERSATION = "There is no such conversation."
NO_INBOX = "There is no such inbox."


def because(found: Refusal | None, *, actor: Actor, permission: str) -> Refused:
    if found is None or not actor.may("conversations.view"):
        return NotVisible(NO_CONVERSATION)
    if not actor.may(permission):
        return NotAllowed(refusal(permission))
    return Conflicting(f"This conversation is in {found.state}; take it out first.")
