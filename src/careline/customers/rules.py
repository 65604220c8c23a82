"""What can be said of a customer to belong to a segment: conditions, and groups of which all or any must hold."""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import date
from typing import Any, Literal

import msgspec
from django.utils.translation import gettext as _

from careline.customers.models import AttributeDefinition, ComputedTrait
from careline.kit import text
from careline.kit.refusals import Refused
from careline.touchpoints.kinds import KINDS

DEEPEST = 4
MOST = 40
LONGEST = 300
MOST_DAYS = 3650
MOST_TIMES = 1_000_000
# What can be asked to have waited for so long.
WAITING = ("waiting", "waiting_on_customer")
# Said of a value; the first two are the opposite of another.
Test = Literal[
    "is_not", "not_set", "is", "set", "contains", "at_least", "at_most", "before", "after", "last_days"
]  # fmt: skip
Value = str | int | float | bool | None


class Condition(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="of"):
    """Anything that is true of a customer or not."""


class All(Condition, frozen=True, tag="all"):
    conditions: list[Rule]


class Either(Condition, frozen=True, tag="any"):
    conditions: list[Rule]


class Attribute(Condition, frozen=True, tag="attribute"):
    """One of the organization's own attributes."""

    name: str
    test: Test
    value: Value = None


class Trait(Condition, frozen=True, tag="trait"):
    """What a program said, or another room worked out."""

    name: str
    test: Test
    value: Value = None


class Computed(Condition, frozen=True, tag="computed"):
    """What is worked out from moments, by the name of how it is."""

    name: str
    test: Test
    value: Value = None


class Happened(Condition, frozen=True, tag="happened"):
    """Moments of a kind, at a stage or along a journey, so many times; with `days`, in so many days up to now."""

    kind: str = ""
    stage: str = ""
    journey: str = ""
    test: Literal["at_least", "at_most"] = "at_least"
    times: int = 1
    days: int | None = None


class Service(Condition, frozen=True, tag="service"):
    """Conversations: those that are open, those waiting on us or on them, or all that are not spam; or what all have
    cost them. With `hours`, those alone that have waited so long and longer."""

    what: Literal["open", "waiting", "waiting_on_customer", "conversations", "effort"]
    test: Literal["at_least", "at_most"] = "at_least"
    times: int = 1
    hours: int | None = None


Rule = All | Either | Attribute | Trait | Computed | Happened | Service
Leaf = Attribute | Trait | Computed | Happened | Service
Valued = Attribute | Trait | Computed


def read(raw: Any) -> Rule:
    """A rule as it was stored or sent."""
    try:
        return checked(msgspec.convert(raw, Rule))
    except (msgspec.ValidationError, RecursionError) as error:
        raise Refused(_("This rule cannot be read: %(why)s.") % {"why": str(error)[:300]}, field="rule") from None


def written(rule: Rule) -> Any:
    return msgspec.to_builtins(rule)


def leaves(rule: Rule) -> Iterator[Leaf]:
    if isinstance(rule, All | Either):
        for one in rule.conditions:
            yield from leaves(one)
    else:
        yield rule


def depth(rule: Rule) -> int:
    if not isinstance(rule, All | Either):
        return 0
    return 1 + max((depth(one) for one in rule.conditions), default=0)


def checked(rule: Rule) -> Rule:
    """The rule, or a sentence on what of it cannot be."""
    if depth(rule) > DEEPEST:
        raise Refused(_("Groups stand at most %(most)s deep in each other.") % {"most": DEEPEST}, field="rule")
    found = list(leaves(rule))
    if not found or _has_empty_group(rule):
        raise Refused(_("Say at least one thing in each group."), field="rule")
    if len(found) > MOST:
        raise Refused(_("A segment has at most %(most)s conditions.") % {"most": MOST}, field="rule")
    for one in found:
        _must_be_possible(one)
    return rule


def _has_empty_group(rule: Rule) -> bool:
    if not isinstance(rule, All | Either):
        return False
    return not rule.conditions or any(_has_empty_group(one) for one in rule.conditions)


def _must_be_possible(one: Leaf) -> None:
    if isinstance(one, Happened):
        _must_happen(one)
    elif isinstance(one, Service):
        _within(one.times, 0, MOST_TIMES)
        if one.hours is not None:
            if one.what not in WAITING:
                raise Refused(_("Hours are for conversations that wait."), field="rule")
            _within(one.hours, 1, MOST_DAYS * 24)
    else:
        text.clean(one.name, field="rule", label=_("Its name"), limit=LONGEST, required=True)
        if isinstance(one, Attribute) and not AttributeDefinition.objects.filter(of="customer", name=one.name).exists():
            raise Refused(_("There is no attribute “%(name)s”.") % {"name": one.name[:100]}, field="rule")
        if isinstance(one, Computed) and not ComputedTrait.objects.filter(name=one.name).exists():
            raise Refused(_("There is no computed trait “%(name)s”.") % {"name": one.name[:100]}, field="rule")
        must_compare(one.test, one.value)


def _must_happen(one: Happened) -> None:
    if not (one.kind or one.stage or one.journey):
        raise Refused(_("Say which moment: a kind, a stage or a journey."), field="rule")
    # What a segment writes on the line is no reason to be in one.
    if one.kind and (one.kind not in KINDS or one.kind.startswith("segment.")):
        raise Refused(_("There is no touchpoint of the kind “%(kind)s”.") % {"kind": one.kind[:60]}, field="rule")
    for word in (one.stage, one.journey):
        text.clean(word, field="rule", limit=60)
    _within(one.times, 0, MOST_TIMES)
    if one.days is not None:
        _within(one.days, 1, MOST_DAYS)


def must_compare(test: Test, value: Value, *, field: str = "rule") -> None:
    """The value fits what is asked of it."""
    if test in ("set", "not_set"):
        return
    if test in ("at_least", "at_most"):
        if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
            raise Refused(_("Compare with a number."), field=field)
    elif test == "last_days":
        if isinstance(value, bool) or not isinstance(value, int):
            raise Refused(_("Give a number of days."), field=field)
        _within(value, 1, MOST_DAYS)
    elif test in ("before", "after"):
        try:
            date.fromisoformat(str(value))
        except ValueError:
            raise Refused(_("Compare with a date such as 2026-03-02."), field=field) from None
    elif isinstance(value, str):
        text.clean(value, field=field, limit=LONGEST, required=True)
    elif test == "contains" or value is None:
        raise Refused(_("Say with what it is compared."), field=field)
    elif isinstance(value, float) and not math.isfinite(value):
        raise Refused(_("Compare with a number."), field=field)


def _within(value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise Refused(_("Give a number from %(least)s to %(most)s.") % {"least": least, "most": most}, field="rule")
