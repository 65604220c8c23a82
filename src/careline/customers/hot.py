"""The SQL of people that is measured: who stands beside a conversation, and the search.

Each meaning of what was typed into the search is one short look at one index, and all are one statement. That one runs
with its values written in, never as a prepared one: for a word it does not know PostgreSQL would plan to walk through
everybody.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from careline.kit.statement import Statement

# What windows are told on when the short line of some people has changed.
SCRAPS = "scraps"
# And when somebody was erased: what was kept of their words is forgotten.
ERASED = "erased"


class Beside(msgspec.Struct, frozen=True):
    """A person as a conversation needs them; attributes and identities as the database writes JSON."""

    pk: int
    name: str
    language: str
    first_seen_at: datetime
    blocked_at: datetime | None
    attributes: str
    identities: str
    others: list[int]


# Whoever the person was joined to stands for them.
BESIDE = Statement(
    """SELECT p.id, p.name, p.language, p.first_seen_at, p.blocked_at, p.attributes::text, coalesce((
  SELECT jsonb_agg(jsonb_build_object('pk', i.id, 'kind', i.kind, 'original', i.original, 'verified', i.verified)
    ORDER BY i.id)
  FROM customers_identity i WHERE i.person_id = p.id OR i.person_id = ANY(o.ids))::text, '[]'), o.ids
FROM customers_person one JOIN customers_person p ON p.id = coalesce(one.canonical_id, one.id)
CROSS JOIN LATERAL (SELECT ARRAY(SELECT j.id FROM customers_person j WHERE j.canonical_id = p.id) AS ids) o
WHERE one.id = %(person)s::bigint AND %(allowed)s::bool""",
    Beside,
)

# The expression of the index person_by_name.
WORDS = "array_to_tsvector(array_remove(string_to_array(\"left\"(p.search, 500), ' '), ''))"

BY_NAME = f"""(SELECT p.id FROM customers_person p
  WHERE {WORDS} @@ %(words)s::tsquery AND p.canonical_id IS NULL AND p.erased_at IS NULL AND p.id < %(before)s
  ORDER BY p.id DESC LIMIT %(limit)s)"""
BY_NAME_OF_JOINED = f"""(SELECT r.id FROM customers_person p JOIN customers_person r ON r.id = p.canonical_id
  WHERE {WORDS} @@ %(words)s::tsquery AND p.canonical_id IS NOT NULL AND r.erased_at IS NULL AND r.id < %(before)s
  ORDER BY r.id DESC LIMIT %(limit)s)"""
_BY_IDENTITY = """(SELECT coalesce(p.canonical_id, p.id) AS id
  FROM customers_identity i JOIN customers_person p ON p.id = i.person_id
  WHERE {rule} AND coalesce(p.canonical_id, p.id) < %(before)s ORDER BY 1 DESC LIMIT %(limit)s)"""
EXACTLY = _BY_IDENTITY.format(rule="i.kind = ANY(%(kinds)s) AND i.value = %(value)s")
ADDRESS = _BY_IDENTITY.format(rule="i.kind = 'email' AND i.value LIKE %(address)s")
NUMBERS = _BY_IDENTITY.format(rule="i.kind = 'phone' AND i.value = ANY(%(numbers)s)")
NUMBER_BEGINS = _BY_IDENTITY.format(rule="i.kind = 'phone' AND i.value LIKE %(number)s")


def newest_of(looks: Sequence[str]) -> str:
    union = "\nUNION\n".join(looks)
    return f"SELECT id FROM ({union}) found ORDER BY id DESC LIMIT %(limit)s"
