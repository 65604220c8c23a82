"""What the room hears from the line: how words were meant, by what followed on them."""

from __future__ import annotations

from collections.abc import Sequence

from careline.service.assist.moods import actions
from careline.touchpoints import Moment, on


@on("survey.answered", "conversation.reopened", from_start=True)
def learn(moments: Sequence[Moment]) -> None:
    actions.hear(moments)
