"""Words that go from one conversation into another: who they were about taken out, who they are for put in."""

from __future__ import annotations

import re
from collections.abc import Iterable

CUSTOMER, AGENT = "{customer}", "{agent}"
# Of a name, parts that are no shorter are looked for by themselves.
_PART = 2
_STOP = r"(?=\s*(?:[,.:!?\n،]|$))"
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


def meant(words: str) -> str:
    """What is compared: a code means nothing, and its letters lead astray."""
    return " ".join(BLANK.sub(" ", _NUMBER.sub(" ", words)).split()) or words


def filled(words: str, *, customer: str, agent: str, asked: str = "") -> str:
    """For this customer, by this agent, by first names; who has none is not addressed by one. A number that is left
    blank is the one the customer wrote, where both are one."""
    words = words.replace(AGENT, agent.split()[0] if agent.split() else "")
    numbers = {one[0] for one in _NUMBER.finditer(asked)}
    if len(numbers) == 1 and words.count("[NUMBER]") == 1:
        words = words.replace("[NUMBER]", numbers.pop())
    if customer.split():
        return words.replace(CUSTOMER, customer.split()[0])
    return re.sub(rf"\s*{re.escape(CUSTOMER)}", "", words)


def _named(words: str, name: str, sign: str) -> str:
    """As it is written; in small letters, or where it is a word anyway, only where somebody is spoken to (before a
    stop), since it is as likely the word."""
    from careline.intelligence import language

    parts = [one for one in name.split() if len(one) >= _PART]
    if not parts:
        return words
    options = sorted({name.strip(), *parts}, key=lambda one: (-len(one), one))
    found = "|".join(
        (rf"{re.escape(one)}|" if _is_plain(one) and one.casefold() not in language.ENGLISH else "")
        + rf"(?i:{re.escape(one)}){_STOP}"
        for one in options
    )  # fmt: skip
    return re.sub(rf"(?<!\w)(?:{found})(?:\s+(?:{found}))*(?!\w)", sign, words)


def _is_plain(name: str) -> bool:
    """Begins with a capital, or is of a script that has none."""
    return not name[0].islower()
