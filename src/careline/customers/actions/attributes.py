"""Attributes an organization defines for customers and conversations, and their values, checked in words."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import origins
from careline.customers.actions.taking import taken, tell_described
from careline.customers.models import AttributeDefinition, Origin, Person
from careline.kit import text
from careline.kit.refusals import Conflicting, NotVisible, Refused

Type = AttributeDefinition.Type
Of = AttributeDefinition.Of
TEXT_LIMIT = 2000
LABEL_LIMIT = 100
CHOICES_LIMIT = 200
NAME = re.compile(r"[a-z][a-z0-9_]{0,59}")


@transaction.atomic
def define_attribute(
    name: str, label: str, type: str, choices: Sequence[str] = (), *, actor: Actor, of: str = Of.CUSTOMER
) -> AttributeDefinition:
    """Define one, or change its label and choices; what it is of and what kind of value it holds stay."""
    actor.must("organization.manage")
    if not NAME.fullmatch(name):
        raise Refused(_("A name is made of small letters, digits and _, such as “loyalty_level”."), field="name")
    if type not in Type.values:
        raise Refused(_("There is no attribute of the type “%(type)s”.") % {"type": type}, field="type")
    if of not in Of.values:
        raise Refused(_("An attribute is of customers or of conversations."), field="of")
    offered = [text.clean(one, field="choices", limit=LABEL_LIMIT, required=True) for one in dict.fromkeys(choices)]
    if bool(offered) != (type == Type.CHOICE) or len(offered) > CHOICES_LIMIT:
        raise Refused(_("A choice, and nothing else, offers between 1 and 200 choices."), field="choices")
    label = text.clean(label, field="label", limit=LABEL_LIMIT, required=True)
    definition, created = AttributeDefinition.objects.select_for_update().get_or_create(
        name=name, defaults={"label": label, "type": type, "choices": offered, "of": of}
    )
    if created:
        return definition
    if definition.of != of:
        raise Conflicting(_("“%(name)s” is already the name of another attribute.") % {"name": name}, field="name")
    if definition.type != type:
        raise Conflicting(_("“%(name)s” already holds another type of value.") % {"name": name}, field="type")
    definition.label, definition.choices = label, offered
    definition.save(update_fields=["label", "choices"])
    return definition


@transaction.atomic
def drop_attribute(name: str, *, actor: Actor) -> int:
    """Take an attribute and all its values away; returns how many customers had one.

    Of one of conversations the room that has them takes the values: `conversations.actions.drop_attribute`.
    """
    actor.must("organization.manage")
    # No name has a NUL, and the database cannot be asked for one.
    gone = "\0" not in name and AttributeDefinition.objects.filter(name=name).delete()[0]
    if not gone:
        raise NotVisible(_("There is no such attribute."))
    holders = list(Person.objects.select_for_update(no_key=True).filter(attributes__has_key=name).order_by("pk"))
    for person in holders:
        del person.attributes[name]
        person.save(update_fields=["attributes"])
    Origin.objects.filter(field=f"attribute:{name}").delete()
    return len(holders)


@transaction.atomic
def set_attributes(person_id: int, values: Mapping[str, Any], *, actor: Actor) -> Person:
    """What is given changes; None takes the value away."""
    person = taken(person_id, actor=actor)
    kept = checked({name: value for name, value in values.items() if value is not None})
    merged = {name: value for name, value in person.attributes.items() if name not in values} | kept
    changed = merged != person.attributes
    if changed:
        fresh = [f"attribute:{name}" for name in kept if person.attributes.get(name) != kept[name]]
        person.attributes = merged
        person.save(update_fields=["attributes"])
        origins.note(person.pk, fresh, actor=actor)
    # What is taken away must not shine through from an id that was joined.
    if gone := [name for name, value in values.items() if value is None]:
        everybody = Person.objects.whole(person.pk).values_list("pk", flat=True)
        origins.forget(everybody, [f"attribute:{name}" for name in gone])
        for other in Person.objects.filter(canonical=person.pk, attributes__has_any_keys=gone):
            other.attributes = {name: value for name, value in other.attributes.items() if name not in gone}
            other.save(update_fields=["attributes"])
            changed = True
    if changed:
        tell_described(person, sorted(values), actor)
    return person


def checked(values: Mapping[str, Any], *, of: str = Of.CUSTOMER) -> dict[str, Any]:
    """The values as they are stored, or a refusal that names the attribute."""
    if not values:
        return {}
    # No name has a NUL, and the database cannot be asked for one.
    names = [name for name in values if "\0" not in name]
    definitions = {one.name: one for one in AttributeDefinition.objects.filter(of=of, name__in=names)}
    for name in values:
        if name not in definitions:
            raise Refused(_("There is no attribute “%(name)s”.") % {"name": name[:100]}, field=name[:100])
    return {name: _checked(definitions[name], value) for name, value in values.items()}


def _checked(definition: AttributeDefinition, value: Any) -> Any:
    name, type = definition.name, definition.type
    if type == Type.TEXT and isinstance(value, str):
        return text.clean(value, field=name, label=definition.label, limit=TEXT_LIMIT)
    if type == Type.BOOLEAN and isinstance(value, bool):
        return value
    if type == Type.NUMBER and isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
        return value
    if type == Type.DATE and isinstance(value, date | str):
        return _date(name, value)
    if type == Type.CHOICE and value in definition.choices:
        return value
    raise Refused(_wanted(definition), field=name)


def _date(name: str, value: date | str) -> str:
    try:
        return (date.fromisoformat(value) if isinstance(value, str) else value).isoformat()[:10]
    except ValueError:
        raise Refused(_("%(name)s must be a date such as 2026-03-02.") % {"name": name}, field=name) from None


def _wanted(definition: AttributeDefinition) -> str:
    words = {
        Type.TEXT: _("%(name)s must be a text."),
        Type.NUMBER: _("%(name)s must be a number."),
        Type.DATE: _("%(name)s must be a date such as 2026-03-02."),
        Type.BOOLEAN: _("%(name)s must be true or false."),
        Type.CHOICE: _("%(name)s must be one of: %(choices)s."),
    }
    return words[Type(definition.type)] % {"name": definition.name, "choices": ", ".join(definition.choices)}
