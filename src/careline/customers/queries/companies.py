"""Looking at companies: who belongs to them, what is known of them, and whom a customer belongs to."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import msgspec
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import hot, searching
from careline.customers.models import CompanyMember, CompanyTrait, Person
from careline.customers.queries import trees
from careline.customers.queries.people import LONGEST, ids_of, person
from careline.kit import text
from careline.kit.refusals import NotVisible
from careline.kit.statement import Statement


class Firm(msgspec.Struct, frozen=True):
    """A company in a list, the one it is a part of, and how many customers belong to it."""

    pk: int
    external: str | None
    name: str
    people: int
    created_at: datetime
    parent: int | None = None
    parent_name: str | None = None


class Belonging(msgspec.Struct, frozen=True):
    """A company one customer belongs to, since when, and who said so."""

    pk: int
    external: str | None
    name: str
    at: datetime
    source: str


class Trait(msgspec.Struct, frozen=True):
    """One plain thing that is known of a company of this customer."""

    customer: int
    value: str


# How much of a trait is a name to group by.
LONGEST_TRAIT = 100
# Customers who were joined count once.
_PEOPLE = """(SELECT count(DISTINCT coalesce(p.canonical_id, p.id)) FROM customers_companymember m
  JOIN customers_person p ON p.id = m.person_id WHERE m.company_id = c.id)"""
_FIRMS = Statement(
    f"""SELECT c.id, c.external, c.name, {_PEOPLE}, c.created_at, c.parent_id,
  coalesce(nullif(u.name, ''), u.external) FROM (
  SELECT * FROM customers_company p
  WHERE (%(words)s::text = '' OR {hot.WORDS} @@ %(words)s::tsquery OR p.external = %(exact)s::text)
    AND p.id < %(before)s::bigint AND (%(only)s::bigint IS NULL OR p.id = %(only)s) AND %(allowed)s::bool
  ORDER BY p.id DESC LIMIT %(limit)s::int) c LEFT JOIN customers_company u ON u.id = c.parent_id ORDER BY c.id DESC""",  # noqa: S608
    Firm,
)
_OF = Statement(
    """SELECT c.id, c.external, c.name, min(m.at), (array_agg(m.source ORDER BY m.at, m.id))[1]
FROM customers_companymember m JOIN customers_company c ON c.id = m.company_id
WHERE m.person_id = ANY(%(people)s::bigint[]) GROUP BY c.id ORDER BY min(m.at), c.id""",
    Belonging,
)


_TRAITS = Statement(
    """SELECT DISTINCT coalesce(p.canonical_id, p.id), left(t.value #>> '{}', %(most)s::int)
FROM customers_companytrait t JOIN customers_companymember m ON m.company_id = t.company_id
JOIN customers_person p ON p.id = m.person_id
WHERE t.name = %(trait)s::text AND p.erased_at IS NULL AND jsonb_typeof(t.value) IN ('string', 'number', 'boolean')""",
    Trait,
)


def companies(actor: Actor, q: str = "", *, before: int | None = None, limit: int = 50) -> list[Firm]:
    """By words of the name or by the id elsewhere; the newest first, `before` an id. Nothing asked for is all."""
    actor.must("customers.view")
    q = text.clean(q, field="q", limit=searching.LIMIT).strip()
    return _firms(actor, words=searching.words(q) if q else "", exact=q, before=before, limit=limit)


def company(actor: Actor, company_id: int) -> Firm:
    found = _firms(actor, only=company_id)
    if not found:
        raise NotVisible(_("There is no such company."))
    return found[0]


def _firms(
    actor: Actor, *, words: str = "", exact: str = "", before: int | None = None, only: int | None = None,
    limit: int = 1,
) -> list[Firm]:  # fmt: skip
    return _FIRMS.all(
        words=words, exact=exact, before=before or 2**63 - 1, only=only, allowed=actor.may("customers.view"),
        limit=max(1, min(limit, LONGEST)),
    )  # fmt: skip


def company_people(
    actor: Actor, company_id: int, *, before: int | None = None, limit: int = 50, below: bool = False
) -> list[Person]:
    """Who belongs to it, each customer once, the newest first; with `below` also who belongs to its parts."""
    found = company(actor, company_id)
    firms = trees.ids_below(found.pk) if below else [found.pk]
    members = CompanyMember.objects.filter(company__in=firms).values(root=Coalesce("person__canonical_id", "person_id"))
    rows = Person.objects.visible_to(actor).known().filter(pk__in=members).order_by("-pk")
    return list((rows.filter(pk__lt=before) if before else rows)[: max(1, min(limit, LONGEST))])


def company_traits(actor: Actor, company_id: int) -> QuerySet[CompanyTrait]:
    """What is known of it, by name, each with its source and time."""
    return CompanyTrait.objects.filter(company=company(actor, company_id).pk).order_by("name")


def companies_of(actor: Actor, person_id: int) -> list[Belonging]:
    """Whom the customer belongs to under any of their ids, the longest first."""
    actor.must("customers.view")
    return _OF.all(people=ids_of(person(actor, person_id).pk))


def names_by_company(actor: Actor, trait: str) -> Iterator[tuple[int, str]]:
    """Of each customer of a company this is known of, the customer and what it is; several companies, several rows."""
    actor.must("customers.view")
    for row in _TRAITS.all(trait=trait, most=LONGEST_TRAIT):
        yield row.customer, row.value


def company_ids(actor: Actor, company_id: int, *, limit: int, below: bool = False) -> list[int]:
    """Every id of those who belong to it, of the newest customers first."""
    roots = [one.pk for one in company_people(actor, company_id, limit=limit, below=below)]
    return list(Person.objects.filter(Q(pk__in=roots) | Q(canonical__in=roots)).values_list("pk", flat=True))
