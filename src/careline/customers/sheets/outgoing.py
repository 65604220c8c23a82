"""Customers written down, page by page, so that a long list is never held whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec
from django.db.models import QuerySet

from careline.accounts import audit
from careline.accounts.actor import Actor
from careline.customers import queries
from careline.customers.models import Company, CompanyMember, Person
from careline.customers.sheets import cells, vcards

PAGE = 200
HEADS = (
    "id", "name", "email", "phone", "external_id", "company", "parent_company", "language", "zone", "blocked",
    "first_seen_at",
)  # fmt: skip


def as_csv(actor: Actor, q: str = "", *, among: QuerySet[Person] | None = None) -> Iterator[str]:
    """The list as it was narrowed, one customer a row. Several names of a kind stand in one cell, a line each."""
    pages = _pages(actor, q, among, "csv")
    return _csv(actor, pages)


def _csv(actor: Actor, pages: Iterator[Sequence[queries.Whole]]) -> Iterator[str]:
    own = [one.name for one in queries.attributes()]
    worked_out = [one.name for one in queries.computed_traits(actor)]
    yield cells.line([*HEADS, *(f"attribute:{name}" for name in own), *(f"computed:{name}" for name in worked_out)])
    for page in pages:
        firms = _companies(page)
        computed = queries.computed_values(actor, [one.pk for one in page]) if worked_out else {}
        for one in page:
            own_firms = firms.get(one.pk, {})
            card = _card(one, list(own_firms))
            yield cells.line([
                str(one.pk), card.name, "\n".join(card.emails), "\n".join(card.phones), "\n".join(card.externals),
                "\n".join(own_firms), "\n".join(own_firms.values()).rstrip("\n"), card.language, card.zone,
                "yes" if one.blocked_at else "no", one.first_seen_at.isoformat(),
                *(_value(one.attributes.get(name)) for name in own),
                *(_value(computed.get(one.pk, {}).get(name)) for name in worked_out),
            ])  # fmt: skip


def as_cards(
    actor: Actor, version: vcards.Version, q: str = "", *, among: QuerySet[Person] | None = None
) -> Iterator[str]:
    return _cards(_pages(actor, q, among, "vcard"), version)


def card_of(actor: Actor, person_id: int, version: vcards.Version) -> str:
    actor.must("customers.export")
    found = queries.customer(actor, person_id)
    audit.record("customer.exported", f"customer:{found.pk}", actor=actor)
    return vcards.written(_card(found, list(_companies([found]).get(found.pk, {}))), version)


def _cards(pages: Iterator[Sequence[queries.Whole]], version: vcards.Version) -> Iterator[str]:
    for page in pages:
        firms = _companies(page)
        for one in page:
            yield vcards.written(_card(one, list(firms.get(one.pk, {}))), version)


def _pages(actor: Actor, q: str, among: QuerySet[Person] | None, what: str) -> Iterator[list[queries.Whole]]:
    """Asked for, and written into the audit log, before the first row is read."""
    actor.must("customers.export")
    audit.record("customers.exported", f"customers:{what}", actor=actor)
    return _read(actor, q, among)


def _read(actor: Actor, q: str, among: QuerySet[Person] | None) -> Iterator[list[queries.Whole]]:
    before = None
    while rows := queries.search(actor, q, before=before, limit=PAGE, among=among):
        yield queries.whole(rows)
        before = rows[-1].pk


def _card(one: queries.Whole, firms: Sequence[str]) -> vcards.Card:
    names: dict[str, list[str]] = {"email": [], "phone": [], "external": []}
    for name in one.identities:
        if name.kind in names:
            names[name.kind].append(name.value if name.kind == "phone" else name.original)
    return vcards.Card(
        one.name, names["email"], names["phone"], names["external"], next(iter(firms), ""), one.language, one.zone
    )


def _companies(page: Sequence[queries.Whole]) -> dict[int, dict[str, str]]:
    """Of each customer the companies they belong to, and what company each of those is a part of."""
    owners = {person: one.pk for one in page for person in one.ids}
    found: dict[int, dict[str, str]] = {}
    rows = CompanyMember.objects.filter(person__in=owners).select_related("company__parent").order_by("at", "pk")
    for row in rows:
        above = row.company.parent
        found.setdefault(owners[row.person_id], {}).setdefault(_called(row.company), _called(above) if above else "")
    return found


def _called(company: Company) -> str:
    return company.name or company.external or ""


def _value(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
