"""Whether a text is one of the intents we know, by phrasings alone: the judge where no model is installed.

It weighs words and pieces of words by how rare they are (TF-IDF) and compares by cosine. It knows no meaning: what is
said in other words than any phrasing is refused. Whoever judges, with a model or without, is a `Judge`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Protocol

import numpy as np

Phrasing = tuple[str, str]
Weights = Mapping[str, float]
# Of a long text the beginning is judged; of many phrasings so many are left out in turn for the threshold.
_LONGEST, _LEFT_OUT, _NEAREST = 1_000, 400, 3
# Before there is enough to find a threshold by.
_ENOUGH, _START = 5, 0.5
# Of chances; what is compared by words has a distance of its own, found with its threshold.
APART = 0.15
# Of the threshold: what is below it by a little is asked back about.
NEAR = 0.85
_SURE = 0.95
# Of what may be left of a phrasing unlooked at where neighbors are found; and what rounding may hide.
_REST, _SLIP = 0.25, 1e-9


@dataclass(frozen=True, slots=True)
class Judgement:
    """`ranked` are the likeliest intents, best first, with their likeness (0 to 1); below `threshold` it is none.

    `apart` is how far the first has to be before the second for it to be meant beyond doubt.
    """

    ranked: tuple[tuple[str, float], ...]
    score: float
    threshold: float
    apart: float = APART

    @property
    def known(self) -> bool:
        return bool(self.ranked) and self.score >= self.threshold

    @property
    def margin(self) -> float:
        """How far the first is before the second."""
        best = [score for _intent, score in self.ranked[:2]]
        return best[0] - best[1] if len(best) == 2 else sum(best)

    @property
    def clear(self) -> bool:
        return self.known and self.margin >= self.apart

    @property
    def near(self) -> bool:
        """Not known, or not beyond doubt, and yet near enough to be asked back about."""
        return bool(self.ranked) and self.score >= NEAR * self.threshold


class Judge(Protocol):
    def judge(self, text: str) -> Judgement: ...


def pieces(text: str) -> Counter[str]:
    """Its words, and three letters at a time of each, so that a slip of the pen costs little."""
    spelled = unicodedata.normalize("NFKD", text[:_LONGEST].casefold())
    found: Counter[str] = Counter()
    for word in re.findall(r"\w+", "".join(one for one in spelled if not unicodedata.combining(one))):
        found[word] += 1
        edged = f"<{word}>"
        found.update(f"~{edged[at : at + 3]}" for at in range(len(edged) - 2))
    return found


class Lexical:
    """Learns (intent, text) when it is made. `loss` is the share of its own phrasings the threshold may refuse.

    Who only compares does without a threshold (`judges` False).
    """

    def __init__(self, phrasings: Sequence[Phrasing], *, loss: float = 0.1, judges: bool = True) -> None:
        counted = [pieces(text) for _intent, text in phrasings]
        seen = Counter(piece for one in counted for piece in one)
        self._rarity = {piece: log((1 + len(counted)) / (1 + often)) + 1 for piece, often in seen.items()}
        self._intents = [intent for intent, _text in phrasings]
        self._at: dict[str, list[tuple[int, float]]] = defaultdict(list)
        weighed = [self._weighed(one) for one in counted]
        for number, weights in enumerate(weighed):
            for piece, weight in weights.items():
                self._at[piece].append((number, weight))
        self._weights = weighed
        self.threshold, self.apart = self._calibrated(weighed, loss) if judges else (_START, APART)

    def judge(self, text: str) -> Judgement:
        ranked = self._ranked(self.alike(text))
        return Judgement(ranked, ranked[0][1] if ranked else 0.0, self.threshold, self.apart)

    def alike(self, text: str) -> dict[int, float]:
        """The phrasings that share anything with it, by number, with how alike they are."""
        return self._alike(self._weighed(pieces(text)))

    def near(self, least: float) -> Iterator[tuple[int, int, float]]:
        """Pairs of phrasings at least so alike, by number, the smaller first.

        Their rarest pieces are compared with those of all others at once; what the rest of either could add at most
        leaves few to be compared whole.
        """
        held: dict[str, tuple[list[int], list[float]]] = defaultdict(lambda: ([], []))
        rests = np.zeros(len(self._weights))
        first: list[list[str]] = []
        for number, weights in enumerate(self._weights):
            rest, mine = 1.0, list[str]()
            for piece in sorted(weights, key=lambda one: (-self._rarity[one], one)):
                if rest < _REST * least * least:
                    break
                rest -= weights[piece] ** 2
                mine.append(piece)
                held[piece][0].append(number)
                held[piece][1].append(weights[piece])
            rests[number] = sqrt(max(rest, 0.0))
            first.append(mine)
        at = {piece: (np.array(numbers), np.array(found)) for piece, (numbers, found) in held.items()}
        for number, weights in enumerate(self._weights):
            shared = np.zeros(len(rests))
            for piece in first[number]:
                numbers, found = at[piece]
                shared[numbers] += weights[piece] * found
            likely = (shared > 0) & (shared + np.maximum(rests, rests[number]) >= least - _SLIP)
            for other in (number + 1 + np.flatnonzero(likely[number + 1 :])).tolist():
                theirs = self._weights[other]
                alike = sum(weight * theirs.get(piece, 0.0) for piece, weight in weights.items())
                if alike >= least:
                    yield number, other, alike

    def _weighed(self, counted: Counter[str]) -> Weights:
        # What no phrasing holds counts in the length: the more of it, the less is known.
        rarest = log(1 + len(self._rarity)) + 1
        weights = {piece: (1 + log(often)) * self._rarity.get(piece, rarest) for piece, often in counted.items()}
        length = sqrt(sum(one * one for one in weights.values())) or 1.0
        return {piece: weight / length for piece, weight in weights.items()}

    def _alike(self, weights: Weights) -> dict[int, float]:
        found: dict[int, float] = defaultdict(float)
        for piece, weight in weights.items():
            for number, other in self._at.get(piece, ()):
                found[number] += weight * other
        return found

    def _ranked(self, alike: Mapping[int, float], *, without: int = -1) -> tuple[tuple[str, float], ...]:
        """An intent is as alike as its nearest phrasings together; one good one counts most."""
        best: dict[str, list[float]] = defaultdict(list)
        for number, score in alike.items():
            if number != without:
                best[self._intents[number]].append(score)
        scores = {intent: _together(found) for intent, found in best.items()}
        return tuple(sorted(scores.items(), key=lambda one: (-one[1], one[0]))[:5])

    def _calibrated(self, weighed: Sequence[Weights], loss: float) -> tuple[float, float]:
        """By leaving each out in turn: the score that all but so many of those judged rightly reach, and the distance
        to the second from which on 95 of 100 are."""
        every = range(0, len(weighed), max(1, len(weighed) // _LEFT_OUT))
        right: list[float] = []
        apart: list[tuple[float, bool]] = []
        for number in every:
            ranked = self._ranked(self._alike(weighed[number]), without=number)
            if ranked:
                is_right = ranked[0][0] == self._intents[number]
                apart.append((Judgement(ranked, 0.0, 0.0).margin, is_right))
                if is_right:
                    right.append(ranked[0][1])
        if len(right) < _ENOUGH:
            return _START, APART
        return sorted(right)[int(len(right) * loss)], _apart(apart)


def _apart(found: Sequence[tuple[float, bool]]) -> float:
    """The least distance of which so many are right; where none is, the farthest there was."""
    ordered = sorted(found, reverse=True)
    right, least = 0, ordered[0][0]
    for number, (margin, is_right) in enumerate(ordered, 1):
        right += is_right
        if right >= _SURE * number:
            least = margin
    return min(least, APART)


def _together(found: Iterable[float]) -> float:
    nearest = sorted(found, reverse=True)[:_NEAREST]
    return 0.5 * nearest[0] + 0.5 * sum(nearest) / len(nearest)
