"""Which language words are in; and, more carefully, whether they are English, told by small words every sentence has.

A lexicon of one language says nothing of another, and words that look alike say the wrong thing ("no me gusta"). So
doubt counts as no: a short text without a small word is English only when all its words are known to be.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Container
from functools import cache
from typing import Any

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_ENGLISH = """
a about after again all also am an and any are as at back be because been before being but by can cannot can't could
did didn't do does doesn't doing don't for from get go got had has hasn't have haven't he her here him his how i i'd
i'll i'm i've if in into is isn't it it's its just like me more my need never no not now of off on one only or order
our out over please she should so some still than thank thanks that that's the their them then there these they
they're this those to too until up us very want was wasn't we we're what when where where's which while who why will
with without won't would yes yet you you're your
"""
# The same of languages that are written with the same letters; what they share with English counts for both.
_OTHERS = """
el la los las un una de que y en no me mi se lo por para con como pero muy es está estoy esta este mas más ya ha
gracias hola quiero gusta nada bien le les des du et est je tu il elle nous vous pas ne pour avec sur mon ma mes une
dans qui où au aux ce cette très merci bonjour suis ai der die das und ist nicht ich sie wir mein meine ein eine mit
auf für von zu den dem bei wo wie aber auch noch sehr bitte danke habe hat war bin am an so di non che e per sono ho
mio mia è come molto grazie ciao del della o os um uma não eu meu minha muito obrigado obrigada em do da ao foi são
het een ik niet van mijn wij jullie maar naar voor met zijn heeft heb dank graag waar saya anda tidak yang dan ke
dari untuk sudah belum ini itu ada dengan terima kasih kami mohon barang tolong bisa apa kenapa mana pesanan saja
juga bagaimana kapan tak tiada awak boleh ve bir bu çok için değil ben sen teşekkürler nerede nie jest się na że
moje dziękuję gdzie czy jag är inte och att det på för med min tack var har
"""
ENGLISH, OTHERS = frozenset(_ENGLISH.split()), frozenset(_OTHERS.split())
LONGEST = 4000
# Less sure, of those asked for, and nothing is said.
SURE = 0.6
# A text so short may do without a small word.
SHORT = 4


def words_of(text: str) -> list[str]:
    return [word.replace("’", "'") for word in _WORD.findall(text.casefold())]


def is_english(text: str, *, known: Container[str] = frozenset()) -> bool:
    """`known` are further words of English, which a short text may consist of."""
    words = words_of(text)
    if not words or any(ord(letter) > 0x24F for word in words for letter in word.replace("'", "")):
        return False
    ours, theirs = sum(word in ENGLISH for word in words), sum(word in OTHERS for word in words)
    # One small word in six is little for English; a name or a quote of it stands in other languages too.
    if ours > theirs and ours * 6 >= len(words):
        return True
    return len(words) <= SHORT and not theirs and all(word in ENGLISH or word in known for word in words)


def of(text: str, among: Collection[str]) -> tuple[str | None, float]:
    """The language of a text among those given (such as {"en", "id"}) and how sure that is, from 0 to 1.

    Among all it knows (97), only those asked for are weighed; None where none of them stands out.
    """
    ranked = _ranked(text[:LONGEST])
    asked = {code: chance for code, chance in ranked if code in among}
    whole = sum(asked.values())
    if not whole:
        return None, 0.0
    code = max(asked, key=lambda one: asked[one])
    sure = asked[code] / whole
    # Of one language asked for, all it says is whether that is what it would have said of all.
    if len(asked) == 1:
        sure = asked[code]
    return (code, round(sure, 3)) if sure >= SURE else (None, round(sure, 3))


def _ranked(text: str) -> list[tuple[str, float]]:
    """Chances of all languages; none where there are no letters."""
    if not any(letter.isalpha() for letter in text):
        return []
    return [(str(code), float(chance)) for code, chance in _identifier().rank(text)]


@cache
def _identifier() -> Any:
    """py3langid (M. Lui and A. Barbaresi, BSD): all languages loaded, none set, so that any thread may ask."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
