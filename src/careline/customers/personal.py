"""What this room holds of a person, which is nearly everything that names them."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.db import models
from django.db.models import Q, QuerySet

from careline.accounts import idempotency
from careline.customers.models import (
    CompanyMember,
    ComputedValue,
    Consent,
    Identity,
    Note,
    Origin,
    Person,
    SegmentMember,
    Suggestion,
    Trait,
)
from careline.files import queries as files
from careline.kit import clock, personal


def _export_person(person_id: int) -> list[personal.Row]:
    return [
        {
            "id": one.pk,
            "name": one.name,
            "language": one.language,
            "zone": one.zone,
            "attributes": one.attributes,
            "blocked_at": one.blocked_at and one.blocked_at.isoformat(),
            "first_seen_at": one.first_seen_at.isoformat(),
            "created_at": one.created_at.isoformat(),
        }
        for one in Person.objects.filter(pk=person_id)
    ]


def _erase_person(person_id: int) -> int:
    person = Person.objects.select_for_update().filter(pk=person_id).first()
    if person is None:
        return 0
    person.lay_bare(at=clock.now())
    return 1


def _export_identities(person_id: int) -> list[personal.Row]:
    return [
        {
            "kind": one.kind,
            "value": one.value,
            "original": one.original,
            "verified": one.verified,
            "created_at": one.created_at.isoformat(),
        }
        for one in Identity.objects.filter(person_id=person_id).order_by("pk")
    ]


def _erase_identities(person_id: int) -> int:
    """What API clients would be told again goes with the names they were told."""
    identities = Identity.objects.filter(person_id=person_id)
    names = {json.dumps(value, ensure_ascii=False) for one in identities for value in (one.value, one.original)}
    numbers = (f'"{field}":"{person_id}"' for field in ("id", "customer_id", "person_id"))
    mine = (f'"{file.pk}"' for file in files.of_person(person_id))
    idempotency.forget([*names, *numbers, *mine])
    return identities.delete()[0]


def _export_traits(person_id: int) -> list[personal.Row]:
    return [
        {"name": one.name, "value": one.value, "at": one.at.isoformat()}
        for one in Trait.objects.filter(person_id=person_id).order_by("name")
    ]


def _export_notes(person_id: int) -> list[personal.Row]:
    return [
        {"body": one.body, "created_at": one.created_at.isoformat()}
        for one in Note.objects.filter(person_id=person_id).order_by("pk")
    ]


def _suggestions(person_id: int) -> QuerySet[Suggestion]:
    return Suggestion.objects.filter(Q(one=person_id) | Q(other=person_id))


def _export_suggestions(person_id: int) -> list[personal.Row]:
    # Who else it could be is somebody else's to know.
    return [
        {"evidence": one.evidence, "state": one.state, "created_at": one.created_at.isoformat()}
        for one in _suggestions(person_id).order_by("pk")
    ]


def _export_companies(person_id: int) -> list[personal.Row]:
    return [
        {"company": one.company.name or one.company.external, "at": one.at.isoformat(), "source": one.source}
        for one in CompanyMember.objects.filter(person_id=person_id).select_related("company").order_by("pk")
    ]


def _export_segments(person_id: int) -> list[personal.Row]:
    return [
        {"segment": one.segment.name, "entered_at": one.entered_at.isoformat()}
        for one in SegmentMember.objects.filter(person_id=person_id).select_related("segment").order_by("pk")
    ]


def _export_computed(person_id: int) -> list[personal.Row]:
    return [
        {"trait": one.trait.name, "value": one.value, "moments": one.moments, "at": one.at.isoformat()}
        for one in ComputedValue.objects.filter(person_id=person_id).select_related("trait").order_by("pk")
    ]


def _export_consents(person_id: int) -> list[personal.Row]:
    return [
        {"purpose": one.purpose, "given": one.given, "at": one.at.isoformat(), "source": one.source}
        for one in Consent.objects.filter(person_id=person_id).order_by("purpose")
    ]


def _export_origins(person_id: int) -> list[personal.Row]:
    return [
        {"field": one.field, "at": one.at.isoformat(), "source": one.source}
        for one in Origin.objects.filter(person_id=person_id).order_by("field")
    ]


def _all_of(model: type[models.Model]) -> Callable[[int], int]:
    """Erases every row of the person."""
    return lambda person_id: model._default_manager.filter(person_id=person_id).delete()[0]


def register() -> None:
    # Erasure goes from the last to the first: what hangs on the person goes before the person is laid bare.
    personal.register("customers.Person", export=_export_person, erase=_erase_person)
    personal.register(
        "customers.Identity",
        export=_export_identities,
        erase=_erase_identities,
    )
    personal.register(
        "customers.Trait",
        export=_export_traits,
        erase=_all_of(Trait),
    )
    personal.register(
        "customers.Note",
        export=_export_notes,
        erase=_all_of(Note),
    )
    personal.register(
        "customers.Suggestion",
        export=_export_suggestions,
        erase=lambda person_id: _suggestions(person_id).delete()[0],
    )
    personal.register(
        "customers.CompanyMember",
        export=_export_companies,
        erase=_all_of(CompanyMember),
    )
    personal.register(
        "customers.SegmentMember",
        export=_export_segments,
        erase=_all_of(SegmentMember),
    )
    personal.register(
        "customers.ComputedValue",
        export=_export_computed,
        erase=_all_of(ComputedValue),
    )
    personal.register(
        "customers.Consent",
        export=_export_consents,
        erase=_all_of(Consent),
    )
    personal.register(
        "customers.Origin",
        export=_export_origins,
        erase=_all_of(Origin),
    )
    personal.exempt("customers.Segment", "Says what must be true of a customer, of nobody in particular.")
    personal.exempt("customers.ComputedTrait", "Says how a trait is worked out, of nobody in particular.")
    for label in ("Company", "CompanyTrait"):
        personal.exempt(f"customers.{label}", "Of a company; who belongs to it stands apart.")
    personal.exempt("customers.Purpose", "Names a kind of message, of nobody in particular.")
    personal.exempt("customers.Merge", "Says which ids are one customer and who said so, in ids alone.")
    personal.exempt(
        "customers.AttributeDefinition", "Names what an organization keeps of customers, of nobody in particular."
    )
