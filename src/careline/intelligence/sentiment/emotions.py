"""Which emotion a text shows: seven, learned from GoEmotions (docs/intelligence.md) by `python -m tools.emotions`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np

from careline.intelligence.embedding import MODEL_ID, Vector, Vectors

NEGATIVE = ("anger", "disgust", "fear", "sadness")
LEAST = 1e-3


@dataclass(frozen=True)
class Emotions:
    """`weights` float32[emotions, 384]; the vectors are MiniLM's."""

    names: tuple[str, ...]
    weights: Vectors
    bias: Vector

    def chances(self, vectors: Vectors) -> Vectors:
        raw = vectors @ self.weights.T + self.bias
        raised = np.exp(raw - raw.max(axis=1, keepdims=True))
        chances: Vectors = raised / raised.sum(axis=1, keepdims=True)
        return chances

    def leaning(self, chances: Vectors) -> Vector:
        """From about -7 to 7: how much likelier joy is than what hurts."""
        joy = chances[:, self.names.index("joy")]
        hurt = chances[:, [self.names.index(name) for name in NEGATIVE]].sum(axis=1)
        leaning: Vector = np.log(joy + LEAST) - np.log(hurt + LEAST)
        return leaning


@cache
def head() -> Emotions:
    with as_file(files("careline.intelligence.sentiment") / "emotions.npz") as path, np.load(path) as stored:
        if str(stored["model_id"]) != MODEL_ID:
            raise RuntimeError("The emotion head was learned from another encoder: python -m tools.emotions")
        return Emotions(tuple(map(str, stored["names"])), stored["weights"], stored["bias"])
