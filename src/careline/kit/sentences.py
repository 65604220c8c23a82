"""Sentences that are written down and read later: what is said and of whom apart, so that each reads their language.

A room that finds out why something went wrong does not know who will read of it. It says so by a `Sentence`, writes
down what `kept` makes of it, and whoever shows it asks `told`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from typing_extensions import override

# Stands before what `kept` wrote, and before nothing else: words of others never begin with it.
_MARK = "\x1e"


class Sentence(msgspec.Struct, frozen=True):
    """`says` is English and known to the catalogs; what is named in it may be a sentence again."""

    says: str
    named: Mapping[str, Any] = {}

    def __mod__(self, named: Mapping[str, Any]) -> Sentence:
        return Sentence(self.says, named)

    @override
    def __str__(self) -> str:
        """In the language of the moment."""
        # Programs that only refuse in a line need no catalogs.
        from django.utils.translation import gettext

        words = gettext(self.says) if self.says else ""
        return words % self.named if self.named else words


Words = str | Sentence


def lasting(says: str) -> Sentence:
    """For modules that say things to be kept: imported as `_`."""
    return Sentence(says)


def joined(*parts: Words, by: str = " ") -> Sentence:
    """One after the other, without those that are empty."""
    present = [one for one in parts if isinstance(one, Sentence) or one]
    places = by.replace("%", "%%").join(f"%({number})s" for number in range(len(present)))
    return Sentence(places, {str(number): one for number, one in enumerate(present)})


def kept(words: Words | Exception) -> str:
    """To be written down: a sentence in English as it is, one that names something with what it names.

    Of an exception it is what it was raised with.
    """
    if isinstance(words, Exception):
        first = words.args[0] if words.args else ""
        words = first if isinstance(first, Sentence) else str(words)
    if isinstance(words, Sentence) and words.named:
        return _MARK + msgspec.json.encode(plain(words)).decode()
    said = words.says if isinstance(words, Sentence) else words
    return said.replace("\0", "").lstrip(_MARK)


def told(kept: str) -> str:
    """What was written down, in the language of the moment; words the catalogs do not know stay as they are."""
    return str(of(kept))


def of(kept: str) -> Words:
    if kept.startswith(_MARK):
        return of_plain(msgspec.json.decode(kept[1:]))
    return Sentence(kept) if kept else ""


def plain(sentence: Sentence) -> dict[str, Any]:
    """As JSON has it."""
    return {"says": sentence.says, "named": {name: _plain(value) for name, value in sentence.named.items()}}


def of_plain(held: Mapping[str, Any]) -> Sentence:
    named = {name: of_plain(value) if isinstance(value, dict) else value for name, value in held["named"].items()}
    return Sentence(held["says"], named)


def _plain(value: Any) -> Any:
    if isinstance(value, Sentence):
        return plain(value)
    return value if isinstance(value, (int, float)) else str(value).replace("\0", "")
