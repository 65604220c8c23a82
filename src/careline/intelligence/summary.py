"""What was said, in its own words: the sentences that carry most of a talk, none made up.

Sentences vote for those that share their words (R. Mihalcea and P. Tarau's TextRank, EMNLP 2004); greetings and thanks
have no vote. The first that asks for something always stays, since it is why somebody came.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from careline.intelligence import language as languages

MOST = 4
# Of a longer talk, its beginning and its end.
SENTENCES = 300
LONGEST = 320
_END = re.compile(r"(?<=[.!?。！？؟])\s+|\n+")
_WORD = re.compile(r"[^\W_]{2,}")
_POLITE = re.compile(
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|thanks?|thank you|ok(?:ay)?|yes|no|sure|great|bye|"
    r"(?:kind|best) regards|halo|hai|terima kasih|selamat \w+|مرحبا|شكرا|السلام عليكم)\b",
    re.IGNORECASE,
)
_WISH = re.compile(
    r"[?？؟]|\b(?:want|need|would like|please|can you|could you|tolong|mohon|ingin|mau|bisa)\b|أريد|ممكن", re.I
)
ROUNDS, KEPT = 30, 0.85


def of(lines: Sequence[str], *, most: int = MOST) -> str:
    """At most so many sentences of the lines, in their order, one a line; of nothing it is nothing.

    A line is what one person said; whoever shows it names them. It works in any language whose words are parted.
    """
    said = [sentence for line in lines for part in _END.split(line) if (sentence := " ".join(part.split()))]
    telling = [sentence for sentence in dict.fromkeys(said) if not _is_polite(sentence)] or said[:1]
    if len(telling) > SENTENCES:
        telling = telling[: SENTENCES // 2] + telling[-SENTENCES // 2 :]
    if len(telling) > most:
        first = next((n for n, sentence in enumerate(telling) if _WISH.search(sentence)), 0)
        by_weight = [n for n in np.argsort(-_weights(telling), kind="stable").tolist() if n != first]
        telling = [telling[n] for n in sorted([first, *by_weight[: most - 1]])]
    return "\n".join(_cut(sentence) for sentence in telling)


def _is_polite(sentence: str) -> bool:
    rest = _POLITE.sub("", sentence)
    return len(_WORD.findall(rest)) <= (1 if rest != sentence else 0)


def _weights(sentences: Sequence[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    words = [Counter(_words(sentence)) for sentence in sentences]
    alike = np.zeros((len(sentences), len(sentences)))
    for n, one in enumerate(words):
        for m in range(n):
            shared = len(one.keys() & words[m].keys())
            if shared:
                alike[n, m] = alike[m, n] = shared / (math.log(len(one) + 1) + math.log(len(words[m]) + 1))
    given = alike.sum(axis=0)
    votes = np.divide(alike, given, out=np.zeros_like(alike), where=given > 0)
    weights = np.ones(len(sentences))
    for _round in range(ROUNDS):
        weights = (1 - KEPT) + KEPT * votes @ weights
    # A number or a date is what is looked for later.
    dated = np.array([1.25 if re.search(r"\d", sentence) else 1.0 for sentence in sentences])
    weighed: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = weights * dated
    return weighed


def _words(sentence: str) -> list[str]:
    found = (word.casefold() for word in _WORD.findall(sentence))
    return [word for word in found if word not in languages.ENGLISH and word not in languages.OTHERS]


def _cut(sentence: str) -> str:
    return sentence if len(sentence) <= LONGEST else sentence[: LONGEST - 1].rsplit(" ", 1)[0] + "…"
