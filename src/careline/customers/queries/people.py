"""Looking at people, as far as the viewer may."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import F, Q, QuerySet, Subquery
from django.db.models.expressions import RawSQL
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import hot, searching
from careline.customers.models import AttributeDefinition, Identity, Merge, Note, Person, Suggestion, Trait, of
from careline.kit.refusals import NotVisible

LONGEST = 200
SUGGESTED = 100
# Those found by name are looked through so many at a time for those who are among some.
WIDEST = 200_000


def visible_to(actor: Actor) -> QuerySet[Person]:
    return Person.objects.visible_to(actor)


def canonical(person_id: int) -> int:
    """Whom this id stands for now; the only mapping there is. Rows keep the id they were written with."""
    return canonical_of([person_id]).get(person_id, person_id)


def canonical_of(person_ids: Iterable[int]) -> dict[int, int]:
    rows = Person.objects.filter(pk__in=list(person_ids)).values_list("pk", "canonical_id")
    return {person: root or person for person, root in rows}


def is_proved(root: int) -> bool:
    """Whether they proved who they are under any of their ids."""
    whose = Q(person=root) | Q(person__canonical=root)
    return Identity.objects.filter(whose, verified=True, kind__in=("email", "phone", "external")).exists()


def owners(person_ids: Iterable[int]) -> dict[int, int]:
    """Every id that is one of these people, with whom it stands for: `canonical_of` of whole groups."""
    roots = set(canonical_of(person_ids).values())
    group = Person.objects.filter(Q(pk__in=roots) | Q(canonical__in=roots))
    return dict(group.values_list("pk", Coalesce("canonical", F("pk"))))


def joined() -> Iterator[tuple[int, int]]:
    """Everybody who stands for somebody else now, with whom: `canonical` of all at once."""
    return Person.objects.filter(canonical__isnull=False).order_by("pk").values_list("pk", "canonical_id").iterator()


def joined_digest() -> str:
    """Another text whenever `joined` would say something else."""
    found = hot.JOINED_DIGEST.one()
    return found.digest if found is not None else ""


class Whole(msgspec.Struct, frozen=True):
    """A customer with what stands under any of their ids. The one that stands for them speaks first, the others fill
    what it leaves open; blocked are all when one is."""

    pk: int
    name: str
    language: str
    zone: str
    attributes: dict[str, Any]
    scrap: list[int]
    efforts: list[int]
    first_seen_at: datetime
    created_at: datetime
    blocked_at: datetime | None
    erased_at: datetime | None
    identities: list[Identity]
    joined: list[int]

    @property
    def ids(self) -> list[int]:
        return [self.pk, *self.joined]


def whole(people: Sequence[Person]) -> list[Whole]:
    """Each of these with what was joined to them, in two statements however many they are."""
    groups = {one.pk: [one] for one in people}
    for other in Person.objects.filter(canonical__in=groups).order_by("pk"):
        groups[other.canonical_id or other.pk].append(other)
    owners = {one.pk: root for root, group in groups.items() for one in group}
    names: dict[int, list[Identity]] = {root: [] for root in groups}
    for name in Identity.objects.filter(person__in=owners).order_by("pk"):
        names[owners[name.person_id]].append(name)
    return [_whole(groups[one.pk], names[one.pk]) for one in people]


def _whole(group: Sequence[Person], identities: list[Identity]) -> Whole:
    root = group[0]
    return Whole(
        pk=root.pk,
        name=next((one.name for one in group if one.name), ""),
        language=next((one.language for one in group if one.language), ""),
        zone=next((one.zone for one in group if one.zone), ""),
        attributes=overlaid([one.attributes for one in group]),
        scrap=root.scrap,
        efforts=root.efforts,
        first_seen_at=min(one.first_seen_at for one in group),
        created_at=root.created_at,
        blocked_at=min((one.blocked_at for one in group if one.blocked_at), default=None),
        erased_at=root.erased_at,
        identities=identities,
        joined=[one.pk for one in group[1:]],
    )


def overlaid(layers: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What the first says holds; each further one only adds."""
    return {name: value for layer in reversed(layers) for name, value in layer.items()}


def customer(actor: Actor, person_id: int) -> Whole:
    """Whoever the id stands for, whole."""
    [found] = whole([person(actor, person_id)])
    return found


def merges(found: Whole) -> list[Merge]:
    """The entries that make this customer one, the newest first."""
    if not found.joined:
        return []
    rows = Merge.objects.filter(kept__in=found.ids, joined__in=found.ids, undone_at=None)
    return list(rows.select_related("kept", "joined").order_by("-pk"))


