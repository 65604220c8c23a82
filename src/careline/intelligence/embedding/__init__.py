"""What a text means, as numbers: texts that mean alike point the same way.

English is read by the packaged MiniLM; what it does not speak is compared by its letters, which is weaker and said so
(`encoder_of`). A vector is only ever compared with others of the same `model_id`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

# float32, its length 1; 384 numbers of MiniLM, more or fewer of another encoder.
Vector: TypeAlias = npt.NDArray[np.float32]

MODEL_ID = "minilm-l6-v2-int8/1"
DIMENSIONS = 384


@dataclass(frozen=True, slots=True)
class Encoder:
    """How texts of a language become vectors; `understands` is whether it knows meanings or letters alone."""

    model_id: str
    dimensions: int
    understands: bool
    embed: Callable[[str], Vector]


def embed(text: str) -> Vector:
    """MiniLM's vector of one text, float32[384] of length 1; safe from any thread. Of nothing it is all zeros."""
    raise NotImplementedError


def encoder_of(language: str | None) -> Encoder:
    """The best there is for a language (None: not known); where it does not `understand`, tell the admin."""
    raise NotImplementedError
