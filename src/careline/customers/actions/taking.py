"""Every verb begins here: find the person, see whether the actor may, lock the row."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from careline import touchpoints
from careline.accounts.actor import Actor
from careline.customers import locking
from careline.customers.models import Person
from careline.kit.refusals import Conflicting, NotVisible


def taken(person_id: int, *, actor: Actor, permission: str = "customers.edit", erased_too: bool = False) -> Person:
    """The person this id stands for now, locked until the transaction ends."""
    if not Person.objects.visible_to(actor).filter(pk=person_id).exists():
        raise NotVisible(_("There is no such customer."))
    actor.must(permission)
    person = locking.held([person_id])[person_id]
    if person.erased_at is not None and not erased_too:
        raise Conflicting(_("This customer was erased."))
    return person


def tell_identified(person: Person, kinds: Sequence[str], actor: Actor) -> None:
    """New names of a person are news to whoever looks for others who go by the same."""
    touchpoints.record(
        "customer.identified", person=person.pk, actor=actor, source=f"customer:{person.pk}", kinds=list(kinds)
    )


def tell_described(person: Person, names: Sequence[str], actor: Actor) -> None:
    """More is known of a person, or something else; what it is stands with the person alone."""
    touchpoints.record(
        "customer.described", person=person.pk, actor=actor, source=f"customer:{person.pk}", traits=list(names)
    )
