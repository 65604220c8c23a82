"""What is said of many customers at once: attributes written with few statements, and only where they change."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Any

import msgspec
from django.db.models import Q
from django.utils.translation import gettext as _

from careline import touchpoints
from careline.accounts.actor import Actor
from careline.customers import origins, resolving
from careline.customers.models import Person
from careline.customers.resolving import Naming, Place, Raced
from careline.kit import clock
from careline.kit.refusals import Conflicting
from careline.kit.statement import Statement

_decode = msgspec.json.Decoder(dict[str, Any]).decode
_encode = msgspec.json.Encoder().encode


class Said(msgspec.Struct, frozen=True):
    """Of whoever goes by this name; None takes a value away."""

    place: Place
    original: str
    values: dict[str, Any]


class Became(msgspec.Struct, frozen=True):
    """What became of it, or would; nothing where nobody goes by that name."""

    person: int | None = None
    made: bool = False
    # What is another than before: name, before, after.
    changes: tuple[tuple[str, Any, Any], ...] = ()


class _Found(msgspec.Struct, frozen=True):
    n: int
    root: int
    attributes: str


class _Held(msgspec.Struct, frozen=True):
    id: int
    attributes: str


class _Under(msgspec.Struct, frozen=True):
    root: int
    attributes: str


class _Name(msgspec.Struct, frozen=True):
    name: str


class _Id(msgspec.Struct, frozen=True):
    id: int


_FOUND = Statement(
    """SELECT g.n, c.id, c.attributes::text
FROM unnest(%(kinds)s::text[], %(scopes)s::text[], %(values)s::text[]) WITH ORDINALITY AS g(kind, scope, value, n)
CROSS JOIN LATERAL (
  SELECT * FROM customers_identity i WHERE i.kind = g.kind AND i.scope = g.scope AND i.value = g.value LIMIT 1) i
JOIN customers_person p ON p.id = i.person_id
JOIN customers_person c ON c.id = coalesce(p.canonical_id, p.id)
WHERE c.erased_at IS NULL""",
    _Found,
)
_HELD = Statement(
    """SELECT c.id, c.attributes::text FROM customers_person c
WHERE c.id = ANY(%(people)s::bigint[]) AND c.canonical_id IS NULL AND c.erased_at IS NULL
ORDER BY c.id FOR NO KEY UPDATE""",
    _Held,
)
# What shines through from an id that was joined, where the one that stands for it says nothing.
_UNDER = Statement(
    """SELECT p.canonical_id, p.attributes::text FROM customers_person p
WHERE p.canonical_id = ANY(%(roots)s::bigint[]) AND p.attributes ?| %(names)s::text[] ORDER BY p.id DESC""",
    _Under,
)
# Held against being taken away until the transaction ends.
_DEFINED = Statement(
    """SELECT d.name FROM customers_attributedefinition d WHERE d.of = 'customer' AND d.name = ANY(%(names)s::text[])
ORDER BY d.id FOR KEY SHARE""",
    _Name,
)
_WRITTEN = Statement(
    """UPDATE customers_person p SET attributes = g.attributes::jsonb
FROM unnest(%(people)s::bigint[], %(attributes)s::text[]) AS g(id, attributes) WHERE p.id = g.id RETURNING p.id""",
    _Id,
)
_BARED = Statement(
    """UPDATE customers_person p SET attributes = p.attributes - g.name
