"""Giving a person one more identity, or taking one away."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import identities
from careline.customers.actions.taking import taken, tell_identified
from careline.customers.identities import Given
from careline.customers.models import Identity, of
from careline.kit.refusals import Conflicting, NotVisible


@transaction.atomic
def add_identity(person_id: int, given: Given, *, actor: Actor) -> Identity:
    """The same identity again changes nothing, but that it may now be verified."""
    person = taken(person_id, actor=actor)
    one = identities.known(given)
    identity, created = Identity.objects.get_or_create(
        kind=one.kind, scope=one.scope, value=one.value,
        defaults={"person": person, "original": one.original, "verified": one.verified},
    )  # fmt: skip
    if created:
        tell_identified(person, [one.kind], actor)
        return identity
    if identity.person_id != person.pk and identity.person.canonical_id != person.pk:
        raise Conflicting(_("This already belongs to another customer."), field=one.kind)
    if one.verified and not identity.verified:
        identity.verified = True
        identity.save(update_fields=["verified"])
    return identity


@transaction.atomic
def remove_identity(person_id: int, identity_id: int, *, actor: Actor) -> None:
    person = taken(person_id, actor=actor)
    gone, _models = Identity.objects.filter(of(person.pk), pk=identity_id).delete()
    if not gone:
        raise NotVisible(_("This customer is not known by that."))