class Resembling(msgspec.Struct, frozen=True):
    """Two customers who may be one, and the kinds of names that speak for it."""

    pk: int
    one: Whole
    other: Whole
    evidence: list[str]
    state: str
    created_at: datetime


def suggestions(actor: Actor, *, before: int | None = None, limit: int = 50) -> list[Resembling]:
    """What waits for a person to decide, the newest first."""
    actor.must("customers.view")
    rows = Suggestion.objects.open().order_by("-pk")
    return _drawn(list((rows.filter(pk__lt=before) if before else rows)[: max(1, min(limit, LONGEST))]))


def suggestion(actor: Actor, suggestion_id: int) -> Resembling:
    actor.must("customers.view")
    found = _drawn(list(Suggestion.objects.filter(pk=suggestion_id)))
    if not found:
        raise NotVisible(_("There is no such suggestion."))
    return found[0]


def suggested(actor: Actor) -> int:
    """How many wait, as far as a person would count."""
    return len(Suggestion.objects.open().values_list("pk")[:SUGGESTED]) if actor.may("customers.edit") else 0


def evidence(actor: Actor, one: Whole, other: Whole) -> list[str]:
    """What speaks for these two being one."""
    actor.must("customers.view")
    rows = Suggestion.objects.open().between(one.ids, other.ids).values_list("evidence", flat=True)
    return sorted({word for words in rows for word in words})


def _drawn(rows: Sequence[Suggestion]) -> list[Resembling]:
    """With whom the two stand for now."""
    roots = canonical_of(person for one in rows for person in (one.one_id, one.other_id))
    people = {one.pk: one for one in whole(list(Person.objects.filter(pk__in=set(roots.values()))))}
    return [
        Resembling(
            one.pk, people[roots[one.one_id]], people[roots[one.other_id]], one.evidence, one.state, one.created_at
        )
        for one in rows
    ]


def ids_of(person_id: int) -> list[int]:
    """Every id that is the same customer, the one that stands for them first."""
    group = Person.objects.whole(Subquery(_root(person_id)))
    return list(group.order_by(F("canonical").asc(nulls_first=True), "pk").values_list("pk", flat=True)) or [person_id]


def _root(person_id: int) -> QuerySet[Person, Any]:
    return Person.objects.filter(pk=person_id).values(root=Coalesce("canonical_id", "pk"))


def person(actor: Actor, person_id: int) -> Person:
    """Whoever the id stands for. Of an erased person the bare shell is left."""
    found = visible_to(actor).filter(pk=Subquery(_root(person_id))).first()
    if found is None:
        raise NotVisible(_("There is no such customer."))
    return found


def search(
    actor: Actor, q: str = "", *, before: int | None = None, limit: int = 50, among: QuerySet[Person] | None = None
) -> list[Person]:
    """By words of the name, address, number in any format, or id elsewhere; the newest first, `before` an id.

    Nothing asked for is everybody, or all that are `among`.
    """
    actor.must("customers.view")
    limit = max(1, min(limit, LONGEST))
    people = (Person.objects.known() if among is None else among).order_by("-pk")
    if not q.strip():
        return list(people.filter(pk__lt=before)[:limit] if before else people[:limit])
    wide = limit
    ids = searching.find(q, before=before, limit=wide)
    found = list(people.filter(pk__in=ids)[:limit])
    # Of those found by their name some may not be among them: then further ones are looked for, soon all.
    while among is not None and len(found) < limit and len(ids) == wide:
        before, wide = min(ids), min(wide * 40, WIDEST)
        ids = searching.find(q, before=before, limit=wide)
        # One value, however many there are.
        further = people.filter(pk__in=RawSQL("SELECT unnest(%s::bigint[])", [ids]))
        found += further[: limit - len(found)]
    return found


def traits(actor: Actor, person_id: int) -> dict[str, Any]:
    """What was worked out about the person; like notes it is not for the customer."""
    actor.must("customers.view")
    found = person(actor, person_id)
    # Of two ids that were joined, what was worked out last holds.
    rows = Trait.objects.filter(of(found.pk)).order_by("at", "pk").values_list("name", "value")
    return dict(sorted(dict(rows).items()))


def notes(actor: Actor, person_id: int) -> QuerySet[Note]:
    """The newest first; a customer, who has no permission, does not get this far."""
    actor.must("customers.view")
    return Note.objects.filter(of(person(actor, person_id).pk)).order_by("-created_at", "-pk")


def attributes(of: str | None = "customer") -> QuerySet[AttributeDefinition]:
    """What the organization keeps of its customers beside name and identities, or of its conversations; None is all."""
    found = AttributeDefinition.objects.order_by("name")
    return found if of is None else found.filter(of=of)
