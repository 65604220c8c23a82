"""How a moment felt, as far as somebody said it: five levels from -2 to 2."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Shares of the scale from which the next level begins: of 1 to 5 each is a level, of 0 to 10 the last two are the best.
BOUNDS = (0.3, 0.5, 0.7, 0.9)
# How hard something was is not how it felt.
OF_EFFORT = frozenset({"ces", "effort"})


def level(kind: str, facts: Mapping[str, Any]) -> int | None:
    """None while nobody said."""
    score, top = facts.get("score"), facts.get("scale_max")
    if kind != "survey.answered" or score is None or not top or facts.get("metric") in OF_EFFORT:
        return None
    share = float(score) / float(top)
    return sum(share >= bound for bound in BOUNDS) - 2
