"""Many people found, made and named at once: the statements of rooms that take in events by the hundred.

What two of them have to do with each other is decided by whoever asks; nobody is joined here.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import msgspec

from careline.customers import origins
from careline.kit import text
from careline.kit.statement import Statement

Place = tuple[str, str, str]


class Raced(Exception):
    """Somebody else took a name meanwhile: the whole is done again."""


class Owner(msgspec.Struct, frozen=True):
    """Whose an identity is: the person it was given to, and the one who stands for them now."""

    # Which of the identities that were asked for.
    n: int
    person_id: int
    root: int
    verified: bool


class Strong(msgspec.Struct, frozen=True):
    """An identity that says more than a device does."""

    root: int
    kind: str
    value: str
    verified: bool


class Made(msgspec.Struct, frozen=True):
    id: int


class Fresh(msgspec.Struct, frozen=True):
    first_seen_at: datetime


class Naming(msgspec.Struct, frozen=True):
    person_id: int
    kind: str
    scope: str
    value: str
    original: str
    verified: bool

    @property
    def place(self) -> Place:
        return self.kind, self.scope, self.value


# Held against an erasure until the transaction ends, in one order for everybody; or held as `merge` will hold them.
_OF_PLACES = """SELECT g.n, i.person_id, c.id, i.verified
FROM unnest(%(kinds)s::text[], %(scopes)s::text[], %(values)s::text[]) WITH ORDINALITY AS g(kind, scope, value, n)
CROSS JOIN LATERAL (
  SELECT * FROM customers_identity i WHERE i.kind = g.kind AND i.scope = g.scope AND i.value = g.value LIMIT 1) i
JOIN customers_person p ON p.id = i.person_id
JOIN customers_person c ON c.id = coalesce(p.canonical_id, p.id)
WHERE c.erased_at IS NULL ORDER BY c.id FOR {held} OF c"""
# Nearly everybody stands for themselves and is found with one look less.
_ALONE = Statement(
    """SELECT g.n, c.id, c.id, i.verified
FROM unnest(%(kinds)s::text[], %(scopes)s::text[], %(values)s::text[]) WITH ORDINALITY AS g(kind, scope, value, n)
CROSS JOIN LATERAL (
  SELECT * FROM customers_identity i WHERE i.kind = g.kind AND i.scope = g.scope AND i.value = g.value LIMIT 1) i
JOIN customers_person c ON c.id = i.person_id
WHERE c.canonical_id IS NULL AND c.erased_at IS NULL ORDER BY c.id FOR KEY SHARE OF c""",
    Owner,
)
_OWNERS = Statement(_OF_PLACES.format(held="KEY SHARE"), Owner)
_OWNERS_TO_JOIN = Statement(_OF_PLACES.format(held="UPDATE"), Owner)
_STRONG = Statement(
    """SELECT g.root, i.kind, i.value, i.verified FROM unnest(%(roots)s::bigint[]) AS g(root)
CROSS JOIN LATERAL (
  SELECT g.root AS id UNION ALL SELECT p.id FROM customers_person p WHERE p.canonical_id = g.root) m
JOIN customers_identity i ON i.person_id = m.id AND i.kind IN ('email', 'phone', 'external')""",
    Strong,
)
_MADE = Statement(
    """WITH given AS MATERIALIZED (
  SELECT nextval(pg_get_serial_sequence('customers_person', 'id')) AS id, g.at, g.n
  FROM unnest(%(ats)s::timestamptz[]) WITH ORDINALITY AS g(at, n)),
made AS (
  INSERT INTO customers_person (id, first_seen_at) OVERRIDING SYSTEM VALUE SELECT id, at FROM given)
SELECT id FROM given ORDER BY n""",
    Made,
)
_NAMED = Statement(
    """INSERT INTO customers_identity (person_id, kind, scope, value, original, verified)
SELECT * FROM unnest(%(people)s::bigint[], %(kinds)s::text[], %(scopes)s::text[], %(values)s::text[],
  %(originals)s::text[], %(verified)s::bool[])
ON CONFLICT (kind, scope, value) DO NOTHING RETURNING id""",
    Made,
)
_PROVED = Statement(
    """UPDATE customers_identity i SET verified = true
FROM unnest(%(kinds)s::text[], %(scopes)s::text[], %(values)s::text[]) AS g(kind, scope, value)
WHERE i.kind = g.kind AND i.scope = g.scope AND i.value = g.value AND NOT i.verified RETURNING i.id""",
    Made,
)
_CALLED = Statement(
    """UPDATE customers_person p SET name = g.name, search = g.search
FROM unnest(%(people)s::bigint[], %(names)s::text[], %(searches)s::text[]) AS g(id, name, search)
WHERE p.id = g.id AND p.name = '' AND p.erased_at IS NULL RETURNING p.id""",
    Made,
)


def owners(places: Sequence[Place], *, to_join: bool = False) -> list[tuple[Place, Owner]]:
    if to_join:
        places = sorted(places)
        return [(places[one.n - 1], one) for one in _OWNERS_TO_JOIN.all(**columns(places))]
    found = [(places[one.n - 1], one) for one in _ALONE.all(**columns(places))]
    if len(found) == len(places):
        return found
    known = {place for place, _owner in found}
    left = [place for place in places if place not in known]
    return found + [(left[one.n - 1], one) for one in _OWNERS.all(**columns(left))]


def strong(roots: Sequence[int]) -> list[Strong]:
    return _STRONG.all(roots=list(roots))


def make(first_seen: Sequence[datetime]) -> list[int]:
    """As many people as there are moments, in their order."""
    return [one.id for one in _MADE.all(ats=list(first_seen))]


def name(given: Sequence[Naming]) -> bool:
    """False when one of them became somebody's meanwhile: then nothing of this may be kept."""
    given = sorted(given, key=lambda one: one.place)
    written = _NAMED.all(
        **columns([one.place for one in given]),
        people=[one.person_id for one in given],
        originals=[one.original for one in given],
        verified=[one.verified for one in given],
    )
    return len(written) == len(given)


def prove(places: Sequence[Place]) -> None:
    _PROVED.all(**columns(sorted(places)))


def call(names: dict[int, str], *, source: str) -> None:
    """What somebody is called, where nobody has said so yet."""
    people = sorted(names)
    called = [names[person] for person in people]
    written = _CALLED.all(people=people, names=called, searches=[text.fold(one) for one in called])
    origins.note_many([(one.id, "name") for one in written], source=source)


def columns(places: Sequence[Place]) -> dict[str, list[str]]:
    """As the statements ask for them."""
    return {
        "kinds": [kind for kind, _scope, _value in places],
        "scopes": [scope for _kind, scope, _value in places],
        "values": [value for _kind, _scope, value in places],
    }
