"""From what somebody types to people: each meaning it can have is one short look at one index.

The statement runs with its values written in, never as a prepared one: for a word it does not know PostgreSQL would
plan to walk through everybody.
"""

from __future__ import annotations

import re
import unicodedata

from django.db import connection

from careline.accounts import queries as accounts
from careline.kit import contacts, text
from careline.kit.refusals import Refused

LIMIT = 300
Value = str | int | list[str]
WORDS_LIMIT = 10
# The expression of the index person_by_name.
WORDS = "array_to_tsvector(array_remove(string_to_array(\"left\"(p.search, 500), ' '), ''))"
_NUMBER = re.compile(r"[\d\s()+./\-\u00a0\u2010-\u2015]+")

_BY_NAME = f"""(SELECT p.id FROM customers_person p
  WHERE {WORDS} @@ %(words)s::tsquery AND p.canonical_id IS NULL AND p.erased_at IS NULL AND p.id < %(before)s
  ORDER BY p.id DESC LIMIT %(limit)s)"""
_BY_NAME_OF_JOINED = f"""(SELECT r.id FROM customers_person p JOIN customers_person r ON r.id = p.canonical_id
  WHERE {WORDS} @@ %(words)s::tsquery AND p.canonical_id IS NOT NULL AND r.erased_at IS NULL AND r.id < %(before)s
  ORDER BY r.id DESC LIMIT %(limit)s)"""
_BY_IDENTITY = """(SELECT coalesce(p.canonical_id, p.id) AS id
  FROM customers_identity i JOIN customers_person p ON p.id = i.person_id
  WHERE {rule} AND coalesce(p.canonical_id, p.id) < %(before)s ORDER BY 1 DESC LIMIT %(limit)s)"""
EXACTLY = _BY_IDENTITY.format(rule="i.kind = ANY(%(kinds)s) AND i.value = %(value)s")
ADDRESS = _BY_IDENTITY.format(rule="i.kind = 'email' AND i.value LIKE %(address)s")
NUMBERS = _BY_IDENTITY.format(rule="i.kind = 'phone' AND i.value = ANY(%(numbers)s)")
NUMBER_BEGINS = _BY_IDENTITY.format(rule="i.kind = 'phone' AND i.value LIKE %(number)s")


def find(q: str, *, before: int | None, limit: int) -> list[int]:
    statement, given = asked(q, before=before, limit=limit)
    with connection.cursor() as cursor:
        cursor.execute(statement, given)
        return [row[0] for row in cursor.fetchall()]


def asked(q: str, *, before: int | None, limit: int) -> tuple[str, dict[str, Value]]:
    """The statement and its values."""
    q = text.clean(q, field="q", limit=LIMIT).strip()
    parts = [EXACTLY]
    given: dict[str, Value] = {
        "kinds": ["external", "visitor"], "value": q, "limit": limit, "before": before or 2**63 - 1,
    }  # fmt: skip
    if words := _words(q):
        parts += [_BY_NAME, _BY_NAME_OF_JOINED]
        given["words"] = words
    if "@" in q[1:]:
        parts.append(ADDRESS)
        given["address"] = _beginning(unicodedata.normalize("NFC", unicodedata.normalize("NFC", q).casefold()))
    if numbers := _numbers(q):
        parts.append(NUMBERS)
        given["numbers"] = numbers
        if q.startswith("+"):
            parts.append(NUMBER_BEGINS)
            given["number"] = _beginning(numbers[0])
    union = "\nUNION\n".join(parts)
    return f"SELECT id FROM ({union}) found ORDER BY id DESC LIMIT %(limit)s", given


def _words(q: str) -> str:
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
