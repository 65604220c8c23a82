"""Two ways of finding, made one: by words, which knows numbers and names, and by meaning, which knows the rest."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)

# Measured (docs/intelligence.md): meaning leads; ranks alone, without their scores, found less.
DENSE = 0.8


def fused(lexical: Mapping[Key, float], dense: Mapping[Key, float], weight: float = DENSE) -> list[tuple[Key, float]]:
    """Best first, from 0 to 1; `weight` is that of meaning. What one of the two did not find has nothing from it.

    A lexical score is at least 0 and counts as a share of the best; a dense one counts from the worst to the best.
    """
    by_words = _shares(lexical, floor=0.0)
    by_meaning = _shares(dense, floor=min(dense.values(), default=0.0))
    keys = dict.fromkeys([*dense, *lexical])
    scored = [(key, weight * by_meaning.get(key, 0.0) + (1 - weight) * by_words.get(key, 0.0)) for key in keys]
    return sorted(scored, key=lambda one: -one[1])


def _shares(scores: Mapping[Key, float], *, floor: float) -> dict[Key, float]:
    span = max(scores.values(), default=0.0) - floor
    if span <= 0:
        return dict.fromkeys(scores, 1.0 if scores and max(scores.values()) > 0 else 0.0)
    return {key: (score - floor) / span for key, score in scores.items()}
