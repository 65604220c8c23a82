"""Phrasings so alike that one is idle or, under two intents, each spoils the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from careline.intelligence import embedding
from careline.intelligence.embedding import Vectors

# Alike as "Where can I withdraw money from?" with and without a line break before it.
SAME = 0.97
# Across intents less is worrying already.
CLASH = 0.9
MOST = 200


@dataclass(frozen=True, slots=True)
class Pair:
    """Two phrasings as (intent, text) and their cosine."""

    one: tuple[str, str]
    other: tuple[str, str]
    likeness: float


def clashes(
    phrasings: Sequence[tuple[str, str]],
    *,
    language: str | None = "en",
    least: float = CLASH,
    vectors: Vectors | None = None,
) -> list[Pair]:
    """Phrasings of different intents that say nearly the same, nearest first, at most 200."""
    return _pairs(phrasings, language, least, vectors, within=False)


def duplicates(
    phrasings: Sequence[tuple[str, str]],
    *,
    language: str | None = "en",
    least: float = SAME,
    vectors: Vectors | None = None,
) -> list[Pair]:
    """Phrasings of one intent that say the same, nearest first, at most 200."""
    return _pairs(phrasings, language, least, vectors, within=True)


def _pairs(
    phrasings: Sequence[tuple[str, str]], language: str | None, least: float, vectors: Vectors | None, *, within: bool
) -> list[Pair]:
    if vectors is None:
        vectors = embedding.encoder_of(language).embed_all([text for _intent, text in phrasings])
    names = [intent for intent, _text in phrasings]
    intents = np.unique(names, return_inverse=True)[1]
    found: list[tuple[float, int, int]] = []
    for at in range(0, len(phrasings), 512):
        # Each against those after it, so that a pair is found once.
        likeness = vectors[at : at + 512] @ vectors[at:].T
        same = intents[at : at + 512, None] == intents[None, at:]
        rows, columns = np.nonzero(np.triu(likeness >= least, k=1) & (same == within))
        found += zip(likeness[rows, columns].tolist(), (rows + at).tolist(), (columns + at).tolist(), strict=True)
    found.sort(key=lambda one: (-one[0], one[1], one[2]))
    return [Pair(phrasings[n], phrasings[m], round(likeness, 3)) for likeness, n, m in found[:MOST]]
