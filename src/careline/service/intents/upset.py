"""Whether somebody is upset: plain words for it in the languages of the house's bots, and a lexicon for English."""

from __future__ import annotations

from careline.intelligence import sentiment
from careline.service.intents import wishes

# Beyond this a text is angry in any reading; polite complaints are not found, and are handed over for other reasons.
BOUND = -0.6
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
