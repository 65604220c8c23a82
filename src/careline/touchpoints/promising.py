"""What is told of promises: that one was kept or broken, by which terms; that somebody was warned; what followed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from msgspec import Meta

from careline.touchpoints.schema import Broken, Code, Facts, OfConversation

What = Literal["first", "next", "resolution"]
Natural = Annotated[int, Meta(ge=0)]


class _Promise(OfConversation, frozen=True, kw_only=True):
    """By its policy's name, and under which version of it: so many minutes were promised, due then."""

    promise: Code
    what: What
    policy: int
    version: int
    minutes: Natural
    due_at: datetime


class Met(_Promise, frozen=True, kw_only=True):
    """`taken` is in seconds of the promise's own clock."""

    taken: Natural


class BrokenWithin(Broken, frozen=True):
    """A broken promise of a talk, with the terms it was under; of others nothing is known of them."""

    what: What | None = None
    policy: int | None = None
    version: int | None = None
    minutes: Natural | None = None
    taken: Natural | None = None


class Escalated(_Promise, frozen=True, kw_only=True):
    """What was done about it: `value` is the priority it was raised to, or the team it went to."""

    act: Literal["tell_holder", "tell_leads", "tell_team", "priority", "team"]
    value: int | None = None


KINDS: dict[str, type[Facts]] = {
    "promise.met": Met,
    "promise.broken": BrokenWithin,
    "promise.warned": _Promise,
    "promise.escalated": Escalated,
}
# Worked out from other moments; only a broken one is something a customer lives through.
DERIVED = ("promise.met", "promise.warned", "promise.escalated")
