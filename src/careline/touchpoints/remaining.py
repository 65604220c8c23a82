"""What is left of a moment when the person it happened to is erased: enough to be counted, nothing that says who.

Only numbers and codes the organization made itself: no word a customer wrote, and no number of a conversation, a
message or an order, over which the moment could be led back to somebody.
"""

from __future__ import annotations

from careline.touchpoints import kinds, schema
from careline.touchpoints.schema import Facts

# Where it came from, once nobody shall know; no reaction is told of such a moment.
ERASED = "erased"
_STAYS: dict[type[Facts], tuple[str, ...]] = {
    kinds.Opened: ("channel",),
    kinds.Resolved: ("minutes_open",),
    kinds.Assigned: ("agent_id", "team_id"),
    kinds.Marked: ("place",),
    kinds.Prioritized: ("priority",),
    schema.OfMessage: ("channel",),
    schema.Weighed: ("channel", "score", "by"),
    schema.Counted: ("effort", "channel", "contacts", "waits", "transfers", "switches"),
    schema.Added: ("way",),
    schema.Segmented: ("segment",),
    schema.Agreed: ("purpose",),
    kinds.Received: ("channel", "first"),
    kinds.Identified: ("kinds",),
    kinds.Delivered: ("status",),
    kinds.Tracked: ("name", "stage", "value_minor", "currency"),
    kinds.Shopped: ("stage", "value_minor", "currency"),
    kinds.Placed: ("stage", "total_minor", "currency"),
    kinds.Brought: ("stage", "days_late"),
    schema.Answered: ("survey", "metric", "score", "scale_max", "question", "scale_min", "version"),
    schema.Decided: ("purpose", "channel", "allowed"),
    schema.Queued: ("purpose", "channel"),
}


def facts() -> dict[str, list[str]]:
    """Of each kind that leaves any."""
    return {name: list(_STAYS[kind.facts]) for name, kind in kinds.KINDS.items() if kind.facts in _STAYS}
