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
    """A person as a conversation needs them; attributes, identities, consents and labels as written in JSON."""

    pk: int
    name: str
    language: str
    first_seen_at: datetime
    blocked_at: datetime | None
    attributes: str
    identities: str
    consents: str
    ids: list[int]
    labels: str


# What the organization calls its attributes comes along: every thread that is opened shows some.
# Whoever the person was joined to stands for them, and comes first; the others fill what it leaves open.
BESIDE = Statement(
    """SELECT w.ids[1], w.name, w.language, w.first_seen_at, w.blocked_at, w.attributes::text, coalesce((
  SELECT jsonb_agg(jsonb_build_object('pk', i.id, 'kind', i.kind, 'original', i.original, 'verified', i.verified)
    ORDER BY i.id)
  FROM customers_identity i WHERE i.person_id = ANY(w.ids))::text, '[]'), coalesce((
  SELECT jsonb_agg(jsonb_build_object('purpose', s.purpose, 'label', s.label, 'given', s.given) ORDER BY s.purpose)
  FROM (
    SELECT DISTINCT ON (c.purpose) c.purpose, coalesce(u.label, c.purpose) AS label, c.given
    FROM customers_consent c LEFT JOIN customers_purpose u ON u.name = c.purpose
    WHERE c.person_id = ANY(w.ids) ORDER BY c.purpose, c.given, c.at DESC) s)::text, '[]'), w.ids, coalesce((
  SELECT jsonb_agg(jsonb_build_array(d.of, d.name, d.label) ORDER BY d.label, d.name)
  FROM customers_attributedefinition d)::text, '[]')
FROM (
  SELECT array_agg(p.id ORDER BY p.place) AS ids, jsonb_agg(p.attributes ORDER BY p.place) AS attributes,
    coalesce((array_agg(p.name ORDER BY p.place) FILTER (WHERE p.name <> ''))[1], '') AS name,
    coalesce((array_agg(p.language ORDER BY p.place) FILTER (WHERE p.language <> ''))[1], '') AS language,
    min(p.first_seen_at) AS first_seen_at, min(p.blocked_at) AS blocked_at
  FROM (
    SELECT r.*, 0 AS place
    FROM customers_person g JOIN customers_person r ON r.id = coalesce(g.canonical_id, g.id)
    WHERE g.id = %(person)s::bigint
    UNION ALL
    SELECT j.*, j.id FROM customers_person g JOIN customers_person j ON j.canonical_id = coalesce(g.canonical_id, g.id)
    WHERE g.id = %(person)s) p) w
WHERE w.ids IS NOT NULL AND %(allowed)s::bool""",
    Beside,
)


class Digest(msgspec.Struct, frozen=True):
    digest: str


JOINED_DIGEST = Statement(
    """SELECT count(*) || ':' || coalesce(sum(hashint8extended(id, canonical_id)), 0)
FROM customers_person WHERE canonical_id IS NOT NULL""",
    Digest,
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
