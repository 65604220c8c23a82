"""Looking at people, as far as the viewer may."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import hot, searching
from careline.customers.models import AttributeDefinition, Identity, Merge, Note, Person, Trait, of
from careline.kit.refusals import NotVisible

LONGEST = 200


def visible_to(actor: Actor) -> QuerySet[Person]:
    return Person.objects.visible_to(actor)


def canonical(person_id: int) -> int:
    """Whom this id stands for now; the only mapping there is. Rows keep the id they were written with."""
    return canonical_of([person_id]).get(person_id, person_id)


def canonical_of(person_ids: Iterable[int]) -> dict[int, int]:
    rows = Person.objects.filter(pk__in=list(person_ids)).values_list("pk", "canonical_id")
    return {person: root or person for person, root in rows}


class Whole(msgspec.Struct, frozen=True):
    """A customer with every name and every id that is theirs."""

    person: Person
    identities: list[Identity]
    joined: list[int]


def whole(people: Sequence[Person]) -> list[Whole]:
    """Each of these with what was joined to them, in two statements however many they are."""
    roots = [one.pk for one in people]
    names: dict[int, list[Identity]] = {root: [] for root in roots}
    joined: dict[int, list[int]] = {root: [] for root in roots}
    for pk, root in Person.objects.filter(canonical__in=roots).order_by("pk").values_list("pk", "canonical_id"):
        joined[root].append(pk)
    owners = {pk: root for root, others in joined.items() for pk in (root, *others)}
    for name in Identity.objects.filter(person__in=owners).order_by("pk"):
        names[owners[name.person_id]].append(name)
    return [Whole(one, names[one.pk], joined[one.pk]) for one in people]


def merges(found: Person) -> list[Merge]:
    """The entries that make this customer one, the newest first."""
    ids = ids_of(found.pk)
    rows = Merge.objects.filter(kept__in=ids, joined__in=ids, undone_at=None).select_related("kept", "joined")
    return list(rows.order_by("-pk"))


def ids_of(person_id: int) -> list[int]:
    """Every id that is the same customer, the one that stands for them first."""
    root = canonical(person_id)
    return [root, *Person.objects.filter(canonical=root).order_by("pk").values_list("pk", flat=True)]


def person(actor: Actor, person_id: int) -> Person:
    """With their identities. Of an erased person the bare shell is left."""
    found = visible_to(actor).filter(pk=canonical(person_id)).first()
    if found is None:
        raise NotVisible(_("There is no such customer."))
    return found


class Name(msgspec.Struct, frozen=True):
    """One identity, as it was given."""

    pk: int
    kind: str
    original: str
    verified: bool


class Glance(msgspec.Struct, frozen=True):
    """Who stands beside a conversation."""

    pk: int
    name: str
    language: str
    first_seen_at: datetime
    blocked_at: datetime | None
    attributes: dict[str, Any]
    identities: list[Name]
    # The ids that are this customer: their own first, then those that were joined to it.
    ids: list[int]


_names = msgspec.json.Decoder(list[Name])


def beside(actor: Actor, person_id: int) -> Glance:
    """What `person` tells of somebody, as far as a conversation needs it: every thread that is opened asks."""
    found = hot.BESIDE.one(person=person_id, allowed=actor.may("customers.view"))
    if found is None:
        raise NotVisible(_("There is no such customer."))
    return Glance(
        found.pk, found.name, found.language, found.first_seen_at, found.blocked_at,
        msgspec.json.decode(found.attributes), _names.decode(found.identities),
        [found.pk, *found.others],
    )  # fmt: skip


def search(actor: Actor, q: str = "", *, before: int | None = None, limit: int = 50) -> list[Person]:
    """By words of the name, address, number in any format, or id elsewhere; the newest first, `before` an id.

    Nothing asked for is everybody.
    """
    actor.must("customers.view")
    limit = max(1, min(limit, LONGEST))
    people = Person.objects.known().order_by("-pk")
    if not q.strip():
        return list(people.filter(pk__lt=before)[:limit] if before else people[:limit])
    ids = searching.find(q, before=before, limit=limit)
    return list(people.filter(pk__in=ids)[:limit])


def traits(actor: Actor, person_id: int) -> dict[str, Any]:
    """What was worked out about the person; like notes it is not for the customer."""
    actor.must("customers.view")
    found = person(actor, person_id)
    return dict(Trait.objects.filter(person=found).order_by("name").values_list("name", "value"))


def notes(actor: Actor, person_id: int) -> QuerySet[Note]:
    """The newest first; a customer, who has no permission, does not get this far."""
    actor.must("customers.view")
    return Note.objects.filter(of(person(actor, person_id).pk)).order_by("-created_at", "-pk")


def attributes() -> QuerySet[AttributeDefinition]:
    """What the organization keeps of its customers beside name and identities."""
    return AttributeDefinition.objects.order_by("name")
