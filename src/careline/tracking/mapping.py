"""An event as a touchpoint: its kind, journey and facts, by the rules of the house first and the usual names second."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from babel.numbers import get_currency_precision

from careline.touchpoints import kinds
from careline.touchpoints.schema import Facts
from careline.tracking import limits
from careline.tracking.ecommerce import MEANINGS
from careline.tracking.meaning import Meaning, at, first, folded
from careline.tracking.shapes import Event, Json

LARGEST = 2**53
Rules = Mapping[str, Meaning]
# Kinds of campaign facts that a page carries.
_CAMPAIGN = ("name", "source", "medium", "term", "content")
_PAGE = {"url", "title", "referrer", "path", "search", "name"}


class Told(NamedTuple):
    kind: str
    journey: str | None
    # In their schema where nothing can be wrong with them.
    facts: Json | Facts
    # A property that was wanted and was not there.
    missing: str = ""


class RuleRow(msgspec.Struct):
    """A rule as the statement gives it."""

    event: str
    kind: str
    journey: str
    journey_property: str
    stage: str
    value_property: str
    currency_property: str

    def meaning(self) -> Meaning:
        return Meaning(
            self.kind,
            stage=self.stage,
            journeys=((self.journey, self.journey_property),) if self.journey else (),
            value=(self.value_property,) if self.value_property else (),
            currency=(self.currency_property,) if self.currency_property else ("currency",),
        )


_rules = msgspec.json.Decoder(list[RuleRow])


@lru_cache(maxsize=8)
def rules(written: str) -> Rules:
    """As the database writes them; read once for as long as they stay."""
    return {row.event: row.meaning() for row in _rules.decode(written)}


def meant(name: str, own: Rules) -> Meaning | None:
    key = folded(name)
    return own.get(key) or MEANINGS.get(key)


def told(event: Event, own: Rules, currency: str) -> Told:
    """`currency` is that of the house, for sums that name none."""
    if event.type == "track":
        return track(event.name, event.properties, meant(event.name, own), currency)
    return _PLAIN[event.type](event)


def track(name: str, properties: Json, meaning: Meaning | None, currency: str) -> Told:
    if meaning is None:
        return Told("event.tracked", None, kinds.Tracked(name, properties))
    journey = _journey(meaning, properties)
    worth = _worth(meaning, properties, currency)
    facts = worth | ({"stage": meaning.stage} if meaning.stage else {})
    shape = kinds.named(meaning.kind).facts
    told = _SHAPES[shape](name, properties, journey, facts)
    if isinstance(told, str):  # what cannot be an order without its number stays an event with its name
        return Told("event.tracked", _key(journey), {"name": name, "properties": properties, **facts}, told)
    return Told(meaning.kind, _key(journey), told)


def _tracked(name: str, properties: Json, journey: tuple[str, str] | None, facts: Json) -> Json | str:
    return {"name": name, "properties": properties, **facts}


def _shopped(name: str, properties: Json, journey: tuple[str, str] | None, facts: Json) -> Json | str:
    product = _words(properties.get("name"))
    return {"properties": properties, **facts} | ({"product": product} if product else {})


def _placed(name: str, properties: Json, journey: tuple[str, str] | None, facts: Json) -> Json | str:
    if journey is None:
        return "order_id"
    if "value_minor" not in facts:
        return "total"
    given = properties.get("products")
    items = [
        {"name": _words(one.get("name")) or _words(one.get("sku")), "quantity": _count(one.get("quantity"))}
        for one in (given if isinstance(given, list) else [])
        if isinstance(one, dict)
    ]
    placed = {"order": journey[1], "total_minor": facts["value_minor"], "currency": facts["currency"]}
    return placed | ({"items": items} if items else {}) | _stage(facts)


def _brought(name: str, properties: Json, journey: tuple[str, str] | None, facts: Json) -> Json | str:
    if journey is None:
        return "order_id"
    more: Json = {"carrier": carrier} if (carrier := _words(properties.get("carrier"))) else {}
    with contextlib.suppress(ValueError):
        more["promised_on"] = date.fromisoformat(str(properties.get("promised_on"))[:10])
    return {"order": journey[1]} | more | _stage(facts)


def _came_by(name: str, properties: Json, journey: tuple[str, str] | None, facts: Json) -> Json | str:
    place = _words(first(properties, ("place", "store", "location", "branch")))[: limits.NAME]
    return {"place": place} | _stage(facts) if place else "place"


_SHAPES: dict[type[Facts], Callable[[str, Json, tuple[str, str] | None, Json], Json | str]] = {
    kinds.Tracked: _tracked,
    kinds.Shopped: _shopped,
    kinds.Placed: _placed,
    kinds.Brought: _brought,
    kinds.CheckedIn: _came_by,
}
# What a rule may make of an event.
MAPPABLE = tuple(sorted(name for name, kind in kinds.KINDS.items() if kind.facts in _SHAPES))


def _page(event: Event) -> Told:
    context = event.context.get("page")
    around = context if isinstance(context, dict) else {}
    given = event.properties
    facts = kinds.Viewed(
        _words(given.get("url")) or _words(around.get("url")),
        _words(given.get("title")) or _words(around.get("title")) or event.name,
        _words(given.get("referrer")) or _words(around.get("referrer")),
        _campaign(event.context.get("campaign")),
        {name: value for name, value in given.items() if name not in _PAGE},
    )
    return Told("page.viewed", None, facts)


def _campaign(given: Any) -> dict[str, str]:
    if not isinstance(given, dict):
        return {}
    return {name: words for name in _CAMPAIGN if (words := _words(given.get(name)))}


def _screen(event: Event) -> Told:
    return Told("screen.viewed", None, {"name": event.name, "properties": event.properties})


def _described(event: Event) -> Told:
    names = sorted(name for name in event.traits if len(name) <= limits.TRAIT)
    return Told("customer.described", None, {"traits": names} if names else {})


def _grouped(event: Event) -> Told:
    label = _words(event.traits.get("name"))
    return Told("group.joined", None, {"group": event.group} | ({"label": label} if label else {}))


def _aliased(event: Event) -> Told:
    return Told("customer.aliased", None, {"previous": event.previous})


_PLAIN: dict[str, Callable[[Event], Told]] = {
    "page": _page,
    "screen": _screen,
    "identify": _described,
    "group": _grouped,
    "alias": _aliased,
}


def _key(journey: tuple[str, str] | None) -> str | None:
    return None if journey is None else f"{journey[0]}:{journey[1]}"


def _journey(meaning: Meaning, properties: Json) -> tuple[str, str] | None:
    for noun, path in meaning.journeys:
        if number := _code(at(properties, path)):
            return noun, number
    return None


def _worth(meaning: Meaning, properties: Json, currency: str) -> Json:
    worth = amount(first(properties, meaning.value)) if meaning.value else None
    if worth is None:
        return {}
    said = first(properties, meaning.currency)
    code = said.strip().upper() if isinstance(said, str) else ""
    code = code if len(code) == 3 and code.isascii() and code.isalpha() else currency
    minor = (worth * 10 ** get_currency_precision(code)).to_integral_value()
    return {"value_minor": int(minor), "currency": code} if abs(minor) < LARGEST else {}


def amount(given: Any) -> Decimal | None:
    if isinstance(given, bool) or not isinstance(given, int | float | str) or len(str(given)) > 40:
        return None
    try:
        found = Decimal(str(given).strip())
    except InvalidOperation:
        return None
    # Beyond that nothing is a price, and the powers of ten of an exponent are not worth working out.
    return found if found.is_finite() and abs(found.adjusted()) < 20 else None


def _stage(facts: Json) -> Json:
    return {"stage": facts["stage"]} if "stage" in facts else {}


def _code(given: Any) -> str:
    if isinstance(given, bool) or not isinstance(given, str | int):
        return ""
    written = str(given).strip()
    return written if len(written) <= limits.NAME else ""


def _words(given: Any) -> str:
    return given[: limits.WORDS] if isinstance(given, str) else ""


def _count(given: Any) -> int:
    number = amount(given)
    return max(0, int(number)) if number is not None else 1
