"""How sure a figure is: exact, closed intervals of 95 %, and whether two figures really differ."""

from __future__ import annotations

import math
from functools import lru_cache

import msgspec

# The 97.5th percentile of the normal distribution.
Z = 1.959963984540054
LEVEL = 0.95


class Estimate(msgspec.Struct, frozen=True):
    """A value with the ends of its interval, in the same unit."""

    value: float
    low: float
    high: float


def share(hits: int, n: int) -> Estimate:
    """Wilson's score interval of a proportion, in percent."""
    p, z2 = hits / n, Z * Z
    center = (p + z2 / (2 * n)) / (1 + z2 / n)
    half = Z / (1 + z2 / n) * math.sqrt(p * (1 - p) / n + z2 / (4 * n * n))
    # At the ends the formula gives 0 and 1 but for the last bits.
    low, high = 0.0 if hits == 0 else center - half, 1.0 if hits == n else center + half
    return Estimate(100 * p, 100 * low, 100 * high)


def nps(promoters: int, detractors: int, n: int) -> Estimate:
    """The value as it was counted; the interval adjusted Wald, with three answers added: ¾, 1½ and ¾ of the kinds."""
    center, error = _adjusted(promoters, detractors, n)
    half = Z * error
    return Estimate(
        100 * (promoters - detractors) / n, max(-100.0, 100 * (center - half)), min(100.0, 100 * (center + half))
    )


def _adjusted(promoters: int, detractors: int, n: int) -> tuple[float, float]:
    """Center and standard error, as shares."""
    p, d = (promoters + 0.75) / (n + 3), (detractors + 0.75) / (n + 3)
    return p - d, math.sqrt((p + d - (p - d) ** 2) / (n + 3))


@lru_cache(maxsize=4096)
def ranks(n: int) -> tuple[int, int] | None:
    """Between which of n ordered values, counted from 1, the median lies with 95 %; none when even the ends do not do.

    The widest pair of order statistics each of which leaves out at most 2.5 %: exact, whatever is measured.
    """
    tail, below, k = (1 - LEVEL) / 2, 0.0, 0
    log_half, log_n = n * math.log(0.5), math.lgamma(n + 1)
    # What is less than this adds nothing to the sum.
    start = max(0, math.floor(n / 2 - 40 * math.sqrt(n) / 2))
    k = start
    while True:
        below += math.exp(log_n - math.lgamma(k + 1) - math.lgamma(n - k + 1) + log_half)
        if below > tail:
            break
        k += 1
    return (k, n + 1 - k) if k > 0 else None


def mean(n: int, total: int, squares: int, unit: float) -> Estimate:
    """By Student's distribution, from whole sums of values counted in `unit`."""
    center = total / n
    variance = (squares - total * total / n) / (n - 1) if n > 1 else 0.0
    half = student(n - 1) * math.sqrt(max(0.0, variance) / n)
    return Estimate(center * unit, (center - half) * unit, (center + half) * unit)


def student(freedom: int) -> float:
    """Its 97.5th percentile, by the expansion around the normal one; from nine degrees on right to four places."""
    z, v = Z, max(1, freedom)
    return (
        z
        + (z**3 + z) / (4 * v)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
        + (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / (92160 * v**4)
    )


def rate(count: int, of: int) -> Estimate:
    """How many there are for each of something: the score interval of a Poisson count."""
    z2 = Z * Z
    center, half = count + z2 / 2, Z * math.sqrt(count + z2 / 4)
    return Estimate(count / of, max(0.0, (center - half) / of), (center + half) / of)


def difference(now: Estimate, before: Estimate) -> Estimate:
    """Of two figures that know nothing of each other, from their own intervals (Newcombe; Zou and Donner)."""
    value = now.value - before.value
    low = value - math.hypot(now.value - now.low, before.high - before.value)
    high = value + math.hypot(now.high - now.value, before.value - before.low)
    return Estimate(value, low, high)


def nps_difference(now: tuple[int, int, int], before: tuple[int, int, int]) -> Estimate:
    """Of two waves, each (promoters, detractors, n): the errors of both add up as squares."""
    (a, error_a), (b, error_b) = _adjusted(*now), _adjusted(*before)
    half = Z * math.hypot(error_a, error_b)
    value = nps(*now).value - nps(*before).value
    return Estimate(value, 100 * (a - b - half), 100 * (a - b + half))


def is_real(change: Estimate) -> bool:
    """Whether the interval leaves out zero."""
    return not change.low <= 0 <= change.high
