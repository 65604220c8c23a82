"""The list of customers narrowed by attributes, as an address writes it: `plan:is:gold`, `seats:from:10`.

A customer's value is the one they are shown with: of several ids that are one, the one that stands for them speaks
first and the others fill what it leaves open. Values are compared as the database keeps them, so nothing is cast; the
list is walked by its key, newest first, and stops when a page is full.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
from django.db.models import JSONField, Q, QuerySet, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.lookups import GreaterThanOrEqual, IContains, LessThanOrEqual
from django.utils.translation import gettext as _

from careline.customers.models import AttributeDefinition, Person
from careline.kit import text
from careline.kit.refusals import Refused

Type = AttributeDefinition.Type
# What can be said of a value of each type; of any that it is known or not.
FITS: dict[str, tuple[str, ...]] = {
    Type.TEXT: ("contains", "is"), Type.NUMBER: ("from", "to", "is"), Type.DATE: ("from", "to", "is"),
    Type.BOOLEAN: ("is",), Type.CHOICE: ("is",),
}  # fmt: skip
KNOWN = ("set", "unset")
MOST = 10
LONGEST = 300


class Condition(msgspec.Struct, frozen=True):
    """One thing that is asked of an attribute, with the value as it is kept."""

    name: str
    how: str
    value: Any = None

    @property
    def word(self) -> str:
        """As an address writes it."""
        if self.how in KNOWN:
            return f"{self.name}:{self.how}"
        said = {True: "yes", False: "no"}[self.value] if isinstance(self.value, bool) else str(self.value)
        return f"{self.name}:{self.how}:{said}"


def read(words: Sequence[str]) -> list[Condition]:
    """What the words ask for, each once, or a refusal that says what cannot be asked."""
    asked = list(dict.fromkeys(words))
    if len(asked) > MOST:
        raise Refused(_("A list is narrowed by at most %(most)s attributes.") % {"most": MOST}, field="where")
    definitions = {one.name: one for one in AttributeDefinition.objects.filter(of="customer")} if asked else {}
    return [_read(word, definitions) for word in asked]


def _read(word: str, definitions: dict[str, AttributeDefinition]) -> Condition:
    name, _colon, rest = word.partition(":")
    how, colon, said = rest.partition(":")
    definition = definitions.get(name)
    if definition is None:
        raise Refused(_("There is no attribute “%(name)s”.") % {"name": name[:100]}, field="where")
    if how in KNOWN and not colon:
        return Condition(name, how)
    if how not in FITS[definition.type] or not colon:
        offered = ", ".join((*FITS[definition.type], *KNOWN))
        raise Refused(_("Of %(name)s can be asked: %(offered)s.") % {"name": name, "offered": offered}, field="where")
    return Condition(name, how, _value(definition, how, said))


def _value(definition: AttributeDefinition, how: str, said: str) -> Any:
    name = definition.name
    match definition.type:
        case Type.NUMBER:
            try:
                number = float(said)
            except ValueError:
                number = math.nan
            if not math.isfinite(number):
                raise Refused(_("%(name)s must be a number.") % {"name": name}, field="where")
            return int(number) if number.is_integer() and abs(number) < 2**53 else number
        case Type.DATE:
            try:
                return date.fromisoformat(said).isoformat()
            except ValueError:
                sentence = _("%(name)s must be a date such as 2026-03-02.") % {"name": name}
                raise Refused(sentence, field="where") from None
        case Type.BOOLEAN:
            if said not in ("yes", "no", "true", "false"):
                raise Refused(_("%(name)s must be yes or no.") % {"name": name}, field="where")
            return said in ("yes", "true")
        case Type.CHOICE if said not in definition.choices:
            sentence = _("%(name)s must be one of: %(choices)s.")
            raise Refused(sentence % {"name": name, "choices": ", ".join(definition.choices)}, field="where")
    return text.clean(said, field="where", label=definition.label, limit=LONGEST, required=True)


def among(people: QuerySet[Person], conditions: Sequence[Condition]) -> QuerySet[Person]:
    """Those of these customers of whom all of it is true."""
    for one in conditions:
        people = people.filter(_true(one))
    return people


def _true(one: Condition) -> Q:
    said = Q(attributes__has_key=one.name)
    # Of each customer who was joined the first other id that says something, which few do.
    others = (
        Person.objects.filter(canonical__isnull=False, attributes__has_key=one.name)
        .order_by("canonical", "pk").distinct("canonical")
    )  # fmt: skip
    if one.how in KNOWN:
        known = said | Q(pk__in=others.values("canonical"))
        return known if one.how == "set" else ~known
    filling = Person.objects.filter(_compared(one), pk__in=others.values("pk")).values("canonical")
    return (said & _compared(one)) | (~said & Q(pk__in=filling))


def _compared(one: Condition) -> Q:
    if one.how == "is":
        return Q(attributes__contains={one.name: one.value})
    if one.how == "contains":
        return Q(IContains(KeyTextTransform(one.name, "attributes"), one.value))
    compared = GreaterThanOrEqual if one.how == "from" else LessThanOrEqual
    return Q(compared(KeyTransform(one.name, "attributes"), Value(one.value, JSONField())))