FROM unnest(%(people)s::bigint[], %(names)s::text[]) AS g(id, name)
WHERE p.canonical_id = g.id AND p.attributes ? g.name RETURNING p.id""",
    _Id,
)


def roots(places: Sequence[Place]) -> dict[Place, int]:
    """Whom each of these names stands for now."""
    return {place: root for place, (root, _attributes) in _found(places).items()}


def foreseen(said: Sequence[Said], *, make: bool) -> list[Became]:
    """What would become of it; nothing is written."""
    found = _found([one.place for one in said])
    fresh = list(dict.fromkeys(one.place for one in said if one.place not in found)) if make else []
    found |= {place: (-n, {}) for n, place in enumerate(fresh, 1)}
    return _weighed(said, found, {-n for n in range(1, len(fresh) + 1)})


def describe_many(said: Sequence[Said], *, actor: Actor, source: str, make: bool) -> list[Became]:
    """In the caller's transaction; of several that are about one customer each comes after the one before.

    Whoever is not to change is only looked at. Raced where somebody took a name, or was joined or erased, meanwhile.
    """
    _must_be_defined({name for one in said for name in one.values})
    found = _found([one.place for one in said])
    made = _make([one for one in said if one.place not in found], actor) if make else {}
    found |= {place: (person, {}) for place, person in made.items()}
    fresh = set(made.values())
    became = _weighed(said, found, fresh)
    if changing := {one.person for one in became if one.changes and one.person is not None} - fresh:
        found = _held(found, changing)
        became = _weighed(said, found, fresh)
    _write(became, found, actor, source)
    return became


def _must_be_defined(names: Collection[str]) -> None:
    if len(_DEFINED.all(names=sorted(names))) < len(names):
        raise Conflicting(_("An attribute that these rows become was taken away meanwhile."), field="attributes")


def _found(places: Sequence[Place]) -> dict[Place, tuple[int, dict[str, Any]]]:
    asked = list(dict.fromkeys(places))
    rows = _FOUND.all(**resolving.columns(asked))
    return {asked[one.n - 1]: (one.root, _decode(one.attributes)) for one in rows}


def _held(
    found: dict[Place, tuple[int, dict[str, Any]]], changing: set[int]
) -> dict[Place, tuple[int, dict[str, Any]]]:
    """The same, with those who are to change locked; Raced where one was joined or erased meanwhile."""
    now = {one.id: _decode(one.attributes) for one in _HELD.all(people=sorted(changing))}
    if len(now) < len(changing):
        raise Raced
    return {place: (root, now.get(root, attributes)) for place, (root, attributes) in found.items()}


def _weighed(
    said: Sequence[Said], found: dict[Place, tuple[int, dict[str, Any]]], fresh: Collection[int]
) -> list[Became]:
    now = dict(found.values())
    left, became = set(fresh), []
    under = _under(said, now)
    for one in said:
        if one.place not in found:
            became.append(Became())
            continue
        root = found[one.place][0]
        before = now[root]
        changes = tuple(
            (name, was, value)
            for name, value in one.values.items()
            if (was := before.get(name, under.get((root, name)) if value is None else None)) != value
        )
        now[root] = {name: value for name, value in {**before, **one.values}.items() if value is not None}
        for name, _was, value in changes:
            if value is None:
                under.pop((root, name), None)
        became.append(Became(root, root in left, changes))
        left.discard(root)
    return became


def _under(said: Sequence[Said], roots: Iterable[int]) -> dict[tuple[int, str], Any]:
    """Asked for only where something is taken away: it must not shine through from an id that was joined."""
    names = sorted({name for one in said for name, value in one.values.items() if value is None})
    rows = _UNDER.all(roots=list(roots), names=names) if names else []
    found: dict[tuple[int, str], Any] = {}
    for one in rows:
        found |= {(one.root, name): value for name, value in _decode(one.attributes).items()}
    return found


def _make(unknown: Sequence[Said], actor: Actor) -> dict[Place, int]:
    """New customers by these names, which a file does not prove."""
    first = {one.place: one for one in reversed(unknown)}
    if not first:
        return {}
    at = clock.now()
    made = dict(zip(first, resolving.make([at] * len(first)), strict=True))
    if not resolving.name([Naming(made[place], *place, one.original, False) for place, one in first.items()]):
        raise Raced
    touchpoints.record_many(
        touchpoints.row(
            "customer.identified", person=person, actor=actor, source=f"customer:{person}", recorded_at=at,
            kinds=[place[0]],
        ) for place, person in made.items()
    )  # fmt: skip
    return made


def _write(became: Sequence[Became], found: dict[Place, tuple[int, dict[str, Any]]], actor: Actor, source: str) -> None:
    before = dict(found.values())
    after: dict[int, dict[str, Any]] = {}
    for one in became:
        if one.person is not None and one.changes:
            after.setdefault(one.person, {}).update({name: value for name, _was, value in one.changes})
    # Said twice and back again is nothing new.
    news = {
        person: {name: value for name, value in said.items() if value is None or before[person].get(name) != value}
        for person, said in sorted(after.items())
    }
    news = {person: said for person, said in news.items() if said}
    if not news:
        return
    whole = {person: _kept(before[person] | said) for person, said in news.items()}
    _WRITTEN.all(people=list(whole), attributes=[_encode(one).decode() for one in whole.values()])
    pairs = [(person, name, value) for person, said in news.items() for name, value in said.items()]
    origins.note_many([(one, f"attribute:{name}") for one, name, value in pairs if value is not None], source=source)
    if gone := [(one, name) for one, name, value in pairs if value is None]:
        _BARED.all(people=[one for one, _name in gone], names=[name for _one, name in gone])
        for name in sorted({name for _one, name in gone}):
            bared = [one for one, of in gone if of == name]
            everybody = Person.objects.filter(Q(pk__in=bared) | Q(canonical__in=bared)).values_list("pk", flat=True)
            origins.forget(everybody, [f"attribute:{name}"])
    at = clock.now()
    touchpoints.record_many(
        touchpoints.row(
            "customer.described", person=person, actor=actor, source=f"customer:{person}", recorded_at=at,
            traits=sorted(said),
        ) for person, said in news.items()
    )  # fmt: skip


def _kept(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
