"""Intents: how many are understood, at the threshold the phrasings themselves give, and how much foreign is refused."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from careline.intelligence import intents
from careline.intelligence.embedding import encoder_of
from careline.intelligence.evaluating.sets import Labeled


def intent(
    train: Sequence[Labeled],
    test: Sequence[Labeled],
    *,
    out_of_scope: str | None = None,
    language: str = "en",
    folds: int = intents.learning.FOLDS,
) -> dict[str, float]:
    """Fractions. `accuracy`: of the texts in scope, understood if nothing were refused; `in_scope_accuracy`: understood
    and not refused; `out_of_scope_recall`: of those out of scope, refused; `refused`: of those in scope."""
    encoder = encoder_of(language)
    taught = [(label, text) for text, label in train if label != out_of_scope]
    head = intents.fit(taught, language=language, folds=folds)
    labels = np.array([label for _text, label in test])
    names, scores = head.scores(encoder.embed_all([text for text, _label in test]))
    inside = labels != out_of_scope if out_of_scope else np.ones(len(labels), dtype=bool)
    right, known = np.array(names) == labels, scores >= head.threshold
    found = {
        "accuracy": _share(right[inside]),
        "in_scope_accuracy": _share((right & known)[inside]),
        "out_of_scope_recall": _share(~known[~inside]),
        "refused": _share(~known[inside]),
        "threshold": head.threshold,
    }
    return {key: value for key, value in found.items() if value is not None}


def _share(those: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> float | None:
    return float(those.mean()) if len(those) else None
