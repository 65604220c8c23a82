"""What is worked out of a customer, slowly and plainly: a customer at a time, a moment at a time."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from careline import touchpoints
from careline.accounts.actor import SYSTEM
from careline.kit.money import Money
from tests.insights.world import World

COUNT = {"how": "count", "kind": "order.placed"}
SPENT = {"how": "sum", "kind": "order.placed", "fact": "total_minor", "currency": "EUR"}
PLAN = {"how": "most_frequent", "kind": "product.viewed", "fact": "properties.plan"}


def view(person: int, at=None, inbox=None, **properties) -> None:
    touchpoints.record(
        "product.viewed", person=person, actor=SYSTEM, source="test", occurred_at=at, inbox=inbox, properties=properties
    )


def values(formula, now, world: World) -> dict[int, tuple[object, int]]:
    """Of each customer the value and from how many moments."""
    found = {}
    for one in world.people:
        rows = [moment for moment in world.moments[one.pk] if counts(formula, moment, now)]
        if rows:
            found[one.pk] = (value(formula, rows), len(rows))
    return found


def said(moment, path: str):
    here = moment.facts
    for part in path.split("."):
        here = here.get(part) if isinstance(here, dict) else None
    return here


def counts(formula, moment, now) -> bool:
    if moment.kind != formula.kind:
        return False
    if formula.days is not None and moment.occurred_at < now - timedelta(days=formula.days):
        return False
    if formula.currency and moment.facts.get("currency") != formula.currency:
        return False
    if formula.how in ("sum", "average", "min", "max", "latest") and not is_number(said(moment, formula.fact)):
        return False
    if formula.how == "most_frequent" and said(moment, formula.fact) in (None, ""):
        return False
    return all(fits(one, said(moment, one.fact)) for one in formula.where)


def is_number(value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def fits(one, value) -> bool:
    match one.test:
        case "is":
            return same(one.value, value)
        case "is_not":
            return not same(one.value, value)
        case "contains":
            return isinstance(value, str) and one.value.lower() in value.lower()
        case "at_least":
            return is_number(value) and value >= one.value
        case "at_most":
            return is_number(value) and value <= one.value
        case "set":
            return value is not None
    return value is None


def same(wanted, value) -> bool:
    return value is not None and (value == wanted or (isinstance(value, str) and value == str(wanted)))


def value(formula, rows):
    if formula.how == "count":
        return len(rows)
    if formula.how in ("first", "last"):
        return rows[0 if formula.how == "first" else -1].occurred_at.date().isoformat()
    told = [said(moment, formula.fact) for moment in rows]
    if formula.how == "most_frequent":
        words = [str(one) for one in told]
        latest = {word: row.occurred_at for word, row in zip(words, rows, strict=True)}
        # Of two that were as frequent the one that came last, of two at one instant the first of the alphabet.
        return max(sorted(latest), key=lambda word: (words.count(word), latest[word]))
    unit = Money(1, formula.currency).amount if formula.currency else Decimal(1)
    figures = [Decimal(str(one)) * unit for one in told]
    if formula.how == "latest":
        return float(figures[-1])
    if formula.how == "average":
        return float((sum(figures) / len(figures)).quantize(Decimal("0.0001"), ROUND_HALF_UP))
    return float({"sum": sum, "min": min, "max": max}[formula.how](figures))
