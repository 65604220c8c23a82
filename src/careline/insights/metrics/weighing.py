"""How much each part of effort weighs by a house's own answers about ease, and how well that holds elsewhere.

Ridge regression of Customer Effort Score 2.0 (1 to 7, high is easy) on the counted parts, none of which may make help
easier (A. Hoerl and R. Kennard, Technometrics 1970). Whether it tells anything is judged on customers it has not seen.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import msgspec

from careline.insights.metrics.intervals import Estimate, Z
from careline.touchpoints.feelings import PARTS

# Drawn towards none as if so many answers had said that the parts change nothing.
RIDGE = 10.0
FOLDS = 10
# Of fewer answers weights are chance.
FEWEST = 100
SIZE = len(PARTS)
Numbers = Sequence[float]


class Eased(msgspec.Struct, frozen=True):
    """`n` answers of `score` to how easy it was, after talks whose parts of effort were these, of one fold."""

    parts: tuple[int, ...]
    score: int
    fold: int
    n: int


class Told(msgspec.Struct, frozen=True):
    """What the answers tell of the parts.

    `costs`: by how many points of ease each further one lowers the answer, with its interval; `weights` the same in
    hundredths, a hundred on average, none when no part tells anything. `weighed` and `alike` are correlations of the
    answers with what is expected of customers kept aside, and with the plain sum; both positive when effort is felt.
    """

    n: int
    costs: tuple[Estimate, ...] = ()
    weights: tuple[int, ...] = ()
    weighed: Estimate | None = None
    alike: Estimate | None = None

    @property
    def holds(self) -> bool:
        """Whether the weights tell more than chance does."""
        return bool(self.weights) and self.weighed is not None and self.weighed.low > 0


class _Sums(msgspec.Struct):
    """Of answers: how many, of each part, of products of parts, of scores, of scores with parts."""

    n: float
    x: list[float]
    xx: list[list[float]]
    y: float
    xy: list[float]
    yy: float


def told(answers: Iterable[Eased]) -> Told:
    cells = list(answers)
    n = sum(one.n for one in cells)
    if n < FEWEST:
        return Told(n)
    kept = _fit(_sums(cells))
    expected = {}
    for fold in {one.fold for one in cells}:
        others = [one for one in cells if one.fold != fold]
        expected[fold] = _fit(_sums(others)) if others else (0.0, [0.0] * SIZE)
    held = [(_expect(expected[one.fold], one.parts), float(one.score), one.n) for one in cells]
    plain = [(-float(sum(one.parts)), float(one.score), one.n) for one in cells]
    return Told(n, _costs(cells, kept), _weights(kept[1]), _correlation(held), _correlation(plain))


def _weights(slopes: Numbers) -> tuple[int, ...]:
    """In hundredths, so that every sum of them is exact."""
    whole = -sum(slopes)
    return tuple(round(100 * SIZE * -slope / whole) for slope in slopes) if whole > 1e-9 else ()


def _sums(cells: Sequence[Eased]) -> _Sums:
    found = _Sums(0.0, [0.0] * SIZE, [[0.0] * SIZE for _ in PARTS], 0.0, [0.0] * SIZE, 0.0)
    for one in cells:
        found.n += one.n
        found.y += one.n * one.score
        found.yy += one.n * one.score * one.score
        for i, a in enumerate(one.parts):
            found.x[i] += one.n * a
            found.xy[i] += one.n * a * one.score
            for j, b in enumerate(one.parts):
                found.xx[i][j] += one.n * a * b
    return found


def _fit(sums: _Sums) -> tuple[float, list[float]]:
    """Where a talk without effort lies, and each part's slope; what would make help easier goes, the most first."""
    free = list(range(SIZE))
    while free:
        slopes = [0.0] * SIZE
        for part, slope in zip(free, _solved(sums, free), strict=True):
            slopes[part] = slope
        worst = max(free, key=lambda part: slopes[part])
        if slopes[worst] <= 0:
            return (sums.y - sum(s * x for s, x in zip(slopes, sums.x, strict=True))) / sums.n, slopes
        free.remove(worst)
    return sums.y / sums.n, [0.0] * SIZE


def _spread(sums: _Sums, free: Sequence[int]) -> list[list[float]]:
    """Products of the parts about their means, with the ridge."""
    return [
        [sums.xx[i][j] - sums.x[i] * sums.x[j] / sums.n + (RIDGE if i == j else 0.0) for j in free] for i in free
    ]  # fmt: skip


def _solved(sums: _Sums, free: Sequence[int]) -> list[float]:
    return _eliminated(_spread(sums, free), [sums.xy[i] - sums.x[i] * sums.y / sums.n for i in free])


def _eliminated(matrix: list[list[float]], right: list[float]) -> list[float]:
    """By Gauss; with the ridge on its diagonal the matrix needs no other order of its rows."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for i in range(size):
        for j in range(size):
            if j != i:
                share = rows[j][i] / rows[i][i]
                rows[j] = [b - share * a for a, b in zip(rows[i], rows[j], strict=True)]
    return [rows[i][size] / rows[i][i] for i in range(size)]


def _expect(fit: tuple[float, list[float]], parts: Sequence[int]) -> float:
    return fit[0] + sum(slope * part for slope, part in zip(fit[1], parts, strict=True))


def _costs(cells: Sequence[Eased], fit: tuple[float, list[float]]) -> tuple[Estimate, ...]:
    """Points of ease, with the interval of ridge estimates: the spread of what is left over, through both inverses."""
    sums, everything = _sums(cells), range(SIZE)
    left = sum(one.n * (one.score - _expect(fit, one.parts)) ** 2 for one in cells)
    variance = left / max(1.0, sums.n - SIZE - 1)
    ridged = _spread(sums, everything)
    columns = [_eliminated(ridged, [1.0 if i == j else 0.0 for j in everything]) for i in everything]
    found = []
    for part in everything:
        column = columns[part]
        # The plain matrix is the ridged one less the ridge.
        through = column[part] - RIDGE * sum(value * value for value in column)
        error = math.sqrt(max(0.0, variance * through))
        cost = -fit[1][part]
        found.append(Estimate(cost, max(0.0, cost - Z * error), cost + Z * error))
    return tuple(found)


def _correlation(pairs: Iterable[tuple[float, float, int]]) -> Estimate | None:
    """Pearson's, with the interval by Fisher's transformation; none where one side never changes."""
    n = x = y = xx = yy = xy = 0.0
    for a, b, count in pairs:
        n, x, y = n + count, x + count * a, y + count * b
        xx, yy, xy = xx + count * a * a, yy + count * b * b, xy + count * a * b
    spread = (xx - x * x / n) * (yy - y * y / n)
    if n < 4 or spread <= 1e-9:
        return None
    r = max(-1.0, min(1.0, (xy - x * y / n) / math.sqrt(spread)))
    if abs(r) > 1 - 1e-12:
        return Estimate(r, r, r)
    half = Z / math.sqrt(n - 3)
    return Estimate(r, math.tanh(math.atanh(r) - half), math.tanh(math.atanh(r) + half))
