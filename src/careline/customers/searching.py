"""From what somebody types to the meanings it can have."""

from __future__ import annotations

import re
import unicodedata

from django.db import connection

from careline.accounts import queries as accounts
from careline.customers import hot
from careline.kit import contacts, text
from careline.kit.refusals import Refused

LIMIT = 300
Value = str | int | list[str]
WORDS_LIMIT = 10
_NUMBER = re.compile(r"[\d\s()+./\-\u00a0\u2010-\u2015]+")


def find(q: str, *, before: int | None, limit: int) -> list[int]:
    statement, given = asked(q, before=before, limit=limit)
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [row[0] for row in cursor.fetchall()]


def asked(q: str, *, before: int | None, limit: int) -> tuple[str, dict[str, Value]]:
    """The statement and its values."""
    q = text.clean(q, field="q", limit=LIMIT).strip()
    parts = [hot.EXACTLY]
    given: dict[str, Value] = {
        "kinds": ["external", "visitor"], "value": q, "limit": limit, "before": before or 2**63 - 1,
    }  # fmt: skip
    if typed := words(q):
        parts += [hot.BY_NAME, hot.BY_NAME_OF_JOINED]
        given["words"] = typed
    if "@" in q[1:]:
        parts.append(hot.ADDRESS)
        given["address"] = _beginning(unicodedata.normalize("NFC", unicodedata.normalize("NFC", q).casefold()))
    if numbers := _numbers(q):
        parts.append(hot.NUMBERS)
        given["numbers"] = numbers
        if q.startswith("+"):
            parts.append(hot.NUMBER_BEGINS)
            given["number"] = _beginning(numbers[0])
    return hot.newest_of(parts), given


def words(q: str) -> str:
    """Every word must begin some word of the name."""
    quoted = (word[:100].replace("\\", "\\\\").replace("'", "''") for word in text.fold(q).split()[:WORDS_LIMIT])
    return " & ".join(f"'{word}':*" for word in quoted)


def _numbers(q: str) -> list[str]:
    """What a number can mean: international with its plus left out, or of the organization's own country."""
    digits = "".join(str(unicodedata.digit(character)) for character in q if character.isdecimal())
    if len(digits) < 4 or not _NUMBER.fullmatch(q):
        return []
    try:
        return [f"+{digits}", contacts.phone_key(q, accounts.organization().country)]
    except Refused:
        return [f"+{digits}"]


def _beginning(value: str) -> str:
    return re.sub(r"([\\%_])", r"\\\1", value) + "%"
