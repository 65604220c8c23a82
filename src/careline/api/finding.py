"""The customer a request speaks of: found, or known from now on."""

from __future__ import annotations

from careline.accounts.actor import Actor
from careline.api import shapes
from careline.customers import actions, queries
from careline.customers.identities import Given


def identities(*, email: str | None, phone: str | None, external_id: str | None) -> list[Given]:
    """The surest first. A program that has a token speaks for its own ids, not for addresses and numbers."""
    given = []
    if external_id:
        given.append(Given("external", external_id, verified=True))
    if email:
        given.append(Given("email", email))
    if phone:
        given.append(Given("phone", phone))
    return given


def person(who: shapes.Who | None, *, actor: Actor) -> int:
    who = who or shapes.Who()
    given = identities(email=who.email, phone=who.phone, external_id=who.external_id)
    return actions.find_or_create(given, actor=actor, name=who.name or who.email or who.phone or "").person.pk


def seen(actor: Actor, person_id: int) -> int:
    """The person this id stands for now, when the actor sees them."""
    return queries.person(actor, person_id).pk
