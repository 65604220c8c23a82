"""What is known of a customer as their page shows it: each value with where it came from, and the form to change it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import queries
from careline.customers.actions import ANY
from careline.web.people import figures, origins
from careline.web.people.drawn import value_words


class Value(msgspec.Struct, frozen=True):
    label: str
    value: str
    # Who said it and when; nothing where that was not kept.
    origin: str
    at: datetime | None
    # The id it stands under, when that is not the one that stands for the customer.
    side: int | None


class Field(msgspec.Struct, frozen=True):
    """One attribute in the form."""

    name: str
    label: str
    kind: str
    value: str
    options: list[tuple[str, str]]


class Agreement(msgspec.Struct, frozen=True):
    purpose: str
    word: str
    given: bool
    at: datetime
    origin: str


def known(actor: Actor, person_id: int) -> list[Value]:
    """The name apart, which is the page's title, with its origin; then everything else."""
    found = [one for one in queries.provenance(actor, person_id) if one.source != "computed"]
    names = [one.value for one in found if one.field == "name"]
    # A program's trait of that name is how they came to be called so: said once.
    found = [one for one in found if one.field != "trait:name" or one.value not in names]
    labels = {f"attribute:{one.name}": one.label for one in queries.attributes()}
    labels |= {"name": _("Name"), "language": _("Language"), "zone": _("Time zone")}
    sources = origins.words(actor, {one.source for one in found if one.source})
    return [
        Value(
            labels.get(one.field, one.field.partition(":")[2]), value_words(one.value), sources.get(one.source, ""),
            one.at, one.person_id if one.person_id != person_id else None,
        )
        for one in found
    ] + [
        Value(one.label, figures.value_words(one.formula, one.value), figures.origin_words(one), one.at, None)
        for one in queries.computed_of(actor, person_id)
    ]  # fmt: skip


def fields(values: Mapping[str, Any], of: str = "customer") -> list[Field]:
    found = []
    for one in queries.attributes(of):
        value, options = values.get(one.name), [(choice, choice) for choice in one.choices]
        if one.type == "boolean":
            options, value = [("yes", _("Yes")), ("no", _("No"))], None if value is None else "yes" if value else "no"
        kind = {"number": "number", "date": "date"}.get(one.type, "choice" if options else "text")
        empty = [("", _("not known")), *options] if options else []
        found.append(Field(one.name, one.label, kind, "" if value is None else str(value), empty))
    return found


def written(form: Mapping[str, str], of: str = "customer") -> dict[str, Any]:
    """What the form says, as the attributes keep it; an empty field takes the value away.

    A field that stands as the form was drawn says nothing: what somebody else wrote meanwhile stays.
    """
    found: dict[str, Any] = {}
    for one in queries.attributes(of):
        said = form.get(f"attribute.{one.name}")
        if said is None or said == form.get(f"was.{one.name}"):
            continue
        said = said.strip() if one.type != "text" else said
        if not said.strip():
            found[one.name] = None
        elif one.type == "number":
            try:
                number = float(said)
                found[one.name] = int(number) if number.is_integer() and "e" not in said.lower() else number
            except ValueError:
                found[one.name] = said
        else:
            found[one.name] = {"yes": True, "no": False}.get(said, said) if one.type == "boolean" else said
    return found


def consents(actor: Actor, person_id: int) -> list[Agreement]:
    rows = queries.consents(actor, person_id)
    sources, named = origins.words(actor, {one.source for one in rows}), dict(purposes())
    return [
        Agreement(one.purpose, named.get(one.purpose, one.purpose), one.given, one.at, sources[one.source])
        for one in rows
    ]


def purposes(said: Iterable[Agreement] = ()) -> list[tuple[str, str]]:
    """What can be said yes or no to: everything, the kinds that are offered, and what was said before."""
    found = {ANY: _("Everything but answers")} | {one.name: queries.in_words(one.label) for one in queries.purposes()}
    return list((found | {one.purpose: one.word for one in said}).items())
