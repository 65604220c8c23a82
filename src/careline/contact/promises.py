"""Whether a promise to somebody is broken and not made good: read from their line, where both are told."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec

from careline.touchpoints import Moment, queries

BROKEN = "promise.broken"
# What makes good: the talk it was about came to its end, the order it was about arrived.
MENDING = ("conversation.resolved", "order.delivered")
# Of one person within the days that are looked at.
MOST = 50


class Broken(msgspec.Struct, frozen=True):
    promise: str
    # When it is held to be past, whatever became of it.
    until: datetime


def newest(person_ids: Sequence[int], *, days: int, now: datetime) -> Broken | None:
    """The one that keeps us silent longest, if there is one."""
    if not days:
        return None
    last = timedelta(days=days)
    found = [
        one
        for one in queries.lately_of_each(person_ids, kinds=[BROKEN], since=now - last, limit=MOST)
        if one.occurred_at <= now
    ]
    if not found:
        return None
    mended = queries.of_journeys(sorted({way for one in found for way in _ways(one)}), kinds=MENDING, limit=1)
    good = {one.journey: one.occurred_at for one in mended}
    left = [one for one in found if not any(way in good and good[way] >= one.occurred_at for way in _ways(one))]
    return Broken(str(left[-1].facts["promise"]), left[-1].occurred_at + last) if left else None


def _ways(moment: Moment) -> list[str]:
    return [f"{name}:{moment.facts[name]}" for name in ("conversation", "order") if moment.facts.get(name) is not None]
