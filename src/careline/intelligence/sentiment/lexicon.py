"""How words feel by a lexicon: quick, explainable and weak, above all on complaints that state facts politely.

VADER (C. Hutto and E. Gilbert, ICWSM 2014; the package vaderSentiment, under the MIT license): 7,500 English words and
signs rated by people, with rules for "not", "very", capitals and "but". Of true complaints it finds less than half, so
whoever shows what it says, says that it comes from the words.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import msgspec

from careline.intelligence import language

# With each finding, since another version may say something else.
VERSION = "vader-3.3.2"
# The bound its authors give: nearer to nothing, the words say nothing.
SAID = 0.05
LONGEST = 4000


class Weighed(msgspec.Struct, frozen=True):
    """From -1 to 1; only what speaks at all is weighed."""

    score: float
    by: str = VERSION


@cache
def analyzer() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def weigh(text: str) -> Weighed | None:
    """Nothing for a language it does not know and where no word has a weight: both are unknown, not neutral."""
    text = text[:LONGEST]
    if not language.is_english(text, known=analyzer().lexicon):
        return None
    score = float(analyzer().polarity_scores(text)["compound"])
    return Weighed(round(score, 3)) if abs(score) >= SAID else None


_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
NEGATED = 3


def carrying(text: str, most: int = 5) -> tuple[tuple[str, float], ...]:
    """The words that weigh most, as they were written, from -4 to 4; one after "not" weighs the other way."""
    found: dict[str, float] = {}
    words = _WORD.findall(text[:LONGEST])
    known = analyzer().lexicon
    for n, word in enumerate(words):
        if weight := known.get(word.casefold()):
            before = " ".join(words[max(0, n - NEGATED) : n]).casefold()
            turned = re.search(r"\b(?:not|no|never|without|hardly|nothing|\w+n['’]t)\b", before)
            found.setdefault(word, round(-weight * 0.74 if turned else weight, 2))
    return tuple(sorted(found.items(), key=lambda one: -abs(one[1]))[:most])
