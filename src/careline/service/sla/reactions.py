"""What the room hears from the line: words, ends, pauses, and what makes other promises hold."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from careline.service.sla import actions, hearing
from careline.touchpoints import Moment, on


@on(*hearing.HEARD, name=actions.SUBSCRIBER)
def promise(moments: Sequence[Moment]) -> None:
    talks: dict[int, list[Moment]] = defaultdict(list)
    for moment in moments:
        if moment.conversation_id is not None:
            talks[moment.conversation_id].append(moment)
    actions.hear(talks)
