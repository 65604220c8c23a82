"""What the same texts give without meaning: words and letters counted, as one would do without a model."""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from careline.intelligence.embedding import Vectors
from careline.intelligence.evaluating.sets import Labeled

_WORD = re.compile(r"\w+")
# As its authors recommend (S. Robertson and H. Zaragoza, 2009).
K1, B = 1.2, 0.75


def counted_words(train: Sequence[Labeled], test: Sequence[Labeled]) -> float:
    """Accuracy of a linear SVM on TF-IDF of words, pairs of words and letters."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.pipeline import make_pipeline, make_union
    from sklearn.svm import LinearSVC
    from threadpoolctl import threadpool_limits

    words = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 4), sublinear_tf=True, min_df=2)
    with threadpool_limits(1):
        made = make_pipeline(make_union(words, letters), LinearSVC())
        found = made.fit([text for text, _label in train], [label for _text, label in train])
        said = found.predict([text for text, _label in test])
    return float(np.mean([one == label for one, (_text, label) in zip(said, test, strict=True)]))


class Bm25:
    """Scores of texts by the words they share with a question."""

    def __init__(self, texts: Sequence[str]) -> None:
        counts = [Counter(_words(text)) for text in texts]
        sizes = np.array([sum(count.values()) for count in counts], dtype=np.float32)
        share = K1 * (1 - B + B * sizes / max(1.0, float(sizes.mean())))
        self._count = len(texts)
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        for n, count in enumerate(counts):
            for word, times in count.items():
                postings[word].append((n, times * (K1 + 1) / (times + float(share[n]))))
        self._postings = {
            word: (np.array([n for n, _w in found]), np.array([w for _n, w in found], dtype=np.float32)
                   * math.log(1 + (self._count - len(found) + 0.5) / (len(found) + 0.5)))
            for word, found in postings.items()
        }  # fmt: skip

    def scores(self, question: str) -> Vectors:
        found = np.zeros(self._count, dtype=np.float32)
        for word in set(_words(question)):
            if word in self._postings:
                places, weights = self._postings[word]
                found[places] += weights
        return found


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())
