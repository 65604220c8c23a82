"""Feelings: how many texts are told right by lexicon, with emotions, and after some of one's own labels."""

from __future__ import annotations

import random
from collections.abc import Sequence

import numpy as np

from careline.intelligence.evaluating.sets import SEED, Labeled, Unfit
from careline.intelligence.sentiment import feeling, lexicon

CLASSES = ("positive", "negative", "neutral")
LABELS = 100
DRAWS = 5


def sentiment(
    train: Sequence[Labeled], test: Sequence[Labeled], *, labels: int = LABELS, draws: int = DRAWS, seed: int = SEED
) -> dict[str, float]:
    """Fractions right: `calibrated` is the mean of so many draws of so many labels from `train`, `lowest` the worst.

    Where only two classes are labeled, a side is chosen for every text.
    """
    if strange := {label for _text, label in [*train, *test]} - set(CLASSES):
        raise Unfit(f"Labels must be {', '.join(CLASSES)}; there is {sorted(strange)[0]!r}.")
    two_sided = "neutral" not in {label for _text, label in [*train, *test]}
    right = np.array([label for _text, label in test])
    features, _chances = feeling.features_of([text for text, _label in test])
    scores = np.array([lexicon.analyzer().polarity_scores(text)["compound"] for text, _label in test])
    plain = np.array([feeling.plain(row) for row in features])
    found = {
        "lexicon": float((_sides(scores, lexicon.SAID, two_sided) == right).mean()),
        "accuracy": float((_sides(plain, feeling.LEANS, two_sided) == right).mean()),
    }
    shares = []
    for draw in range(draws):
        drawn = random.Random(seed + draw).sample(list(train), min(labels, len(train)))  # noqa: S311 - a draw, no secret
        calibration = feeling.calibrate(drawn)  # type: ignore[arg-type]
        if calibration is not None:
            shares.append(float((np.array(feeling.labels_of(features, calibration)) == right).mean()))
    if shares:
        found |= {"calibrated": float(np.mean(shares)), "lowest": min(shares)}
    return found


def _sides(
    scores: np.ndarray[tuple[int, ...], np.dtype[np.float64]], bound: float, two_sided: bool
) -> np.ndarray[tuple[int, ...], np.dtype[np.str_]]:
    sides = np.where(scores > 0, "positive", "negative")
    return sides if two_sided else np.where(np.abs(scores) < bound, "neutral", sides)
