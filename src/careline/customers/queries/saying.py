"""What a customer agreed to, and where each thing that is known of them came from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import msgspec
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from careline.accounts.actor import Actor
from careline.customers.models import Consent, Origin, Person, Purpose, Trait
from careline.customers.queries.computed import computed_of
from careline.customers.queries.people import ids_of, person


class Agreed(msgspec.Struct, frozen=True):
    """What holds for a purpose: a no of any id of the customer before a yes of another."""

    purpose: str
    given: bool
    at: datetime
    source: str
    person_id: int


class Provenance(msgspec.Struct, frozen=True):
    """A value as it is shown, the id of the customer it stands under, who said it and when; unknown for old ones."""

    field: str
    value: Any
    person_id: int
    source: str
    at: datetime | None


class Choice(msgspec.Struct, frozen=True):
    """A kind of message as the customer decides on it. `wanted` is None where nobody ever said."""

    name: str
    label: str
    about: str
    wanted: bool | None


class Choices(msgspec.Struct, frozen=True):
    """What a customer who came by their own link may decide on."""

    name: str
    language: str
    # They want nothing but answers.
    nothing: bool
    kinds: list[Choice]


# What the house has not said in words of its own, as the migration wrote it.
BUILT_IN = frozenset({gettext_noop("Surveys"), gettext_noop("A few questions about how it went.")})


def in_words(written: str) -> str:
    """What the house calls a kind of message, or in the reader's language what it came with."""
    return _(written) if written in BUILT_IN else written


def purposes() -> QuerySet[Purpose]:
    """The kinds of message the house writes unasked."""
    return Purpose.objects.order_by("label", "name")


def choices(person_id: int, *, also: str = "") -> Choices | None:
    """Of the customer whose link it is; nothing when they are gone. `also` is a kind that is offered no more."""
    ids = ids_of(person_id)
    people = {one.pk: one for one in Person.objects.filter(pk__in=ids, erased_at=None)}
    if ids[0] not in people:
        return None
    no = {one.purpose: one.given for one in Consent.objects.filter(person__in=ids).order_by("-given")}
    found = [Choice(one.name, one.label, one.about, no.get(one.name)) for one in purposes()]
    if also and also != "any" and also not in {one.name for one in found}:
        found.append(Choice(also, also, "", no.get(also)))
    named = [people[one] for one in ids if one in people]
    language = next((one.language for one in named if one.language), "")
    return Choices(named[0].name, language, no.get("any") is False, found)


def consents(actor: Actor, person_id: int) -> list[Agreed]:
    """By purpose."""
    actor.must("customers.view")
    ids = ids_of(person(actor, person_id).pk)
    found: dict[str, Agreed] = {}
    # A no comes before a yes, and of two alike the later.
    for one in Consent.objects.filter(person__in=ids).order_by("purpose", "given", "-at", "pk"):
        found.setdefault(one.purpose, Agreed(one.purpose, one.given, one.at, one.source, one.person_id))
    return list(found.values())


def provenance(actor: Actor, person_id: int) -> list[Provenance]:
    """Of every value that is shown: name, language, zone, attributes, then what programs said and rooms worked out."""
    actor.must("customers.view")
    ids = ids_of(person(actor, person_id).pk)
    rows = {one.pk: one for one in Person.objects.filter(pk__in=ids)}
    said = {(one.person_id, one.field): one for one in Origin.objects.filter(person__in=ids)}
    found: dict[str, Provenance] = {}
    for number in ids:
        own = rows[number]
        values = {"name": own.name, "language": own.language, "zone": own.zone}
        values |= {f"attribute:{name}": value for name, value in sorted(own.attributes.items())}
        for field, value in values.items():
            if value not in ("", None) and field not in found:
                origin = said.get((number, field))
                found[field] = Provenance(
                    field, value, number, origin.source if origin else "", origin.at if origin else None
                )
    latest: dict[str, Trait] = {}
    for trait in Trait.objects.filter(person__in=ids).order_by("at", "pk"):
        latest[trait.name] = trait
    traits = [
        Provenance(f"trait:{name}", one.value, one.person_id, one.source, one.at)
        for name, one in sorted(latest.items())
    ]
    computed = [
        Provenance(f"computed:{one.name}", one.value, ids[0], "computed", one.at)
        for one in computed_of(actor, person_id)
    ]
    return [*found.values(), *traits, *computed]
