"""What is heard from the line: what was answered."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from careline.service.assist.suggesting import learning
from careline.touchpoints import Moment, on


@on("message.sent", from_start=True)
def learn_answers(moments: Sequence[Moment]) -> None:
    """At least once: what is kept already is passed over."""
    sent = [uuid.UUID(str(one.facts["message"])) for one in moments if one.actor_kind == "agent"]
    if sent:
        learning.learn(sent)
