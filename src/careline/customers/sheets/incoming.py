"""Files of customers taken in: rows found or made known one by one, each refused row with its reason.

A second time the same file adds nothing: whoever a row names by an address, a number or an id is found again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec
from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import actions, identities, queries
from careline.customers.identities import Given
from careline.customers.models import AttributeDefinition, Identity, Person
from careline.customers.sheets import cells, vcards
from careline.kit import text
from careline.kit.refusals import Refused

FIELDS = ("name", "email", "phone", "external_id", "company", "language", "zone")
# Other words for the same, as address books and shops write them; folded.
_ALSO = {
    "name": ("full name", "fullname", "customer", "customer name", "display name", "nama"),
    "email": ("e-mail", "mail", "email address", "e-mail address", "emails", "surel"),
    "phone": ("telephone", "mobile", "phone number", "tel", "phones", "telepon"),
    "external_id": ("external id", "customer id", "customer number", "user id", "userid", "number"),
    "company": ("organization", "organisation", "org", "firm", "companies", "perusahaan"),
    "language": ("lang", "locale", "bahasa"),
    "zone": ("time zone", "timezone"),
}
_YES, _NO = ("yes", "true", "1", "y", "ya"), ("no", "false", "0", "n", "tidak")


class Refusal(msgspec.Struct, frozen=True):
    """A row that was not taken, by its number in the file, and why."""

    row: int
    why: str
    cells: list[str]


class Report(msgspec.Struct):
    """What became of each row, or would."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    known: int = 0
    refused: list[Refusal] = []


class _Undone(Exception):
    """Everything was looked at, and nothing is kept."""


def guessed(heads: Sequence[str]) -> list[str]:
    """For each column what it holds, as far as its name tells; each field once."""
    own = {one.name: one for one in queries.attributes()}
    words = {word: field for field, also in _ALSO.items() for word in (field, *also)}
    words |= {text.fold(one.label): f"attribute:{one.name}" for one in own.values()}
    words |= {f"attribute:{name}": f"attribute:{name}" for name in own}
    found: list[str] = []
    for head in heads:
        field = words.get(text.fold(head).replace("_", " "), words.get(text.fold(head), ""))
        found.append(field if field not in found else "")
    return found


def take_table(table: cells.Table, columns: Sequence[str], *, actor: Actor, keep: bool) -> Report:
    """`columns` says of each what it holds; without `keep` it is only said what would become of the rows."""
    _must_be_columns(columns)
    rows = ((number, row, _fields(row, columns)) for number, row in enumerate(table.rows, start=2))
    return _take(rows, actor=actor, keep=keep)


def take_cards(found: Sequence[vcards.Card], *, actor: Actor, keep: bool) -> Report:
    rows = (
        (
            number,
            [card.name, *card.emails, *card.phones],
            {
                "name": card.name, "email": "\n".join(card.emails), "phone": "\n".join(card.phones),
                "external_id": "\n".join(card.externals), "company": card.company, "language": card.language,
                "zone": card.zone,
            },
        )
        for number, card in enumerate(found, start=1)
    )  # fmt: skip
    return _take(rows, actor=actor, keep=keep)


def _must_be_columns(columns: Sequence[str]) -> None:
    offered = {"", *FIELDS, *(f"attribute:{one.name}" for one in queries.attributes())}
    if unknown := [one for one in columns if one not in offered]:
        raise Refused(_("There is no field “%(name)s”.") % {"name": unknown[0][:100]}, field="columns")
    given = [one for one in columns if one]
    if len(given) != len(set(given)):
        raise Refused(_("Two columns cannot hold the same field."), field="columns")
    if not {"email", "phone", "external_id"} & set(given):
        raise Refused(_("Say which column holds the address, the number or the id."), field="columns")


def _fields(row: Sequence[str], columns: Sequence[str]) -> dict[str, str]:
    return {field: cell.strip() for field, cell in zip(columns, row, strict=False) if field and cell.strip()}


def _take(rows: Iterator[tuple[int, list[str], dict[str, str]]], *, actor: Actor, keep: bool) -> Report:
    actor.must("customers.edit")
    report = Report(refused=[])
    definitions = {one.name: one for one in queries.attributes()}
    try:
        with transaction.atomic():
            for number, shown, fields in rows:
                report.rows += 1
                try:
                    with transaction.atomic():
                        became = _row(fields, definitions, actor)
                    setattr(report, became, getattr(report, became) + 1)
                except Refused as refusal:
                    report.refused.append(Refusal(number, str(refusal), [one[:200] for one in shown]))
            if not keep:
                raise _Undone
    except _Undone:
        pass
    return report


def _row(fields: Mapping[str, str], definitions: Mapping[str, AttributeDefinition], actor: Actor) -> str:
    kinds = (("external_id", "external"), ("email", "email"), ("phone", "phone"))
    given = [Given(kind, one) for field, kind in kinds for one in fields.get(field, "").split("\n") if one.strip()]
    if not given:
        raise Refused(_("The row names nobody: it needs an address, a number or an id."))
    owners = _owners(given)
    if len(owners) > 1:
        raise Refused(_("It names two customers who are not known to be one."))
    attributes = {
        name: _typed(definitions[name], value)
        for field, value in fields.items()
        if (name := field.removeprefix("attribute:")) != field
    }
    before = _state(next(iter(owners))) if owners else None
    found = actions.find_or_create(
        given, actor=actor, name=fields.get("name", ""), language=fields.get("language", ""),
        zone=fields.get("zone", ""), attributes=attributes,
    )  # fmt: skip
    if before is not None:
        _complete(found.person, fields, attributes, actor)
    for company in fields.get("company", "").split("\n"):
        if company.strip():
            actions.join_company_named(found.person.pk, company, actor=actor)
    if before is None:
        return "new"
    return "known" if _state(found.person.pk) == before else "changed"


def _owners(given: Sequence[Given]) -> set[int]:
    found = set()
    for one in map(identities.known, given):
        row = Identity.objects.filter(kind=one.kind, scope=one.scope, value=one.value).values_list(
            "person__canonical_id", "person_id"
        )
        found |= {root or person for root, person in row}
    return found


def _complete(person: Person, fields: Mapping[str, str], attributes: Mapping[str, Any], actor: Actor) -> None:
    """Attributes are as the file says; language and zone only where nobody said."""
    if attributes:
        actions.set_attributes(person.pk, attributes, actor=actor)
    [now] = queries.whole([Person.objects.get(pk=person.pk)])
    language = fields.get("language") if not now.language else None
    zone = fields.get("zone") if not now.zone else None
    if language or zone:
        actions.update(person.pk, language=language, zone=zone, actor=actor)


def _state(person_id: int) -> tuple[Any, ...]:
    [now] = queries.whole([Person.objects.get(pk=person_id)])
    names = sorted((one.kind, one.value) for one in now.identities)
    firms = Person.objects.filter(pk__in=now.ids).values_list("companies__company", flat=True)
    return now.name, now.language, now.zone, now.attributes, names, sorted(one for one in firms if one)


def _typed(definition: AttributeDefinition, value: str) -> Any:
    """What the cell says, as the attribute keeps it; what does not fit is refused where values are checked."""
    if definition.type == AttributeDefinition.Type.NUMBER:
        try:
            number = float(value)
            return int(number) if number.is_integer() and "." not in value else number
        except (ValueError, OverflowError):
            return value
    if definition.type == AttributeDefinition.Type.BOOLEAN:
        word = value.casefold()
        return True if word in _YES else False if word in _NO else value
    return value
