"""What of a line belongs together: one talk, one visit of pages and shop; everything else stands for itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from careline.contact.reach import ASKED_FOR
from careline.touchpoints.kinds import DERIVED

# A talk that goes on after so long is another moment of the line.
QUIET_DAYS = 7
# A visit ends when nothing was looked at for so long.
PAUSE = timedelta(minutes=30)
# Steps of a visit, by the first word of their kind.
STEPS = frozenset(
    ("page", "screen", "event", "product", "products", "promotion", "coupon", "cart", "checkout", "payment")
)
# True of the house or of the record, but no moment of the customer's.
UNDRAWN = {
    "agent.status-changed", "autoreply.received", "conversation.assigned", "conversation.awaited",
    "conversation.ruled", "conversation.declined", "incident.joined", "incident.left", "queue.left",
    "rule.fired",
    "conversation.prioritized", "conversation.tagged", "conversation.described", "copies.changed",
    "customer.identified", "customer.merged", "customer.renamed", "customer.split", "delivery.updated",
    "message.forwarded", "message.moved", "message.noted", "reply.expected", "segment.entered", "segment.left",
    "consent.given", "consent.withdrawn",
}  # fmt: skip


class Touch(Protocol):
    """What is read of a touchpoint; of several at one instant the id says which came first."""

    @property
    def id(self) -> UUID: ...
    @property
    def kind(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def journey(self) -> str | None: ...
    @property
    def occurred_at(self) -> datetime: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


def is_step(kind: str) -> bool:
    return kind.partition(".")[0] in STEPS


def gathered(touchpoints: Sequence[Touch]) -> list[list[Touch]]:
    """Groups in the order they began. A talk goes on beside what else happens, and so does a visit."""
    groups: list[list[Touch]] = []
    open_ones: dict[str, list[Touch]] = {}
    for touch in touchpoints:
        if _is_record(touch):
            continue
        name, pause = _belongs(touch)
        group = open_ones.get(name) if name else None
        if group is not None and touch.occurred_at - group[-1].occurred_at < pause:
            group.append(touch)
        else:
            groups.append([touch])
            if name:
                open_ones[name] = groups[-1]
    # What was worked out about a talk of which nothing else is here says nothing by itself.
    return [group for group in groups if any(touch.kind not in DERIVED for touch in group)]


def apart(touchpoints: Sequence[Touch]) -> list[list[Touch]]:
    """Each by itself, for whoever looks at one talk or order; what was worked out about words stays with them."""
    groups: list[list[Touch]] = []
    for touch in touchpoints:
        if groups and touch.kind in DERIVED and groups[-1][0].source == touch.source:
            groups[-1].append(touch)
        elif not _is_record(touch) and touch.kind not in DERIVED:
            groups.append([touch])
    return groups


def _is_record(touch: Touch) -> bool:
    """What the house came to know of somebody is a record; what they said of themselves is a moment. That we may write
    is told by what we write; that we did not is told by itself."""
    if touch.kind == "contact.decided":
        return bool(touch.facts.get("allowed")) or touch.facts.get("purpose") in ASKED_FOR
    return touch.kind in UNDRAWN or (touch.kind == "customer.described" and touch.source.startswith("customer:"))


def _belongs(touch: Touch) -> tuple[str, timedelta]:
    if touch.source.startswith("conversation:"):
        return touch.source, timedelta(days=QUIET_DAYS)
    return ("visit", PAUSE) if is_step(touch.kind) else ("", PAUSE)
