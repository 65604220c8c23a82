"""What is heard from the line: a customer's words, once rules have had a new conversation."""

from __future__ import annotations

from collections.abc import Sequence

from careline.service.assist.earning import answering
from careline.touchpoints import Moment, on

HEARD = ("conversation.ruled", "message.received")


@on(*HEARD)
def answer(moments: Sequence[Moment]) -> None:
    heard = {
        one.conversation_id for one in moments
        # Of an opening rules are asked first.
        if one.conversation_id is not None and not (one.kind == "message.received" and one.facts.get("first"))
    }  # fmt: skip
    if heard and answering.is_used():
        answering.consider(heard)
