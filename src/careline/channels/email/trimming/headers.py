"""Lines that say "on that day somebody wrote", in the ways mail programs say it."""

from __future__ import annotations

import re

LONGEST = 400
MOST_LINES = 4
# "wrote", as the programs in wide use put it; at a word's end where the alphabet has such.
_WROTE = (
    "wrote", "writes", "said", "schrieb", "hat geschrieben", "a écrit", "écrivait", "ha scritto", "scrive",
    "scriveva", "escribió", "escribio", "escribe", "va escriure", "ha escrit", "escreveu", "enviou", "schreef",
    "geschreven", "skrev", "skrifaði", "napisał", "napisała", "napisał(a)", "pisze", "napsal", "napsal(a)",
    "napsala", "napísal", "kirjoitti", "kirjutas", "yazdı", "yazmış", "írta", "a scris", "написал", "написала",
    "написали", "написав", "написа", "пишет", "писал", "пише", "пишува", "je napisao", "napisao", "napisao/la",
    "napisala", "piše", "parašė", "rakstīja", "έγραψε", "menulis", "tulis", "đã viết", "viết", "เขียน",
    "เขียนว่า", "כתב", "כתבה", "كتب", "كتبت", "نوشت", "写道", "寫道", "写到", "のメール", "書きました", "작성",
    "썼습니다",
)  # fmt: skip
_VERB = re.compile(
    r"(?:(?<![^\W\d_])|(?<=[>\"」》)]))(?:" + "|".join(map(re.escape, _WROTE)) + r")(?![^\W\d_])", re.IGNORECASE
)
# What str.split takes for blanks beyond ASCII.
_SPACES = (
    "\x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000"
)
_BEHIND = ":： \t\xa0*_>|-–—=~"
_ENDING = "".join({*_BEHIND, *map(chr, range(32)), *_SPACES})
_COLONS = frozenset(":：")
_LAST_WORDS = tuple({word.split()[-1] for word in _WROTE})
_DAY = re.compile(
    r"\b(?:19|20)\d\d\b|\d{1,2}[:.h]\d{2}\b|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b|\d{1,2}[月년日時시点]|"
    r"[0-9]{1,2}\.? ?[^\W\d_]{3,12}\.? ?(?:19|20)?\d\d",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"[^\s<>\"'()@]{1,100}@[^\s<>\"'()@]{1,150}")
_BARE_DATE = re.compile(
    r"^\d{4}[-/]\d{1,2}[-/]\d{1,2}[ T]\d{1,2}:\d{2}(?::\d{2})?[ ,]+(?:GMT|UTC)?[+-]?\d{0,2}:?\d{0,2}[ :,]*\S",
    re.IGNORECASE,
)
_BEGINS_WITH_DATE = re.compile(r"^(?:[^\W\d_]{2,12}[,.]? )?(?:\d{1,4}[-/.:月年 ]|[^\W\d_]{3,12} \d{1,2},)")
_DECORATION = " \t\xa0*_>|-–—=~"
_DIGIT = re.compile(r"\d")
_OF_NOW = re.compile(r"[?!]|(?<=[a-z])\. [A-Z]")


def is_one(line: str) -> bool:
    """Whether this line, put together of up to four, introduces what somebody wrote before."""
    line = " ".join(line.split())
    bare = line.strip(_DECORATION)
    if not 6 <= len(bare) <= LONGEST:
        return False
    colon = bare.endswith((":", "："))
    ends = line[-60:].rstrip(_BEHIND).lower().endswith(_WROTE)
    if not (ends or colon or bare[:4].isdigit()):
        return False
    day, address = bool(_DAY.search(bare)), "@" in bare and bool(_ADDRESS.search(bare))
    if not day and not address:
        return False
    if ends and (colon or (day and address) or line.startswith("--")):
        return address or day
    if colon and day and _VERB.search(bare):
        return not _OF_NOW.search(_ADDRESS.sub("", bare))
    if colon and address and day and _BEGINS_WITH_DATE.match(bare):
        return True
    return bool(_BARE_DATE.match(bare)) and len(bare) < 160


def may_end(line: str) -> bool:
    """Cheap: whether this line may be the last of those put together."""
    bare = line.rstrip(_ENDING)
    return not bare or not _COLONS.isdisjoint(line[len(bare) :]) or bare[-60:].lower().endswith(_LAST_WORDS)


def of_a_date(line: str) -> bool:
    """Cheap: whether the line may begin with a year, and so need no ending."""
    bare = line.strip(_ENDING)[:4]
    return len(bare) < 4 or bare.isdigit()


def may_begin(line: str) -> bool:
    """Cheap: whether it is worth looking at this line and those below as one."""
    return len(line) <= LONGEST and ("@" in line or "<" in line or bool(_DIGIT.search(line)))
