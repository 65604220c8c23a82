"""How sure figures are: the vectors that are published, the coverage that is promised, and what is called real."""

from __future__ import annotations

import math
import random

import pytest

from careline.insights.metrics import intervals
from careline.insights.metrics.intervals import Estimate

# Promoters, passives, detractors.
WORLDS = ((0.90, 0.08, 0.02), (0.80, 0.15, 0.05), (0.60, 0.30, 0.10), (0.50, 0.30, 0.20), (0.34, 0.33, 0.33))
SIZES = (15, 30, 60, 100, 400)


@pytest.mark.parametrize(
    ("promoters", "passives", "detractors", "value", "low", "high"),
    [(50, 30, 20, 30.0, 14.05, 44.20), (60, 30, 10, 50.0, 35.47, 61.62), (3, 1, 1, 40.0, -29.8, 79.8)],
)
def test_nps_has_the_adjusted_wald_interval(promoters, passives, detractors, value, low, high):
    found = intervals.nps(promoters, detractors, promoters + passives + detractors)
    assert found.value == pytest.approx(value)
    assert (found.low, found.high) == (pytest.approx(low, abs=0.05), pytest.approx(high, abs=0.05))


def test_shares_have_wilsons_interval():
    found = intervals.share(3, 5)
    assert (found.value, round(found.low, 1), round(found.high, 1)) == (60.0, 23.1, 88.2)
    assert intervals.share(0, 20).low == 0.0
    assert intervals.share(20, 20).high == 100.0


def binomial(n: int, k: int) -> float:
    return math.comb(n, k) / 2**n


@pytest.mark.parametrize("n", [*range(1, 80), 300, 301])
def test_a_median_lies_between_the_narrowest_ranks_that_hold_95_percent(n):
    found = intervals.ranks(n)
    tails = [sum(binomial(n, j) for j in range(k)) for k in range(n // 2 + 1)]
    fitting = [k for k in range(1, n // 2 + 1) if tails[k] <= 0.025]
    assert found == ((max(fitting), n + 1 - max(fitting)) if fitting else None)


def test_many_values_have_ranks_at_once():
    low, high = intervals.ranks(1_000_000)
    assert low + high == 1_000_001
    assert (high - low) / 2 == pytest.approx(intervals.Z * 500, abs=1.5)


@pytest.mark.parametrize(("freedom", "value"), [(9, 2.262157), (29, 2.045230), (120, 1.979930)])
def test_students_percentile(freedom, value):
    assert intervals.student(freedom) == pytest.approx(value, abs=2e-4)


def test_means_and_rates():
    values = [4, 5, 7, 6, 5, 4, 5, 6, 7, 3]
    found = intervals.mean(10, sum(values), sum(one * one for one in values), 1.0)
    assert found.value == 5.2
    assert found.high - found.value == pytest.approx(2.262157 * 1.316561 / math.sqrt(10), abs=1e-3)
    assert intervals.rate(100, 50).low < 2.0 < intervals.rate(100, 50).high
    assert intervals.rate(0, 50).low == 0.0


def test_a_change_is_real_when_its_interval_leaves_out_zero():
    now, before = intervals.share(680, 1000), intervals.share(600, 1000)
    assert intervals.is_real(intervals.difference(now, before))
    assert not intervals.is_real(intervals.difference(intervals.share(68, 100), intervals.share(60, 100)))
    # Newcombe's own example (1998, method 10): 56 of 70 and 48 of 80.
    found = intervals.difference(intervals.share(56, 70), intervals.share(48, 80))
    assert (round(found.low / 100, 4), round(found.high / 100, 4)) == (0.0524, 0.3339)


def test_the_errors_of_two_waves_of_nps_add_up_as_squares():
    found = intervals.nps_difference((50, 20, 100), (60, 10, 100))
    assert found.value == pytest.approx(-20)
    errors = [(one.high - one.low) / 2 for one in (intervals.nps(50, 20, 100), intervals.nps(60, 10, 100))]
    assert (found.high - found.low) / 2 == pytest.approx(math.hypot(*errors))


def coverage(world: tuple[float, float, float], n: int, samples: int, chance: random.Random) -> float:
    promoters, _passives, detractors = world
    true, held = 100 * (promoters - detractors), 0
    counts: dict[tuple[int, int], Estimate] = {}
    for _sample in range(samples):
        p = d = 0
        for _one in range(n):
            drawn = chance.random()
            p += drawn < promoters
            d += drawn >= 1 - detractors
        found = counts.get((p, d)) or counts.setdefault((p, d), intervals.nps(p, d, n))
        held += found.low <= true <= found.high
    return held / samples


def exact(world: tuple[float, float, float], n: int) -> float:
    """Over every sample there can be, instead of some that are drawn."""
    promoters, passives, detractors = world
    logs = [math.lgamma(k + 1) for k in range(n + 1)]
    true, held = 100 * (promoters - detractors), 0.0
    for p in range(n + 1):
        for d in range(n + 1 - p):
            found = intervals.nps(p, d, n)
            if found.low <= true <= found.high:
                m = n - p - d
                held += math.exp(
                    logs[n] - logs[p] - logs[d] - logs[m]
                    + p * math.log(promoters) + d * math.log(detractors) + m * math.log(passives)
                )  # fmt: skip
    return held


@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("n", SIZES[:4])
def test_the_interval_of_nps_holds_what_it_promises(world, n):
    assert 0.935 <= exact(world, n) <= 0.975


@pytest.mark.long
@pytest.mark.parametrize("world", WORLDS)
@pytest.mark.parametrize("n", SIZES)
def test_the_interval_of_nps_holds_it_in_every_cell_drawn_and_counted(world, n):
    assert 0.935 <= exact(world, n) <= 0.975
    assert 0.935 <= coverage(world, n, 40_000, random.Random(f"{world}{n}")) <= 0.975
