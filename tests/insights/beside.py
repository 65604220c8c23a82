"""Who belongs to a segment, worked out slowly and plainly: a customer at a time, a condition at a time."""

from __future__ import annotations

from datetime import timedelta

from careline.accounts.actor import Actor
from careline.customers import queries
from careline.customers.rules import All, Attribute, Either, Happened
from careline.customers.rules import Trait as TraitRule
from tests.insights.world import World


def customer(person, conversation) -> Actor:
    return Actor.customer(person.pk, conversation.inbox_id, name=person.name)


def members(rule, now, world: World) -> set[int]:
    return {one.pk for one in world.people if holds(rule, one, now, world)}


def holds(rule, one: queries.Whole, now, world: World) -> bool:
    if isinstance(rule, All):
        return all(holds(part, one, now, world) for part in rule.conditions)
    if isinstance(rule, Either):
        return any(holds(part, one, now, world) for part in rule.conditions)
    if isinstance(rule, Attribute):
        return compares(rule, one.attributes.get(rule.name))
    if isinstance(rule, TraitRule):
        said = [trait.value for trait in world.traits[one.pk] if trait.name == rule.name]
        return compares(rule, said[-1] if said else None)
    if isinstance(rule, Happened):
        count = sum(happened(rule, moment, now) for moment in world.moments[one.pk])
    elif rule.what == "effort":
        counted = [moment for moment in world.moments[one.pk] if moment.kind == "effort.counted"]
        count = sum({moment.source: moment.facts["effort"] for moment in counted}.values())
    else:
        count = sum(served(rule, talk, now, world) for talk in world.talks[one.pk])
    return count >= rule.times if rule.test == "at_least" else count <= rule.times


def compares(rule, value) -> bool:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    match rule.test:
        case "is":
            return value == rule.value and type(value) is type(rule.value)
        case "is_not":
            return not (value == rule.value and type(value) is type(rule.value))
        case "set":
            return value is not None
        case "not_set":
            return value is None
        case "contains":
            return isinstance(value, str) and rule.value.lower() in value.lower()
        case "at_least":
            return number and value >= rule.value
        case "at_most":
            return number and value <= rule.value
    raise AssertionError(rule.test)


def happened(rule, moment, now) -> bool:
    return (
        rule.kind in ("", moment.kind)
        and not moment.kind.startswith("segment.")
        and (not rule.stage or moment.facts.get("stage") == rule.stage)
        and (not rule.journey or (moment.journey or "").startswith(f"{rule.journey}:"))
        and (rule.days is None or moment.occurred_at >= now - timedelta(days=rule.days))
    )


def served(rule, talk, now, world: World) -> bool:
    if rule.what == "conversations":
        return talk.state not in ("spam", "trash")
    on = {"waiting": "us", "waiting_on_customer": "customer"}.get(rule.what, talk.waiting_on)
    if talk.state != "open" or talk.waiting_on != on:
        return False
    return rule.hours is None or now - waits_since(talk, on, world) >= timedelta(hours=rule.hours)


def waits_since(talk, on, world: World):
    words, answer = ("incoming", "reply") if on == "us" else ("reply", "incoming")
    since = turned = None
    for line in world.lines[talk.pk]:
        if line.kind == words:
            since = min(since or line.occurred_at, line.occurred_at)
        elif line.kind == answer:
            since = None
        elif line.kind == "system" and line.event["verb"] in ("woken", "resolved"):
            turned = max(turned or line.occurred_at, line.occurred_at)
    return since or turned or talk.opened_at
