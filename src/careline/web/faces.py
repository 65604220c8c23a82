"""Faces without photographs: the initials of a name and the tint it always gets."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from zlib import crc32

from markupsafe import Markup, escape

TINTS = 5
# Scripts whose letters join: one letter alone reads like a typing error, two of one name read like a sign.
JOINED = ("ARABIC", "SYRIAC", "THAANA")


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """At most two letters; a number, an address or an empty name has none."""
    words = [word for word in name.split() if unicodedata.category(word[0])[0] == "L"]
    if not words:
        return "?"
    first = words[0]
    if unicodedata.name(first[0], "").startswith(JOINED):
        return first[:2]
    return (first[0] + (words[-1][0] if len(words) > 1 else first[1:2])).upper()


@lru_cache(maxsize=4096)
def tint(name: str) -> int:
    """1 to 5, the same on every machine and in every process."""
    return crc32(name.encode()) % TINTS + 1


@lru_cache(maxsize=4096)
def face(name: str, *, ours: bool = False, size: str = "", letters: str = "", tinted: int = 0) -> Markup:
    """A round sign for a customer, a square one for one of us; always beside the written name, so never read aloud."""
    classes = f"face tint-{tinted or tint(name)}{' ours' if ours else ''}{f' {size}' if size else ''}"
    return Markup('<span class="{}" aria-hidden="true">{}</span>').format(classes, escape(letters or initials(name)))
