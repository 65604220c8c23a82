"""A bot hears the line once rules have had a new conversation."""

from __future__ import annotations

from collections.abc import Sequence

from careline.service.bots import running
from careline.touchpoints import Moment, on

HEARD = (
    "conversation.ruled", "message.received", "message.sent", "conversation.assigned", "conversation.resolved",
    "conversation.marked",
)  # fmt: skip


@on(*HEARD)
def follow(moments: Sequence[Moment]) -> None:
    # Of an opening rules are asked first; what the bot itself says changes nothing about who has it.
    heard = [
        one for one in moments
        if one.actor_kind != "bot" and not (one.kind == "message.received" and one.facts.get("first"))
    ]  # fmt: skip
    if heard and running.is_used():
        running.advance(running.where({one.conversation_id for one in heard if one.conversation_id is not None}))
