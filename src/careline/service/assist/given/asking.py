"""What a reply asks the customer for: read by word lists, in English, Indonesian and Arabic. In doubt it asks nothing,
since a warning that is wrong is soon no longer read."""

from __future__ import annotations

import re

from careline.service.assist.given import words
from careline.service.assist.given.kinds import KINDS, Kind

LONGEST = 6000
_SENTENCES = re.compile(r"(?<=[.?!؟\n])\s+|\n+")
# Of such a list ("your order number and address"), the further things may stand without another asking word.
_FURTHER = r"(?:\s?(?:,|and|or|as well as|dan|atau|serta|و)\s?(?:the |your |a |an |also )*)"
_ASKS = "|".join(f"(?:{one})" for one in words.ASKS)
_ANY = "|".join(f"(?:{noun})" for noun in words.NOUNS.values())
# Most sentences name none of it: they are passed over at once.
_NAMED = re.compile(_ANY)
_ASKED = {
    kind: re.compile(
        rf"(?:{_ASKS})(?:{words.OWN})?(?:(?:{_ANY})[^.?!؟\n]{{0,25}}?{_FURTHER}){{0,3}}?(?<![\w-])[بول]?(?P<noun>{noun})"
    )
    for kind, noun in words.NOUNS.items()
}
_BARE = {kind: re.compile(words.BARE.format(noun=noun)) for kind, noun in words.NOUNS.items()}
_NOT = {kind: re.compile(rule) for kind, rule in words.NOT.items()}
_PROVES, _OURS, _OWN = re.compile(words.PROVES), re.compile(words.OURS), re.compile(words.OWN + "$")


def asked_in(text: str) -> tuple[Kind, ...]:
    """The kinds it asks for, each once, in the order of `KINDS`."""
    found: set[Kind] = set()
    for sentence in _SENTENCES.split(words.plain(text[:LONGEST]).casefold()):
        if _NAMED.search(sentence) and not _PROVES.search(sentence):
            found |= {kind for kind in KINDS if _asks(sentence.strip(), kind)}
    return tuple(kind for kind in KINDS if kind in found)


def _asks(sentence: str, kind: Kind) -> bool:
    if kind in _NOT:
        sentence = _NOT[kind].sub("…", sentence)
    if _BARE[kind].fullmatch(sentence):
        return True
    asked = _ASKED[kind].search(sentence)
    if asked is None or _OWN.search(sentence[: asked.start("noun")]):
        return False
    # What comes before it in the same sentence may say that we have it.
    return not _OURS.search(sentence[: asked.start("noun")])
