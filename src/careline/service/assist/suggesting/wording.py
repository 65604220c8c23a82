"""Words that go from one conversation into another: who they were about taken out, who they are for put in."""

from __future__ import annotations

import re
from collections.abc import Iterable

CUSTOMER, AGENT = "{customer}", "{agent}"
# Of a name, parts that are no shorter are looked for by themselves.
_PART = 2
_NUMBERED = re.compile(r"\[([A-Z]+)_\d+\]")
# Numbers of orders and codes: what was right for one is wrong for another.
_NUMBER = re.compile(r"(?<![\w.,])#?(?=[\w-]*\d[\w-]*\d[\w-]*\d[\w-]*\d)[A-Za-z]{0,6}-?\d[\w-]{3,}(?!\w)")
BLANK = re.compile(r"\[(?:ACCOUNT|ADDRESS|CARD|EMAIL|NUMBER|PERSON|PHONE|QUOTED|SECRET)\]")


def plain(words: str, *, customer: str, agent: str, known: Iterable[str] = ()) -> str:
    """Without anybody: names become what is filled in later, what else is personal a blank such as [PHONE]."""
    from careline.intelligence import redaction

    named = _named(_named(words, customer, CUSTOMER), agent, AGENT)
    hidden = redaction.hide(named, known).text
    return _NUMBER.sub("[NUMBER]", _NUMBERED.sub(r"[\1]", hidden))


def filled(words: str, *, customer: str, agent: str) -> str:
    """For this customer, by this agent, by first names; who has none is not addressed by one."""
    words = words.replace(AGENT, agent.split()[0] if agent.split() else "")
    if customer.split():
        return words.replace(CUSTOMER, customer.split()[0])
    return re.sub(rf"\s*{re.escape(CUSTOMER)}", "", words)


def _named(words: str, name: str, sign: str) -> str:
    """As it is written, since a name in small letters is as likely a word; one that is a word anyway, where it ends."""
    from careline.intelligence import language

    parts = [one for one in name.split() if len(one) >= _PART and one[0].isupper()]
    if not parts:
        return words
    options = sorted({name.strip(), *parts}, key=lambda one: (-len(one), one))
    found = "|".join(
        re.escape(one) + (r"(?=\s*(?:[,.!?\n]|$))" if one.casefold() in language.ENGLISH else "") for one in options
    )
    return re.sub(rf"(?<!\w)(?:{found})(?:\s+(?:{found}))*(?!\w)", sign, words)
