"""Texts compared by their letters: what is left where nobody taught a machine the language.

Words and runs of three to five letters within them, each at a place its checksum gives, as in feature hashing
(K. Weinberger et al., ICML 2009). Two texts are alike as far as they are written alike; synonyms are strangers.
"""

from __future__ import annotations

import math
import re
import unicodedata
import zlib
from collections import Counter
from collections.abc import Iterator

import numpy as np

MODEL_ID = "letters/1"
DIMENSIONS = 1024
LONGEST = 4000
_WORD = re.compile(r"\w+")


def read(text: str) -> np.ndarray[tuple[int, ...], np.dtype[np.float32]]:
    vector = np.zeros(DIMENSIONS, dtype=np.float32)
    for piece, times in Counter(_pieces(unicodedata.normalize("NFKC", text[:LONGEST]).casefold())).items():
        place = zlib.crc32(piece.encode())
        # The sign lets pieces that share a place cancel out rather than add up.
        vector[place % DIMENSIONS] += (1 + math.log(times)) * (1 if place >> 31 else -1)
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


def _pieces(text: str) -> Iterator[str]:
    for word in _WORD.findall(text):
        edged = f" {word} "
        yield edged
        for size in (3, 4, 5):
            yield from (edged[at : at + size] for at in range(len(edged) - size + 1))
