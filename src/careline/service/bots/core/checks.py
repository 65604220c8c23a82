"""Whether an answer is one, and whether a case holds."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from careline.service.bots.core.shapes import Case, Value

_EMAIL = re.compile(r"[^\s@<>,;]+@[^\s@<>,;]+\.[^\s@<>,;.]+")
_PHONE = re.compile(r"\+?\d[\d\s().-]{4,20}\d")
_NUMBER = re.compile(r"[-+]?\d{1,15}(?:[.,]\d{1,6})?")
_LONGEST = 1_000
_DIGITS = {
    ord(one): str(number) for zero in "٠۰०" for number, one in enumerate(map(chr, range(ord(zero), ord(zero) + 10)))
}


def read(check: str, text: str) -> Value | None:
    """The value an answer stands for, None where it is none. Dates are read as written in ISO: 2026-03-31."""
    words = " ".join(text.replace("\0", "").split())
    if not words or len(words) > _LONGEST:
        return None
    if check == "text":
        return words
    if check == "email":
        found = _EMAIL.search(words)
        return found[0] if found else None
    if check == "phone":
        found = _PHONE.search(words)
        # Digits of every script are the same number.
        return re.sub(r"[^\d+]", "", found[0]).translate(_DIGITS) if found else None
    if check == "number":
        found = _NUMBER.fullmatch(words)
        return _number(found[0]) if found else None
    try:
        return date.fromisoformat(words).isoformat()
    except ValueError:
        return None


def _number(words: str) -> int | float:
    spelled = words.replace(",", ".")
    return float(spelled) if "." in spelled else int(spelled)


def holds(case: Case, values: Mapping[str, Value]) -> bool:
    """`over` and `under` ask numbers, `has` a text; of another kind they hold never."""
    if case.how in ("known", "unknown"):
        return (case.value in values) == (case.how == "known")
    if case.value not in values:
        return False
    value, than = values[case.value], case.than
    if case.how in ("is", "is_not"):
        return (_same(value) == _same(than)) == (case.how == "is")
    if case.how == "has":
        return isinstance(value, str) and isinstance(than, str) and than.casefold() in value.casefold()
    if isinstance(value, str | bool) or isinstance(than, str | bool):
        return False
    return value > than if case.how == "over" else value < than


def _same(value: Value) -> tuple[bool, Value]:
    return isinstance(value, bool), value.casefold() if isinstance(value, str) else value
