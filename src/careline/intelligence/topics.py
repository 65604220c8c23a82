"""What many texts are about: groups with readable names, each text in one or in none.

Vectors are grouped around middles (k-means); a topic is named by the words that stand in it and not in the others, as
in BERTopic's class-based TF-IDF (M. Grootendorst, arXiv 2203.05794). An analyst's names, merged and locked topics,
stay: a locked one keeps name and center and takes what is near before the rest is grouped.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Any, TypeAlias

import numpy as np
from babel.dates import get_day_names, get_month_names

from careline.intelligence import embedding
from careline.intelligence import language as languages
from careline.intelligence.embedding import Vector, Vectors

# Of texts among those given.
Places: TypeAlias = np.ndarray[tuple[int, ...], np.dtype[Any]]

SEED = 7
# A topic of fewer texts is chance; what is farther from every middle is in none.
FEWEST = 3
NEAR = 0.35
SHOWN = 4
# The best of so many: of three one in two fell into a poor grouping of thirty sentences, of ten none of twenty did.
BEGINNINGS = 10
_DATED = ("en", "ar", "id", "ms", "es", "fr", "de", "it", "pt", "nl", "tr", "pl", "sv")
_WORD = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Topic:
    """`members` are places in the texts given, nearest to the middle first; `center` keeps a topic across runs."""

    name: str
    words: tuple[str, ...]
    members: tuple[int, ...]
    center: Vector


def of(
    texts: Sequence[str],
    *,
    most: int | None = None,
    locked: Sequence[Topic] = (),
    language: str | None = "en",
    vectors: Vectors | None = None,
) -> list[Topic]:
    """Largest first. `most` new topics at most, about the root of half the texts when left out."""
    if vectors is None:
        vectors = embedding.encoder_of(language).embed_all(texts)
    near = NEAR if embedding.encoder_of(language).understands else NEAR / 2
    taken = _nearest(vectors, np.stack([one.center for one in locked]), near) if locked else np.full(len(texts), -1)
    groups: list[tuple[Vector, Places]] = [(one.center, np.flatnonzero(taken == n)) for n, one in enumerate(locked)]
    free = np.flatnonzero(taken < 0)
    wanted = most if most is not None else round(math.sqrt(len(free) / 2))
    groups += _grouped(vectors, free, min(wanted, len(free) // FEWEST), near)
    words = _telling([[texts[int(n)] for n in members] for _center, members in groups])
    found = []
    for n, (center, members) in enumerate(groups):
        order = np.argsort(-(vectors[members] @ center), kind="stable")
        topic = Topic(", ".join(words[n]), words[n], tuple(int(members[m]) for m in order), center)
        found.append(replace(topic, name=locked[n].name) if n < len(locked) else topic)
    return sorted(found, key=lambda one: -len(one.members))


def merged(one: Topic, other: Topic, *, name: str) -> Topic:
    """Both under one name, around the middle of all they hold."""
    sizes = max(1, len(one.members)), max(1, len(other.members))
    center = one.center * sizes[0] + other.center * sizes[1]
    words = tuple(dict.fromkeys([*one.words, *other.words]))[:SHOWN]
    return Topic(name, words, one.members + other.members, center / (np.linalg.norm(center) or 1.0))


def _nearest(vectors: Vectors, centers: Vectors, near: float) -> Places:
    likeness = vectors @ centers.T
    return np.where(likeness.max(axis=1) >= near, likeness.argmax(axis=1), -1)


def _grouped(vectors: Vectors, free: Places, wanted: int, near: float) -> list[tuple[Vector, Places]]:
    if wanted < 1:
        return []
    from sklearn.cluster import KMeans
    from threadpoolctl import threadpool_limits

    with threadpool_limits(1):
        found = KMeans(wanted, n_init=BEGINNINGS, random_state=SEED).fit(vectors[free])
    centers = found.cluster_centers_ / np.maximum(np.linalg.norm(found.cluster_centers_, axis=1, keepdims=True), 1e-9)
    place = _nearest(vectors[free], centers.astype(np.float32), near)
    groups = [(centers[n].astype(np.float32), free[place == n]) for n in range(wanted)]
    return [group for group in groups if len(group[1]) >= FEWEST]


@cache
def _dates() -> frozenset[str]:
    """Months and days of the week: when something was names nothing that it is about."""
    return frozenset(
        word.casefold()
        for code in _DATED
        for names in (get_month_names, get_day_names)
        for word in names("wide", locale=code).values()
    )


def _telling(groups: Sequence[Sequence[str]]) -> list[tuple[str, ...]]:
    """For each group the words it has and the others have not, most telling first."""
    small = languages.ENGLISH | languages.OTHERS | _dates()
    counts = [
        Counter(word for text in group for word in set(_WORD.findall(text.casefold())) if word not in small)
        for group in groups
    ]
    whole = sum(counts, Counter[str]())
    mean = sum(whole.values()) / max(1, len(groups))
    named = []
    for count in counts:
        weights = {word: times * math.log(1 + mean / whole[word]) for word, times in count.items()}
        named.append(tuple(sorted(weights, key=lambda word: (-weights[word], word))[:SHOWN]))
    return named
