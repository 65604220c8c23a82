"""Conditions in words, as people would say them to each other."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_timedelta
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from careline.contact import reach
from careline.customers.models import AttributeDefinition
from careline.kit import text
from careline.service.conversations.conditions import catalog
from careline.service.conversations.conditions.catalog import BARE, TABLES
from careline.service.conversations.conditions.shapes import Condition, Conditions, leaves


def in_words(conditions: Conditions) -> str:
    """One line in the reader's language; a word of its own where nothing is asked."""
    if not conditions.parts:
        return _("every conversation")
    return _group(conditions, _names(conditions), outermost=True)


def _group(conditions: Conditions, names: dict[str, dict[Any, str]], *, outermost: bool = False) -> str:
    parts = [_group(one, names) if isinstance(one, Conditions) else _leaf(one, names) for one in conditions.parts]
    joined = (_(" and ") if conditions.how == "all" else _(" or ")).join(parts)
    return joined if outermost or len(parts) == 1 else f"({joined})"


def _leaf(one: Condition, names: dict[str, dict[Any, str]]) -> str:
    kind, _colon, key = one.field.partition(":")
    name = catalog.words().get(one.field) or names.get(kind, {}).get(key, key)
    op = catalog.op_words()[one.op]
    if one.op in BARE:
        return f"{name} {op}"
    return f"{name} {op} {_value(one, kind, names)}"


def _value(one: Condition, kind: str, names: dict[str, dict[Any, str]]) -> str:
    if isinstance(one.value, bool):
        return _("yes") if one.value else _("no")
    known = catalog.choice_words(one.field)
    if one.value in known:
        return str(known[one.value])
    if kind in TABLES:
        return names.get(kind, {}).get(one.value, _("what is no longer there"))
    if kind in ("age", "silence"):
        return span(int(one.value or 0))
    if kind == "channel":
        return reach.word(text.fold(str(one.value)))
    if kind == "language":
        return language(str(one.value))
    return f"“{one.value}”" if isinstance(one.value, str) else str(one.value)


def span(minutes: int) -> str:
    """So long, in the largest unit that says it exactly."""
    unit = "day" if minutes and minutes % 1440 == 0 else "hour" if minutes and minutes % 60 == 0 else "minute"
    return format_timedelta(timedelta(minutes=minutes), unit, threshold=10**9, locale=get_language() or "en")  # type: ignore[arg-type]


def language(code: str) -> str:
    reader = Locale.parse(get_language() or "en", sep="-")
    try:
        return Locale.parse(code, sep="-").get_display_name(reader) or code
    except (UnknownLocaleError, ValueError):
        return code


def _names(conditions: Conditions) -> dict[str, dict[Any, str]]:
    """Of what the conditions name by number or key; one statement a table that is named."""
    found: dict[str, dict[Any, str]] = {}
    for kind, table in TABLES.items():
        asked = {one.value for one in leaves(conditions) if one.field == kind and one.value is not None}
        if asked:
            found[kind] = dict(table.objects.filter(pk__in=asked).values_list("pk", "name"))
    keys = {one.field.partition(":")[2] for one in leaves(conditions) if one.field.startswith("attribute:")}
    if keys:
        found["attribute"] = dict(AttributeDefinition.objects.filter(name__in=keys).values_list("name", "label"))
    return found
