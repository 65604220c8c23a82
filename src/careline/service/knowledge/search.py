"""One search for readers, agents and machines: by words, and where meanings are understood by both."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Literal

import msgspec

from careline.accounts.actor import Actor
from careline.intelligence import ranking
from careline.kit import text
from careline.service.knowledge import counting, hot, meaning
from careline.service.knowledge.readers import audiences

By = Literal["words", "meaning"]
# Measured over questions of two public sets: docs/knowledge.md.
DENSE = 0.8
LONGEST = 300
# As many are looked at by each of the two.
LOOKED_AT = 50
# What no lexeme holds, or PostgreSQL cannot.
_UNREADABLE = re.compile(r"[\0\\\\\ud800-\udfff]")
_WORD = re.compile(r"[\w'’-]+")
# What is proposed unasked is nearer than this, or holds so much of what was written.
NEAR, COVERED = 0.45, 0.34


class Hit(msgspec.Struct, frozen=True):
    """`near` is the cosine of its nearest passage, where meanings are understood, and `passage` its number; `covered`
    the part of the words asked for that it holds."""

    card: hot.Card
    score: float
    near: float | None = None
    covered: float = 0.0
    passage: int | None = None


class Found(msgspec.Struct, frozen=True):
    hits: list[Hit]
    # By words alone where the language's meanings are not understood here; whoever shows it says so to the house.
    by: By


def search(actor: Actor, words: str, language: str, *, limit: int = 10, place: str = "") -> Found:
    """The best first. With a `place` it is counted for the report of gaps, without it nobody learns of it."""
    asked = " ".join(_UNREADABLE.sub(" ", words).split())[:LONGEST]
    if not asked:
        return Found([], "words")
    may = audiences(actor)
    by_words = {one.id: one for one in _by_words(asked, language, may)}
    near = meaning.nearest(asked, language, may, LOOKED_AT)
    if near is None:
        best = max((one.score for one in by_words.values()), default=0.0) or 1.0
        hits = [Hit(one, one.score / best, None, one.covered) for one in by_words.values()][:limit]
    else:
        hits = _fused(by_words, near, may, limit)
    if place:
        counting.count(asked, language, place, sum(_is_good(one) for one in hits))
    return Found(hits, "words" if near is None else "meaning")


def suggested(actor: Actor, words: str, language: str, *, limit: int = 3, place: str = "") -> list[Hit]:
    """What probably answers it: nothing rather than something that is merely near."""
    found = search(actor, words, language, limit=limit * 2, place=place)
    return [one for one in found.hits if _is_good(one)][:limit]


def _is_good(hit: Hit) -> bool:
    return hit.covered >= COVERED or (hit.near is not None and hit.near >= NEAR)


def _by_words(asked: str, language: str, may: Sequence[str]) -> list[hot.Scored]:
    written = _WORD.findall(text.fold(asked))
    return hot.FOUND.all(
        rules=hot.rules(language), words=asked, last=written[-1] if written else "", language=language,
        audiences=list(may), limit=LOOKED_AT,
    )  # fmt: skip


def _fused(
    by_words: dict[int, hot.Scored], near: Mapping[int, tuple[float, int]], may: Sequence[str], limit: int
) -> list[Hit]:
    dense = {key: score for key, (score, _passage) in near.items()}
    order = ranking.fused({key: one.score for key, one in by_words.items()}, dense, DENSE)
    missing = [key for key, _score in order[:LOOKED_AT] if key not in by_words]
    cards: dict[int, hot.Card] = {one.id: one for one in hot.THESE.all(ids=missing, audiences=list(may))}
    cards |= by_words
    return [
        Hit(
            cards[key],
            score,
            dense.get(key),
            by_words[key].covered if key in by_words else 0.0,
            near[key][1] if key in near else None,
        )
        for key, score in order
        if key in cards
    ][:limit]
