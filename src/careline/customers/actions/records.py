"""Everything that is kept of a person: handed out to them, or taken away for good."""

from __future__ import annotations

from django.db import transaction

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.customers.actions.taking import taken
from careline.customers.hot import ERASED
from careline.customers.models import Person
from careline.kit import bus, personal


@transaction.atomic
def export(person_id: int, *, actor: Actor) -> dict[str, list[personal.Row]]:
    """What every room keeps of the person, by model, as plain values."""
    person = taken(person_id, actor=actor, permission="customers.export")
    rows: dict[str, list[personal.Row]] = {}
    for one in _joined(person):
        for label, found in personal.export(one).items():
            rows.setdefault(label, []).extend(found)
    audit.record("customer.exported", f"customer:{person.pk}", actor=actor)
    return rows


@transaction.atomic
def erase(person_id: int, *, actor: Actor) -> dict[str, int]:
    """All rooms or none. What is left is a bare id, so that counts and other people's threads still stand.

    Says how many rows each model lost. Erasing again erases what came in since, and what an earlier one left.
    """
    person = taken(person_id, actor=actor, permission="customers.erase", erased_too=True)
    counts = personal.erase(*_joined(person))
    bus.after_commit(ERASED, {})
    audit.record("customer.erased", f"customer:{person.pk}", actor=actor)
    return counts


def _joined(person: Person) -> list[int]:
    """The person and those who turned out to be the same."""
    return [person.pk, *Person.objects.filter(canonical=person).order_by("pk").values_list("pk", flat=True)]
