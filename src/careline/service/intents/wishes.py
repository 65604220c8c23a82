"""The customer's plain wish for a person, and a plain yes or no. Nothing here needs a model, so nothing can be down."""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise

_WHO = {
    "agent", "human", "humans", "person", "people", "operator", "representative", "somebody", "someone", "staff",
    "orang", "manusia", "petugas", "admin", "cs", "موظف", "انسان", "شخص", "بشري", "موظفا", "شخصا",
}  # fmt: skip
_WANT = {
    "talk", "speak", "chat", "connect", "transfer", "want", "need", "get", "give", "real", "live", "actual", "call",
    "bicara", "berbicara", "hubungkan", "sambungkan", "mau", "ingin", "minta", "butuh", "asli", "ngobrol",
    "اريد", "التحدث", "اتحدث", "تحدث", "اكلم", "كلم", "ارغب", "حقيقي", "حولني", "تحويل", "مع", "الى",
}  # fmt: skip
# "I do not want an agent" is none; "why can I not talk to a person" is one. In doubt a person is asked for.
_NOT = {"not", "dont", "tidak", "jangan", "لا"}
_WANT_NOT = {"want", "need", "transfer", "connect", "mau", "ingin", "butuh", "sambungkan", "hubungkan", "اريد", "ارغب"}
_YES = {"yes", "y", "yeah", "yep", "ok", "okay", "sure", "confirm", "ya", "iya", "oke", "setuju", "نعم", "اجل", "موافق"}
_NO = {"no", "n", "nope", "cancel", "stop", "tidak", "batal", "jangan", "gak", "nggak", "لا", "كلا", "الغاء"}
# A wish is said in few words; of a long text its beginning and end are looked at.
_FEW, _EDGE = 4, 300


def plain(text: str) -> list[str]:
    """Its words without case, accents and signs."""
    spelled = unicodedata.normalize(
        "NFKD", text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "").replace("'", "")
    )
    bare = "".join(one for one in spelled if not unicodedata.combining(one) and one != "\N{ARABIC TATWEEL}")
    return re.findall(r"\w+", bare)


def person(text: str) -> bool:
    """Whether somebody is asked for: "agent", "I want to talk to a human please"."""
    if len(text) > 2 * _EDGE:
        return person(text[:_EDGE]) or person(text[-_EDGE:])
    words = [_bare(one) for one in plain(text)]
    for place, word in enumerate(words):
        if word in _WHO:
            near = words[max(0, place - 6) : place + 2]
            refused = any(one in _NOT and other in _WANT_NOT for one, other in pairwise(near))
            if not refused and (len(words) <= _FEW or set(near) & _WANT):
                return True
    return False


def _bare(word: str) -> str:
    """Arabic words carry their article and short prepositions."""
    for front in ("وال", "بال", "لل", "ال"):
        if word.startswith(front) and len(word) - len(front) >= 3:
            return word[len(front) :]
    return word


def agrees(text: str) -> bool | None:
    """Yes, no, or None where it is neither plainly: an irreversible step is never taken on a guess."""
    words = set(plain(text))
    if len(words) > _FEW:
        return None
    yes, no = bool(words & _YES), bool(words & _NO)
    return yes if yes != no else None
