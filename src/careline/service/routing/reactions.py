"""What changes who waits for whom: whatever happens to a conversation is a reason to look again."""

from __future__ import annotations

from collections.abc import Sequence

from careline.service.routing import offering, placing
from careline.touchpoints import Moment, on

# Rules have a new conversation first, then a bot where one answers; until it declines, nothing here fits it.
BEGUN = ("conversation.ruled", "conversation.declined")
HEARD = (
    *BEGUN, "conversation.woken", "conversation.assigned", "conversation.resolved", "conversation.snoozed",
    "conversation.marked", "conversation.tagged", "conversation.prioritized", "conversation.described",
    "message.received", "message.sent", "promise.warned", "promise.broken",
)  # fmt: skip


@on(*HEARD)
def follow(moments: Sequence[Moment]) -> None:
    ids = {
        int(moment.facts["conversation"])
        for moment in moments
        # Its opening is told by itself.
        if not (moment.kind == "message.received" and moment.facts.get("first"))
    }
    placing.place(sorted(ids))
    # Somebody may have hands free now that had none.
    offering.wake()
