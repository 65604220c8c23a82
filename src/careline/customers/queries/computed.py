"""Looking at traits that are worked out from moments, and at what they are of whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers.formulas import NAME
from careline.customers.models import ComputedTrait, ComputedValue
from careline.customers.queries.people import person
from careline.kit.refusals import NotVisible


class Defined(msgspec.Struct, frozen=True):
    """A computed trait with how many customers have a value of it now."""

    pk: int
    name: str
    label: str
    formula: Any
    inboxes: list[int] | None
    people: int
    changed_at: datetime
    counted_at: datetime | None


class Worked(msgspec.Struct, frozen=True):
    """What a trait is of one customer: from how many moments, when it became so, and when it was last found so."""

    name: str
    label: str
    formula: Any
    value: Any
    moments: int
    since: datetime
    at: datetime


def computed_traits(actor: Actor) -> list[Defined]:
    """By label."""
    actor.must("customers.view")
    return [_defined(one) for one in _rows(actor).order_by("label", "pk")]


def computed_trait(actor: Actor, name: str | int) -> Defined:
    """By its name, or its number."""
    asked = Q(pk=name) if isinstance(name, int) else Q(name=name if NAME.fullmatch(name) else "")
    found = _rows(actor).filter(asked).first()
    if found is None:
        raise NotVisible(_("There is no such computed trait."))
    return _defined(found)


def _rows(actor: Actor) -> QuerySet[ComputedTrait]:
    known = Q(values__person__canonical=None, values__person__erased_at=None)
    return ComputedTrait.objects.visible_to(actor).annotate(people=Count("values", filter=known))


def _defined(one: ComputedTrait) -> Defined:
    people: int = one.people  # type: ignore[attr-defined]  # annotated above
    return Defined(one.pk, one.name, one.label, one.formula, one.inboxes, people, one.changed_at, one.counted_at)


def computed_of(actor: Actor, person_id: int) -> list[Worked]:
    """Of one customer, as far as the viewer sees them; by label."""
    actor.must("customers.view")
    root = person(actor, person_id).pk
    rows = ComputedValue.objects.filter(person=root, trait__in=ComputedTrait.objects.visible_to(actor))
    return [
        Worked(
            one.trait.name, one.trait.label, one.trait.formula, one.value, one.moments, one.at,
            max(one.at, one.trait.counted_at or one.at),
        )
        for one in rows.select_related("trait").order_by("trait__label", "trait__pk")
    ]  # fmt: skip


def computed_values(actor: Actor, people: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Of many, by the id that stands for each and the name of the trait."""
    seen = ComputedTrait.objects.visible_to(actor)
    found: dict[int, dict[str, Any]] = {}
    rows = ComputedValue.objects.filter(person__in=list(people), trait__in=seen)
    for person_id, name, value in rows.values_list("person_id", "trait__name", "value"):
        found.setdefault(person_id, {})[name] = value
    return found
