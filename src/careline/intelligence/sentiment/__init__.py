"""How words feel by a lexicon: quick, explainable and weak, above all on complaints that state facts politely.

VADER (C. Hutto and E. Gilbert, ICWSM 2014; the package vaderSentiment, under the MIT license): 7,500 English words and
signs rated by people, with rules for "not", "very", capitals and "but". Of true complaints it finds less than half, so
whoever shows what it says, says that it comes from the words.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Literal

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
def _analyzer() -> Any:
    from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer

    return SentimentIntensityAnalyzer()


def weigh(text: str) -> Weighed | None:
    """Nothing for a language it does not know and where no word has a weight: both are unknown, not neutral."""
    text = text[:LONGEST]
    analyzer = _analyzer()
    if not language.is_english(text, known=analyzer.lexicon):
        return None
    score = float(analyzer.polarity_scores(text)["compound"])
    return Weighed(round(score, 3)) if abs(score) >= SAID else None


Label = Literal["positive", "negative", "neutral", "mixed", "unknown"]


class Feeling(msgspec.Struct, frozen=True):
    """`score` from -1 to 1, None where the language is not known; `words` are those that carried it, with weights."""

    label: Label
    score: float | None
    words: tuple[tuple[str, float], ...] = ()
    calibrated: bool = False
    by: str = VERSION


class Calibration(msgspec.Struct, frozen=True):
    """What a company's own labels say about our scores; small enough for a row of JSON."""

    weights: tuple[float, ...]
    labels: int


def of(text: str, calibration: Calibration | None = None) -> Feeling:
    """How a text feels; "unknown" is another language or nothing said, "mixed" is both."""
    raise NotImplementedError


def calibrate(labelled: Sequence[tuple[str, Literal["positive", "negative", "neutral"]]]) -> Calibration | None:
    """From about a hundred labels of the company's own (text, label); None from fewer than thirty."""
    raise NotImplementedError
