"""What the conversations hear from the line: what became of a message on its way."""

from __future__ import annotations

from collections.abc import Sequence

from careline.service.conversations.actions.delivery import mark_delivery
from careline.touchpoints import Moment, on


@on("delivery.updated")
def show_delivery(moments: Sequence[Moment]) -> None:
    for moment in moments:
        # What a decision let out may stand in no conversation.
        if message := moment.facts.get("message"):
            mark_delivery(message, status=moment.facts["status"], reason=moment.facts.get("reason", ""))
