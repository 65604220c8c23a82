"""Learns intents from phrasings: regularized logistic regression on vectors, the intents' own names among them."""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, TypeAlias

import numpy as np

from careline.intelligence import embedding
from careline.intelligence.embedding import Vector, Vectors
from careline.intelligence.intents.heads import Head

Flags: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[np.bool_]]

# Chosen on Banking77 and CLINC150, kept aside parts unseen: 3 to 30 differ by less than a point.
STRENGTH = 10.0
ENOUGH = 1e-3
ROUNDS = 100
SEED = 7
# Of its own phrasings a house may lose one in twenty to "I did not understand".
LOSS = 0.05
FOLDS = 5
# Until a house has so many phrasings, its threshold is one that suited others.
FEW = 30
START = 0.76
# That value counts as much as so many phrasings: of few the lowest twentieth says little. Of what houses of 6 intents
# with 8 phrasings (12 drawn from CLINC150) do not know, 2.4 instead of 4.2 % are taken for known, for 90 instead of
# 94 % of what they do.
PRIOR = 200
_JOINTS = re.compile(r"[_\-.\s]+|(?<=[a-z])(?=[A-Z])")


class HeldOut(NamedTuple):
    """Each phrasing as one judges it who learned from the others: how known it is, and whether rightly."""

    scores: Vector
    right: Flags


def fit(
    phrasings: Sequence[tuple[str, str]],
    *,
    language: str | None = "en",
    loss: float = LOSS,
    folds: int = FOLDS,
    vectors: Vectors | None = None,
) -> Head:
    """Learn from (intent, text); `vectors` are those of the texts, where they are stored.

    `loss` is the share of its own phrasings the threshold may refuse, found by `folds`-fold; with 0 folds, or few
    phrasings, the threshold is a start value. ValueError with fewer than two intents.
    """
    return fit_measured(phrasings, language=language, loss=loss, folds=folds, vectors=vectors)[0]


def fit_measured(
    phrasings: Sequence[tuple[str, str]],
    *,
    language: str | None = "en",
    loss: float = LOSS,
    folds: int = FOLDS,
    vectors: Vectors | None = None,
) -> tuple[Head, HeldOut | None]:
    """As `fit`, and what the threshold was found by; None where there were too few."""
    encoder = embedding.encoder_of(language)
    labels = [intent for intent, _text in phrasings]
    intents = sorted(set(labels))
    if len(intents) < 2:
        raise ValueError("Two intents are the least that can be told apart.")
    read = encoder.embed_all([text for _intent, text in phrasings]) if vectors is None else vectors
    if len(read) != len(labels):
        raise ValueError("Each phrasing has one vector.")
    names = encoder.embed_all([spoken(intent) for intent in intents])
    whole = _learn(read, labels, names, intents, encoder.model_id, language, START)
    if folds < 2 or len(labels) < FEW:
        return whole, None
    held_out = _held_out(read, labels, names, whole, folds)
    own, count = float(np.quantile(held_out.scores, loss)), len(labels)
    threshold = round((count * own + PRIOR * START) / (count + PRIOR), 4)
    return Head(
        whole.intents, whole.weights, whole.bias, whole.phrasings, threshold, whole.model_id, language
    ), held_out


def spoken(intent: str) -> str:
    return _JOINTS.sub(" ", intent).strip()


def _learn(
    read: Vectors,
    labels: Sequence[str],
    names: Vectors,
    intents: Sequence[str],
    model_id: str,
    language: str | None,
    threshold: float,
) -> Head:
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    places = {intent: n for n, intent in enumerate(intents)}
    known = np.concatenate([read, names])
    numbers = np.array([*(places[label] for label in labels), *range(len(intents))])
    # On one core: threads that wait for one another on a busy machine take longer than one that works.
    with threadpool_limits(1):
        found = LogisticRegression(C=STRENGTH, tol=ENOUGH, max_iter=ROUNDS).fit(known, numbers)
    weights, bias = found.coef_.astype(np.float32), found.intercept_.astype(np.float32)
    if len(intents) == 2:  # of two it says only how far it is the second
        weights, bias = np.concatenate([-weights, weights]) / 2, np.concatenate([-bias, bias]) / 2
    return Head(tuple(intents), weights, bias, read, threshold, model_id, language)


def _held_out(read: Vectors, labels: Sequence[str], names: Vectors, whole: Head, folds: int) -> HeldOut:
    fold_of = _folds(labels, folds)
    scores, right = np.zeros(len(labels), dtype=np.float32), np.zeros(len(labels), dtype=np.bool_)
    for fold in range(folds):
        kept, out = np.flatnonzero(fold_of != fold).tolist(), np.flatnonzero(fold_of == fold).tolist()
        of_kept = [labels[n] for n in kept]
        head = _learn(read[kept], of_kept, names, whole.intents, whole.model_id, whole.language, 0.0)
        first, scores[out] = head.scores(read[out])
        right[out] = [intent == labels[n] for intent, n in zip(first, out, strict=True)]
    return HeldOut(scores, right)


def _folds(labels: Sequence[str], folds: int) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Each intent dealt out evenly, the same each time."""
    chance = random.Random(SEED)  # noqa: S311 - a deal, no secret
    places: dict[str, list[int]] = defaultdict(list)
    for n, label in enumerate(labels):
        places[label].append(n)
    dealt, turn = np.zeros(len(labels), dtype=np.int64), 0
    for label in sorted(places):
        chance.shuffle(places[label])
        for n in places[label]:
            dealt[n], turn = turn % folds, turn + 1
    return dealt
