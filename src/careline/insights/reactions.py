"""What this room hears from the line: to whom something happened that a segment asks for."""

from __future__ import annotations

from collections.abc import Sequence

from careline.insights.segments import keeping, meaning
from careline.touchpoints import Moment, on


@on(*sorted(meaning.HEARD))
def keep_segments(moments: Sequence[Moment]) -> None:
    keeping.react(moments)
