"""`python -m tools.multilingual`: the middle of multilingual-e5-small, written into the package.

Its vectors lie in a narrow cone: two sentences about nothing alike still have a cosine of 0.75. Taken from the middle
of many sentences they spread, and bounds found for the other model hold roughly. The sentences are our own, in the
three languages they are written in; which ones they are hardly moves their middle.
"""

from __future__ import annotations

import random
import re
import sys
from pathlib import Path

import numpy as np
from babel.messages.pofile import read_po

from careline.intelligence.embedding import multilingual

ROOT = Path(__file__).parents[1] / "src" / "careline"
SENTENCES = 400
SEED = 7
_PLAIN = re.compile(r"^[^%<>{}]{20,160}$")


def sentences(language: str) -> list[str]:
    """Some of what the screens say, in English or as it was translated."""
    there = "id" if language == "en" else language
    with (ROOT / "web" / "locale" / there / "LC_MESSAGES" / "django.po").open("rb") as file:
        said = [one.id if language == "en" else one.string for one in read_po(file, locale=there)]
    whole = sorted(one for one in said if isinstance(one, str) and _PLAIN.match(one))
    return random.Random(SEED).sample(whole, SENTENCES)


def main() -> int:
    means = [np.mean([multilingual.raw(one) for one in sentences(language)], axis=0) for language in ("en", "id", "ar")]
    np.save(multilingual.MIDDLE, np.mean(means, axis=0).astype(np.float32))
    print(f"{multilingual.MIDDLE.name}: {multilingual.MIDDLE.stat().st_size} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
