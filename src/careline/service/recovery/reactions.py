"""What the room hears from the line: answers, promises, what came back; and what was put away."""

from __future__ import annotations

from collections.abc import Sequence

from careline.service.recovery import actions, matching
from careline.touchpoints import Moment, on


@on(*matching.HEARD)
def recover(moments: Sequence[Moment]) -> None:
    """At least once: what was heard before changes nothing."""
    rules = matching.rules()
    for moment in moments:
        if rule := matching.fitting(moment, rules):
            actions.take_up(moment, rule)


@on("conversation.marked")
def let_go(moments: Sequence[Moment]) -> None:
    """Spam is nobody who is to be won back."""
    for moment in moments:
        if moment.facts["place"] != "open":
            actions.let_go(moment.facts["conversation"])
