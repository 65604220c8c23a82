"""What a text means, as numbers: texts that mean alike point the same way.

English is read by the packaged MiniLM; other languages by the model of the extra `multilingual`, or else they are
compared by their letters, which is weaker and said so (`encoder_of`). A vector is only ever compared with others of
the same `model_id`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from careline.intelligence.embedding import letters, multilingual
from careline.intelligence.embedding.reading import Reader

# float32, its length 1; 384 numbers of MiniLM, more or fewer of another encoder.
Vector: TypeAlias = npt.NDArray[np.float32]
# One vector a row.
Vectors: TypeAlias = npt.NDArray[np.float32]

MODEL_ID = "minilm-l6-v2-int8/1"
DIMENSIONS = 384
# What MiniLM was taught; of eleven other languages it found the right one of six sentences in 38 of 100 cases.
LANGUAGES = frozenset({"en"})
AT_ONCE = 4

_reader = Reader()


@dataclass(frozen=True, slots=True)
class Encoder:
    """How texts of a language become vectors; `understands` is whether it knows meanings or letters alone."""

    model_id: str
    dimensions: int
    understands: bool
    embed: Callable[[str], Vector]

    def embed_all(self, texts: Sequence[str]) -> Vectors:
        """One row a text, each read alone, on as many cores as there are, at most four."""
        if not texts:
            return np.zeros((0, self.dimensions), dtype=np.float32)
        with ThreadPoolExecutor(min(AT_ONCE, os.cpu_count() or 1)) as pool:
            return np.stack(list(pool.map(self.embed, texts)))


def embed(text: str) -> Vector:
    """MiniLM's vector of one text, float32[384] of length 1; safe from any thread. Of nothing it is all zeros."""
    return _reader.read(text) if text.strip() else np.zeros(DIMENSIONS, dtype=np.float32)


_MINILM = Encoder(MODEL_ID, DIMENSIONS, True, embed)
_LETTERS = Encoder(letters.MODEL_ID, letters.DIMENSIONS, False, letters.read)
_MULTILINGUAL = Encoder(multilingual.MODEL_ID, multilingual.DIMENSIONS, True, multilingual.read)
_ENCODERS = {one.model_id: one for one in (_MINILM, _LETTERS)}


def encoder_of(language: str | None) -> Encoder:
    """The best there is for a language (None: not known); where it does not `understand`, tell the admin."""
    if language in LANGUAGES:
        return _MINILM
    return _MULTILINGUAL if multilingual.speaks(language) else _LETTERS


def encoder_named(model_id: str) -> Encoder:
    """The one that made a stored vector; KeyError where this version has it no more and the text is to be read anew."""
    if model_id == multilingual.MODEL_ID and multilingual.is_there():
        return _MULTILINGUAL
    return _ENCODERS[model_id]
