"""What lexicon and emotion head say together; and with about a hundred labels of a company's own, what it means there.

Unlabeled, both are weak on complaints that state facts politely. Their order is better than their thresholds, so labels
(a low CSAT, a conversation opened again, an agent's thumb) move the thresholds first and the words a little.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

import msgspec
import numpy as np

from careline.intelligence import embedding
from careline.intelligence import language as languages
from careline.intelligence.embedding import Vector, Vectors
from careline.intelligence.sentiment import emotions, lexicon

Label = Literal["positive", "negative", "neutral", "mixed", "unknown"]
VERSION = f"{lexicon.VERSION}+emotions-1"
# Fewer labels teach nothing that could be told from chance.
ENOUGH = 30
# Nearer to nothing, or than the second bound where no emotion shows, it is neither; a part of a text beyond the second
# bound and another beyond its other side: mixed.
LEANS, STRONG = 0.15, 0.35
# How much a text's meaning counts beside the two scores, and how little a label may say of it.
MEANING, STRENGTH = 1.0, 1.0
_PARTS = re.compile(r"(?<=[.!?])\s+|\n+|,?\s+\bbut\b\s+", re.IGNORECASE)


class Feeling(msgspec.Struct, frozen=True):
    """`score` from -1 to 1, None where the language is not known; `words` are those that carried it, with weights."""

    label: Label
    score: float | None
    words: tuple[tuple[str, float], ...] = ()
    # The likeliest of joy, anger, disgust, fear, sadness, surprise, neutral.
    emotion: str | None = None
    calibrated: bool = False
    by: str = VERSION


class Calibration(msgspec.Struct, frozen=True):
    """What a company's own labels say about our scores, for a row of JSON: for each class a bias and its weights."""

    classes: tuple[Literal["positive", "negative", "neutral"], ...]
    weights: tuple[tuple[float, ...], ...]
    labels: int
    by: str = VERSION


UNKNOWN = Feeling("unknown", None)


def of(text: str, calibration: Calibration | None = None) -> Feeling:
    """How a text feels; "unknown" is another language or no words, "mixed" is both at once."""
    text = text[: lexicon.LONGEST]
    if not languages.is_english(text, known=lexicon.analyzer().lexicon):
        return UNKNOWN
    features, chances = features_of([text])
    emotion = emotions.head().names[int(chances[0].argmax())]
    if calibration is not None and calibration.by == VERSION:
        score, label = _calibrated(features[0], calibration)
    else:
        calibration = None
        score = plain(features[0])
        least = STRONG if emotion == "neutral" else LEANS
        label = "neutral" if abs(score) < least else "positive" if score > 0 else "negative"
    if _is_mixed(text):
        label = "mixed"
    return Feeling(label, round(score, 3), lexicon.carrying(text), emotion, calibration is not None)


def calibrate(labeled: Sequence[tuple[str, Literal["positive", "negative", "neutral"]]]) -> Calibration | None:
    """From about a hundred (text, label) of the company's own; None from fewer than thirty or of one kind alone."""
    labels = [label for _text, label in labeled]
    if len(labels) < ENOUGH or len(set(labels)) < 2:
        return None
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    features, _chances = features_of([text for text, _label in labeled])
    with threadpool_limits(1):
        found = LogisticRegression(C=STRENGTH, max_iter=300).fit(features, labels)
    rows = np.concatenate([found.intercept_[:, None], found.coef_], axis=1)
    if len(rows) == 1:
        rows = np.concatenate([-rows, rows]) / 2
    weights = tuple(tuple(round(float(one), 4) for one in row) for row in rows)
    return Calibration(tuple(map(str, found.classes_)), weights, len(labels))  # type: ignore[arg-type]


def features_of(texts: Sequence[str]) -> tuple[Vectors, Vectors]:
    """The two scores and the meaning of each text; and the chances of the emotions."""
    read = embedding.encoder_of("en").embed_all(texts)
    compounds = [lexicon.analyzer().polarity_scores(text[: lexicon.LONGEST])["compound"] for text in texts]
    head = emotions.head()
    chances = head.chances(read)
    scores = np.stack([np.array(compounds, dtype=np.float32) * 2, head.leaning(chances) / 2], axis=1)
    return np.concatenate([scores, read * MEANING], axis=1), chances


def plain(features: Vector) -> float:
    """Half of each: from -1 to 1 as the lexicon gives it, and the other squeezed into the same."""
    return float(features[0] / 2 + np.tanh(features[1])) / 2


def labels_of(features: Vectors, calibration: Calibration) -> list[Label]:
    return [_calibrated(row, calibration)[1] for row in features]


def _calibrated(features: Vector, calibration: Calibration) -> tuple[float, Label]:
    rows = np.array(calibration.weights, dtype=np.float32)
    raw = rows[:, 1:] @ features + rows[:, 0]
    chances = np.exp(raw - raw.max())
    shares = dict(zip(calibration.classes, (chances / chances.sum()).tolist(), strict=True))
    label: Label = max(shares, key=lambda one: shares[one])
    return shares.get("positive", 0.0) - shares.get("negative", 0.0), label


def _is_mixed(text: str) -> bool:
    scores = [lexicon.analyzer().polarity_scores(part)["compound"] for part in _PARTS.split(text) if part.strip()]
    return bool(scores) and max(scores) >= STRONG and min(scores) <= -STRONG
