"""From counts to a figure that says how sure it is; under ten there is none."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from careline.insights.metrics import intervals
from careline.insights.metrics.definitions import Definition
from careline.insights.metrics.intervals import Estimate
from careline.insights.warehouse.metering import Tally

# Of fewer only the count is told.
FEWEST = 10
_UNITS = {"sentiment_shift": 1e-6, "ces1": 0.01, "effort": 0.01}
_MICROSECOND = 1e-6
NOTHING: Mapping[str, float] = {}


class Figure(msgspec.Struct, frozen=True):
    """`n` of `whole` can be told. Without a value there are too few of them; a count has no interval.

    `beside`: what else is said of the same cases: the mean of scores, what nine of ten do not exceed.
    """

    value: float | None
    n: int
    whole: int
    low: float | None = None
    high: float | None = None
    beside: Mapping[str, float] = NOTHING
    # What the difference of two waves is worked out from.
    wave: tuple[int, int, int] | None = None

    @property
    def estimate(self) -> Estimate | None:
        if self.value is None or self.low is None or self.high is None:
            return None
        return Estimate(self.value, self.low, self.high)


class Change(msgspec.Struct, frozen=True):
    """By how much a figure differs from the one before, between which ends, and whether that is more than chance."""

    value: float
    low: float
    high: float
    real: bool


def of(definition: Definition, tally: Tally | None) -> Figure:
    if tally is None:
        return Figure(0.0 if definition.kind == "count" else None, 0, 0)
    n, whole = tally.n, tally.whole
    if definition.kind == "count":
        return Figure(float(whole), whole, whole)
    if n < FEWEST:
        return Figure(None, n, whole)
    first, second = tally.first or 0, tally.second or 0
    match definition.kind:
        case "share":
            beside = {"mean": second / n} if definition.about == "answer" else {}
            return _figure(intervals.share(int(first), n), n, whole, beside)
        case "nps":
            wave = int(first), int(second), n
            return msgspec.structs.replace(_figure(intervals.nps(*wave), n, whole), wave=wave)
        case "mean":
            return _figure(intervals.mean(n, int(first), int(second), unit(definition)), n, whole)
        case "median":
            return _median(tally)
    raise ValueError(definition.kind)


def unit(definition: Definition) -> float:
    """What one of its values is worth: values are whole numbers, so that every sum of them is exact."""
    return _MICROSECOND if definition.kind == "median" else _UNITS.get(definition.name, 1.0)


def rate(count: int, of: int) -> Figure:
    """So many for each of those."""
    if of < FEWEST:
        return Figure(None, of, of)
    return _figure(intervals.rate(count, of), of, of, {"count": float(count)})


def change(now: Figure, before: Figure) -> Change | None:
    if now.wave and before.wave:
        found = intervals.nps_difference(now.wave, before.wave)
    elif now.estimate and before.estimate:
        found = intervals.difference(now.estimate, before.estimate)
    else:
        return None
    return Change(found.value, found.low, found.high, intervals.is_real(found))


def _median(tally: Tally) -> Figure:
    picks = tally.picks
    assert picks is not None
    assert picks.low is not None
    assert picks.high is not None
    middle = Estimate((picks.below + picks.above) / 2e6, picks.low / 1e6, picks.high / 1e6)
    return _figure(middle, tally.n, tally.whole, {"p90": picks.most / 1e6})


def _figure(found: Estimate, n: int, whole: int, beside: Mapping[str, float] = NOTHING) -> Figure:
    return Figure(found.value, n, whole, found.low, found.high, beside)
