"""Rules hear the line."""

from __future__ import annotations

from collections.abc import Sequence

from careline.service.rules import hearing, reading
from careline.touchpoints import Moment, on


@on(*reading.HEARD)
def apply(moments: Sequence[Moment]) -> None:
    hearing.hear(moments)
