"""Every verb begins here: find the person, see whether the actor may, lock the row."""

from __future__ import annotations

from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers.models import Person
from careline.kit.refusals import Conflicting, NotVisible


def taken(person_id: int, *, actor: Actor, permission: str = "customers.edit") -> Person:
    """The person this id stands for now, locked until the transaction ends."""
    while True:
        seen = Person.objects.visible_to(actor).filter(pk=person_id).values_list("canonical_id", flat=True)
        if not seen:
            raise NotVisible(_("There is no such customer."))
        actor.must(permission)
        # The whole row, so that an identity on its way to the person waits for an erasure.
        person = Person.objects.select_for_update().get(pk=seen[0] or person_id)
        if person.canonical_id is None:
            break  # else they were joined to another while we waited
    if person.erased_at is not None:
        raise Conflicting(_("This customer was erased."))
    return person
