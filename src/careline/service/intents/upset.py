"""Whether somebody is upset: plain words for it in the languages of the house's bots, and a lexicon for English."""

from __future__ import annotations

import re
from collections.abc import Sequence

from careline.intelligence import sentiment
from careline.service.intents import wishes

# Beyond this a text is angry in any reading; polite complaints are not found, and are handed over for other reasons.
BOUND = -0.6
# Two in a row at or below this, so much below what came before, are a turn. Of 2,903 talks of the MultiDoGO set, which
# nobody left upset, 10 turn by these; of Amazon's bad reviews every third sentence is as low, so most turns are missed.
SOUR, FALL = -0.25, 0.35
# Answers to a question and small regrets, which the lexicon weighs as feelings.
_ANSWERS = re.compile(r"\b(no|nope|sorry|lost|lose)\b", re.IGNORECASE)
_SAID = (
    "this is ridiculous", "this is useless", "you are useless", "stupid bot", "not helping", "not helpful", "fed up",
    "waste of time", "unacceptable", "worst service", "tidak membantu", "mengecewakan", "kecewa", "payah", "bodoh",
    "konyol", "buang waktu", "غير مقبول", "سيء جدا", "غبي", "لا فائدة", "اسوا خدمة",
)  # fmt: skip
_FOLDED = tuple(" ".join(wishes.plain(one)) for one in _SAID)


def is_upset(text: str) -> bool:
    said = f" {' '.join(wishes.plain(text[:1_000]))} "
    if any(f" {one} " in said for one in _FOLDED):
        return True
    weighed = sentiment.weigh(text)
    return weighed is not None and weighed.score <= BOUND


def has_turned(said: Sequence[str]) -> bool:
    """Of what somebody said, the oldest first: whether the last two are sour, and what came before was better."""
    scores = [_score(one) for one in said]
    last, before = scores[-2:], [one for one in scores[:-2] if one is not None]
    if len(last) < 2 or not all(one is not None and one <= SOUR for one in last):
        return False
    return not before or _mean(before) - _mean([one for one in last if one is not None]) >= FALL


def is_sour(text: str) -> bool:
    score = _score(text)
    return score is not None and score <= SOUR


def _score(text: str) -> float | None:
    weighed = sentiment.weigh(_ANSWERS.sub(" ", text))
    return None if weighed is None else weighed.score


def _mean(scores: Sequence[float]) -> float:
    return sum(scores) / len(scores)
