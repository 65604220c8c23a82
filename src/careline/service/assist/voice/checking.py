"""A draft held against the house's voice: where, why, and what might stand there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from typing import Literal

import msgspec

from careline.service.assist.suggesting.wording import BLANK
from careline.service.assist.voice import patterns

Kind = Literal["blank", "word", "guarantee", "date", "money", "blame", "loose", "stiff", "shouting"]
# Of a longer draft the beginning; and so many marks, since a page of them is not read.
LONGEST, MOST = 20_000, 12
_LEFT = re.compile(r"\{(?:customer|agent)\}")


class Mark(msgspec.Struct, frozen=True):
    """From `start` to `end`, in characters; `instead` is what may stand there, empty where it is best left out, None
    where only whoever writes can know."""

    start: int
    end: int
    kind: Kind
    words: str
    instead: str | None = None


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """What is looked at. `words` are pairs: a word, and what is said in its place or nothing. `most` is the amount that
    may be promised unasked, in the firm's currency."""

    manner: Literal["any", "formal", "friendly"] = "any"
    words: tuple[tuple[str, str], ...] = ()
    guarantees: bool = True
    dates: bool = False
    money: bool = True
    most: Decimal = Decimal(0)
    blame: bool = True
    shouting: bool = True


def check(draft: str, terms: Terms, *, languages: Sequence[str] = ("en", "id", "ar")) -> list[Mark]:
    """In the order of the draft, without overlaps: of two the one that was looked for first."""
    draft = draft[:LONGEST]
    found: list[Mark] = []
    for mark in _marks(draft, terms, languages):
        if all(mark.end <= other.start or other.end <= mark.start for other in found):
            found.append(mark)
    return sorted(found, key=lambda one: one.start)[:MOST]


def _marks(draft: str, terms: Terms, languages: Sequence[str]) -> Iterator[Mark]:
    for pattern in (BLANK, _LEFT):
        yield from (_mark(one, "blank") for one in pattern.finditer(draft))
    for word, instead in terms.words:
        yield from (_mark(one, "word", instead) for one in _word(word).finditer(draft))
    known = [code for code in languages if code in patterns.BLAME]
    for code in known:
        if terms.blame:
            yield from (_mark(one, "blame") for one in patterns.BLAME[code].finditer(draft))
        if terms.guarantees:
            yield from (_mark(one, "guarantee") for one in patterns.GUARANTEES[code].finditer(draft))
        if terms.money:
            yield from _money(draft, code, terms.most)
        if terms.dates:
            yield from (_mark(one, "date") for one in patterns.DATES[code].finditer(draft))
    yield from _manner(draft, terms.manner)
    if terms.shouting:
        yield from (_mark(one, "shouting", _calm(one[0])) for one in patterns.SHOUTED.finditer(draft))


def _money(draft: str, code: str, most: Decimal) -> Iterator[Mark]:
    """A promise of money, unless its sentence names sums and none is above what may be promised."""
    for sentence in patterns.SENTENCE.finditer(draft):
        for one in patterns.MONEY[code].finditer(sentence[0]):
            sums = [_sum(left or right) for left, right in patterns.AMOUNT.findall(sentence[0])]
            if not sums or any(each is None or each > most for each in sums):
                at = sentence.start()
                yield Mark(at + one.start(), at + one.end(), "money", one[0])


def _sum(written: str) -> Decimal | None:
    """As people write sums: the last point or comma parts the cents where two digits follow it."""
    whole, cents = re.fullmatch(r"(.*?)(?:[.,](\d{2}))?", written.rstrip(".,")).groups()  # type: ignore[union-attr]
    try:
        return Decimal(f"{re.sub(r'[.,]', '', whole)}.{cents or '00'}")
    except InvalidOperation:
        return None


def _manner(draft: str, manner: str) -> Iterator[Mark]:
    lists = {"formal": ("loose", patterns.LOOSE), "friendly": ("stiff", patterns.STIFF)}
    if manner not in lists:
        return
    kind, words = lists[manner]
    for word, instead in words.items():
        yield from (_mark(one, kind, instead) for one in _word(word).finditer(draft))  # type: ignore[arg-type]
    if manner == "formal":
        yield from (_mark(one, "loose", "") for one in patterns.EMOJI.finditer(draft))


def _word(word: str) -> re.Pattern[str]:
    """In any case and with either apostrophe, as a word of its own."""
    letters = r"\s+".join(re.escape(part).replace("'", "['’]") for part in word.split())
    return re.compile(rf"(?<!\w){letters}(?!\w)", re.IGNORECASE)


def _calm(shouted: str) -> str:
    if shouted[0] in "!?":
        return "?" if "?" in shouted else "."
    return shouted.lower()


def _mark(found: re.Match[str], kind: Kind, instead: str | None = None) -> Mark:
    words = found[0]
    # As what stood there: at the beginning of a sentence, or with a capital that is no abbreviation's.
    before = found.string[: found.start()].rstrip()
    begins = not before or before[-1] in ".!?"
    if instead and words[0].isupper() and (begins or not words.isupper()):
        instead = instead[0].upper() + instead[1:]
    return Mark(found.start(), found.end(), kind, words, instead)
