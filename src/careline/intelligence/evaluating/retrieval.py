"""Finding: an entry for each label, known by its name and some of its texts; is it among the first for another text?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from careline.intelligence.embedding import Vectors, encoder_of
from careline.intelligence.evaluating.rivals import Bm25
from careline.intelligence.evaluating.sets import SEED, Labeled, few
from careline.intelligence.intents.learning import spoken
from careline.intelligence.ranking import fused

PHRASINGS = 10


def retrieval(
    train: Sequence[Labeled], test: Sequence[Labeled], *, phrasings: int = PHRASINGS, language: str = "en",
    seed: int = SEED,
) -> dict[str, float]:  # fmt: skip
    """Fractions found first and among the first three, and the mean of one by the place, of texts whose label is known;
    beside BM25 and meaning alone."""
    encoder = encoder_of(language)
    entries = few(train, phrasings, seed)
    labels = sorted({label for _text, label in entries})
    entries += [(spoken(label), label) for label in labels]
    asked = [row for row in test if row[1] in set(labels)]
    meant = (
        encoder.embed_all([text for text, _label in asked]) @ encoder.embed_all([text for text, _label in entries]).T
    )
    words = Bm25([text for text, _label in entries])
    of_label = np.array([labels.index(label) for _text, label in entries])
    places: dict[str, list[int]] = {"": [], "bm25_": [], "dense_": []}
    for n, (text, label) in enumerate(asked):
        right = labels.index(label)
        lexical, dense = _best(words.scores(text), of_label, len(labels)), _best(meant[n], of_label, len(labels))
        ranked = [one for one, _score in fused(dict(enumerate(lexical.tolist())), dict(enumerate(dense.tolist())))]
        places[""].append(ranked.index(right))
        places["dense_"].append(int((dense > dense[right]).sum()))
        # Of those that score alike, as many stand before it as behind.
        ties = int((lexical == lexical[right]).sum()) - 1
        places["bm25_"].append(int((lexical > lexical[right]).sum()) + ties // 2)
    found = {}
    for rival, those in places.items():
        place = np.array(those)
        found[f"{rival}r_at_1"] = float((place < 1).mean())
        found[f"{rival}r_at_3"] = float((place < 3).mean())
        found[f"{rival}mrr"] = float((1 / (place + 1)).mean())
    return found


def _best(scores: Vectors, of_label: np.ndarray[tuple[int, ...], np.dtype[np.int64]], count: int) -> Vectors:
    best = np.full(count, -1.0, dtype=np.float32)
    np.maximum.at(best, of_label, scores)
    return best
