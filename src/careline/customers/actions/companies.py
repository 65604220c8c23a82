"""Companies made known by hand or by a program, and who belongs to them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from careline import touchpoints
from careline.accounts.actor import Actor
from careline.customers import companies, origins
from careline.customers.actions.taking import taken
from careline.customers.models import Company, CompanyMember, CompanyTrait, of
from careline.kit import clock, text
from careline.kit.refusals import Conflicting, NotVisible, Refused

EXTERNAL = 200
LARGEST = 10_000
MOST = 200


class CompanyFound(msgspec.Struct, frozen=True):
    company: Company
    created: bool


@transaction.atomic
def make_company(
    name: str = "", *, actor: Actor, external: str = "", traits: Mapping[str, Any] | None = None
) -> CompanyFound:
    """The company of this id elsewhere, or a new one; what is said of it holds from now on."""
    actor.must("customers.edit")
    name = text.clean(name, field="name", limit=companies.NAME)
    external = text.clean(external, field="external_id", limit=EXTERNAL).strip()
    if not name.strip() and not external:
        raise Refused(_("Give the company a name."), field="name")
    try:
        with transaction.atomic():
            found = Company.objects.filter(external=external).first() if external else None
            created = found is None
            company = found or Company.objects.create(name=name, search=text.fold(name), external=external or None)
    except IntegrityError:
        raise Conflicting(_("Somebody else is making this company known just now. Try again.")) from None
    _describe(company, {**(traits or {}), **({"name": name} if name.strip() else {})}, actor)
    company.refresh_from_db()
    return CompanyFound(company, created)


@transaction.atomic
def describe_company(company_id: int, values: Mapping[str, Any], *, actor: Actor) -> Company:
    """What is given changes; None takes a value away."""
    company = _taken(company_id, actor)
    if "name" in values:
        called = values["name"]
        if not isinstance(called, str) or not called.strip():
            raise Refused(_("Give the company a name."), field="name")
        text.clean(called, field="name", limit=companies.NAME)
    _describe(company, values, actor)
    company.refresh_from_db()
    return company


@transaction.atomic
def place_company(company_id: int, parent_id: int | None, *, actor: Actor) -> Company:
    """The company is a part of another from now on, or of none. Of two moves at once the second sees the first."""
    company = _taken(company_id, actor, keys_free=True)
    if parent_id is not None and not Company.objects.visible_to(actor).filter(pk=parent_id).exists():
        raise Refused(_("There is no such company above it."), field="parent")
    if company.parent_id == parent_id:
        return company
    company.parent_id = parent_id
    try:
        with transaction.atomic():
            company.save(update_fields=["parent"])
    except IntegrityError:
        raise Refused(_("A company cannot be a part of itself or of what stands below it."), field="parent") from None
    return company


@transaction.atomic
def place_company_named(company_id: int, name: str, *, actor: Actor) -> Company:
    """Below the oldest company of this name or number, however it is written; with no name, below none."""
    name = text.clean(name, field="parent", limit=companies.NAME).strip()
    if not name:
        return place_company(company_id, None, actor=actor)
    called = Company.objects.visible_to(actor).filter(Q(external=name) | Q(search=text.fold(name)))
    above = called.exclude(pk=company_id).order_by("pk").values_list("pk", flat=True).first()
    if above is None:
        _taken(company_id, actor)
        raise Refused(_("No company is called “%(name)s”.") % {"name": name[:100]}, field="parent")
    return place_company(company_id, above, actor=actor)


@transaction.atomic
def remove_company(company_id: int, *, actor: Actor) -> None:
    """The company goes, and its parts stand for themselves; whoever belonged to it stays, with what they lived."""
    _taken(company_id, actor).delete()


@transaction.atomic
def join_company(person_id: int, company_id: int, *, actor: Actor) -> bool:
    """False when they belong to it already, under any of their ids."""
    person = taken(person_id, actor=actor)
    company = _taken(company_id, actor)
    if CompanyMember.objects.filter(of(person.pk), company=company).exists():
        return False
    companies.join([(company.pk, person.pk, clock.now())], source=origins.source_of(actor))
    _tell("group.joined", person.pk, company, actor)
    return True


@transaction.atomic
def join_company_named(person_id: int, name: str, *, actor: Actor) -> bool:
    """To the oldest company that is called so, however it is written, or to a new one."""
    taken(person_id, actor=actor)
    name = text.clean(name, field="company", limit=companies.NAME).strip()
    known = Company.objects.filter(search=text.fold(name)).order_by("pk").first() if name else None
    company = known or make_company(name, actor=actor).company
    return join_company(person_id, company.pk, actor=actor)


@transaction.atomic
def leave_company(person_id: int, company_id: int, *, actor: Actor) -> None:
    person = taken(person_id, actor=actor)
    company = _taken(company_id, actor)
    gone, _models = CompanyMember.objects.filter(of(person.pk), company=company).delete()
    if not gone:
        raise NotVisible(_("This customer does not belong to that company."))
    _tell("group.left", person.pk, company, actor)


def _taken(company_id: int, actor: Actor, *, keys_free: bool = False) -> Company:
    """With `keys_free` others may name it meanwhile, so that two companies placed below each other do not deadlock."""
    held = Company.objects.visible_to(actor).select_for_update(no_key=keys_free)
    company = held.filter(pk=company_id).first()
    if company is None:
        raise NotVisible(_("There is no such company."))
    actor.must("customers.edit")
    return company


def _describe(company: Company, values: Mapping[str, Any], actor: Actor) -> None:
    gone = [name for name, value in values.items() if value is None]
    CompanyTrait.objects.filter(company=company, name__in=gone).delete()
    kept = {name: value for name, value in values.items() if value is not None}
    for name, value in kept.items():
        text.clean(name, field="traits", limit=companies.LONGEST, required=True)
        encoded = msgspec.json.encode(value)
        if len(encoded) > LARGEST or b"\\u0000" in encoded:
            raise Refused(_("A value may have at most 10,000 characters, and none of them NUL."), field="traits")
    others = CompanyTrait.objects.filter(company=company).exclude(name__in=list(kept)).count()
    if others + len(kept) > MOST:
        raise Refused(_("At most %(most)s things are kept of a company.") % {"most": MOST}, field="traits")
    # Said now, by somebody who sees what stands there: it holds even beside a program whose clock runs ahead.
    CompanyTrait.objects.filter(company=company, name__in=list(kept), at__gt=clock.now()).delete()
    at = clock.now()
    companies.describe([(company.pk, name, kept[name], at) for name in sorted(kept)], source=origins.source_of(actor))


def _tell(kind: str, person_id: int, company: Company, actor: Actor) -> None:
    touchpoints.record(
        kind, person=person_id, actor=actor, source=f"company:{company.pk}",
        group=company.external or f"company:{company.pk}", label=company.name,
    )  # fmt: skip
