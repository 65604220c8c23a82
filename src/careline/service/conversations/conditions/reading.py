"""Conditions read: what was sent is refused in words where it cannot be; what was stored is taken as it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Literal

from django.utils.translation import gettext as _

from careline.customers.models import AttributeDefinition
from careline.kit import text
from careline.kit.refusals import Refused
from careline.service.conversations.conditions import catalog
from careline.service.conversations.conditions.catalog import BARE, FIELDS, OWN, TABLES, Field, Type
from careline.service.conversations.conditions.shapes import Condition, Conditions, Value, leaves

DEEPEST = 3
MOST = 40
LONGEST = 300
MOST_MINUTES = 10 * 366 * 24 * 60


def read(raw: Any) -> Conditions:
    """Conditions that were checked when they were stored."""
    how: Literal["all", "any"] = "any" if "any" in raw else "all"
    return Conditions(
        how,
        tuple(
            Condition(one["field"], one["op"], one.get("value")) if "field" in one else read(one)
            for one in raw.get(how, ())
        ),
    )


def written(conditions: Conditions) -> dict[str, Any]:
    """As it is sent and stored; `read` gives the same again."""
    return {
        conditions.how: [
            written(part) if isinstance(part, Conditions)
            else {"field": part.field, "op": part.op} | ({} if part.value is None else {"value": part.value})
            for part in conditions.parts
        ]
    }  # fmt: skip


def checked(raw: Any, *, field: str = "conditions") -> Conditions:
    """What somebody sent, or a sentence on what of it cannot be; `field` is what the sender calls it."""
    found = _group(raw, 1, field)
    parts = list(leaves(found))
    if len(parts) > MOST:
        raise Refused(_("At most %(most)s conditions can be asked at once.") % {"most": MOST}, field=field)
    _must_exist(parts, field)
    return found


def _group(raw: Any, deep: int, field: str) -> Conditions:
    if not isinstance(raw, Mapping) or len(raw) > 1 or not set(raw) <= {"all", "any"}:
        raise Refused(_('A group of conditions is written {"all": […]} or {"any": […]}.'), field=field)
    if deep > DEEPEST:
        raise Refused(_("Groups stand at most %(most)s deep in each other.") % {"most": DEEPEST}, field=field)
    [(how, parts)] = raw.items() or [("all", [])]
    if not isinstance(parts, list):
        raise Refused(_('A group of conditions is written {"all": […]} or {"any": […]}.'), field=field)
    if not parts and (deep > 1 or how == "any"):
        raise Refused(_("Say at least one thing in each group."), field=field)
    return Conditions(
        "any" if how == "any" else "all",
        tuple(
            _leaf(one, field) if isinstance(one, Mapping) and "field" in one else _group(one, deep + 1, field)
            for one in parts
        ),
    )


def _leaf(raw: Mapping[str, Any], field: str) -> Condition:
    if not set(raw) <= {"field", "op", "value"} or not isinstance(raw.get("op"), str):
        raise Refused(_("A condition has a field, an op and a value, and nothing else."), field=field)
    known = of(str(raw["field"]))
    if known is None:
        sentence = _("There is no field “%(name)s” to ask for.") % {"name": str(raw["field"])[:100]}
        raise Refused(sentence, field=field)
    op, value = raw["op"], raw.get("value")
    if op not in known.ops:
        offered = ", ".join(known.ops)
        sentence = _("Of %(name)s can be asked: %(offered)s.") % {"name": known.name, "offered": offered}
        raise Refused(sentence, field=field)
    return Condition(known.name, op, None if op in BARE else _value(known, op, value, field))


_TYPES: dict[str, Type] = {"text": "any", "number": "number", "date": "date", "boolean": "boolean", "choice": "code"}


def of(name: str) -> Field | None:
    """A field by its name; of the house's own by what they are defined to be."""
    kind, colon, key = name.partition(":")
    if not colon or kind not in OWN:
        return FIELDS.get(name)
    if not key.strip() or len(key) > 100 or "\0" in key:
        return None
    if kind == "trait":
        return Field(name, "any", optional=True)
    definition = AttributeDefinition.objects.filter(name=key).first()
    if definition is None:
        return None
    return Field(name, _TYPES[definition.type], optional=True, choices=tuple(definition.choices))


def _value(known: Field, op: str, value: Any, field: str) -> Value:
    if (known.choices and value not in known.choices) or (known.choices and isinstance(value, bool)):
        offered = ", ".join(map(str, known.choices))
        sentence = _("%(name)s is one of: %(offered)s.") % {"name": known.name, "offered": offered}
        raise Refused(sentence, field=field)
    if known.choices:
        return value  # type: ignore[no-any-return]  # one of the choices
    if known.type == "any":
        return _free(op, value, field)
    return _READ[known.type](value, field)


def _free(op: str, value: Any, field: str) -> Value:
    if op in ("at_least", "at_most"):
        return _number(value, field)
    if op in ("after", "before"):
        return _day(value, field)
    if op in ("is", "is_not") and isinstance(value, bool | int | float):
        return value if isinstance(value, bool) else _number(value, field)
    return _words(value, field)


def _number(value: Any, field: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise Refused(_("Compare with a number."), field=field)
    return value


def _minutes(value: Any, field: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MOST_MINUTES:
        raise Refused(_("Give a whole number of minutes."), field=field)
    return value


def _id(value: Any, field: str) -> int:
    """Numbers of things are strings outside, as everywhere in the API."""
    if isinstance(value, str) and value.isdecimal() and len(value) < 19:
        return int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**63:
        raise Refused(_("Say which one, by its number."), field=field)
    return value


def _day(value: Any, field: str) -> str:
    try:
        return date.fromisoformat(str(value)).isoformat()
    except ValueError:
        raise Refused(_("Compare with a date such as 2026-03-02."), field=field) from None


def _boolean(value: Any, field: str) -> bool:
    if not isinstance(value, bool):
        raise Refused(_("Compare with yes or no."), field=field)
    return value


def _words(value: Any, field: str) -> str:
    if not isinstance(value, str):
        raise Refused(_("Say with what it is compared."), field=field)
    return text.clean(value, field=field, label=_("What is compared with"), limit=LONGEST, required=True)


_READ: dict[str, Callable[[Any, str], Value]] = {
    "id": _id, "words": _words, "code": _words, "number": _number, "minutes": _minutes, "date": _day,
    "boolean": _boolean,
}  # fmt: skip


def _must_exist(parts: list[Condition], field: str) -> None:
    for name, table in TABLES.items():
        asked = {one.value for one in parts if one.field == name and one.value is not None}
        if asked and table.objects.filter(pk__in=asked).count() < len(asked):
            sentence = _("%(name)s: there is none of this number.") % {"name": catalog.words()[name]}
            raise Refused(sentence, field=field)
