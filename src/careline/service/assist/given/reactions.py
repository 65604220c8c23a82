"""What the room hears from the line: what customers give, and what they are asked for."""

from __future__ import annotations

from collections.abc import Sequence

from careline.service.assist.given import keeping
from careline.touchpoints import Moment, on


@on(*keeping.HEARD, from_start=True)
def listen(moments: Sequence[Moment]) -> None:
    """One subscriber for both: what was given has to be kept before a question is held against it. From the start,
    since a past nobody read would count as one in which nothing was asked again."""
    keeping.listen(moments)
