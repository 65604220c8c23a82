"""What a flow may look at: the customer and their orders, and nobody else's.

An order is shown to whoever it belongs to. Somebody we do not know proves that by its number together with the address
it was made under, both told in this run; one without the other finds nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from careline.customers import queries as customers
from careline.customers.models import Identity
from careline.kit import contacts
from careline.kit.money import Money
from careline.kit.refusals import Refused
from careline.service.bots.core.shapes import Look, Value
from careline.service.bots.talking import Talk
from careline.touchpoints import queries as line
from careline.touchpoints.moments import Moment

KINDS = ("order.placed", "order.delivered")
_LONGEST = 500


def is_verified(talk: Talk) -> bool:
    """Whether whoever speaks has proven who they are here: the site's word for them, or the phone they write from."""
    proven = Identity.objects.filter(
        person_id=talk.conversation.person_id, verified=True, kind__in=["external", "phone"]
    )
    return talk.conversation.channel != "email" and proven.exists()


def look(talk: Talk, node: Look, values: Mapping[str, Value]) -> dict[str, Value] | None:
    """What it `takes`, flat; None where there is nothing."""
    found = _customer(talk) if node.at == "customer" else _order(talk, node, values)
    if found is None:
        return None
    return {name: found[source] for name, source in node.takes.items() if source in found}


def _customer(talk: Talk) -> dict[str, Value]:
    person = talk.person()
    rows = Identity.objects.filter(person_id=person.pk, kind__in=["email", "phone"], verified=True).order_by("pk")
    known: dict[str, Value] = {"name": person.name, "language": person.language}
    known |= {one.kind: one.original for one in rows}
    known |= {
        name: value for name, value in (person.attributes or {}).items() if isinstance(value, str | int | float | bool)
    }
    return {name: _cut(value) for name, value in known.items() if value not in ("", None)}


def _order(talk: Talk, node: Look, values: Mapping[str, Value]) -> dict[str, Value] | None:
    own = _own(talk)
    if node.by is None:
        last = line.newest_of_each(own, kinds=["order.placed"], limit=1)
        number = str(last[-1].facts.get("order", "")) if last else ""
    else:
        number = _number(str(values.get(node.by, "")))
    if not number:
        return None
    moments = line.of_journeys([f"order:{number}"], kinds=KINDS, limit=20)
    theirs = own if {one.person_id for one in moments} <= set(own) else _by_address(values.get("email"))
    if not moments or not {one.person_id for one in moments} <= set(theirs):
        return None
    return _told(number, moments)


def _number(said: str) -> str:
    """As it is written, or out of a sentence: the word that holds a digit."""
    words = [one.strip("#.,;:!?()\"'") for one in said.split()]
    numbers = [one for one in words if any(letter.isdigit() for letter in one)]
    return numbers[0] if len(words) > 1 and numbers else said.strip().lstrip("#")


def _own(talk: Talk) -> list[int]:
    """Every id that is them, where they have proven who they are; else the one they speak under."""
    person = talk.conversation.person_id
    return customers.ids_of(person) if is_verified(talk) else [person]


def _by_address(email: Value | None) -> list[int]:
    try:
        key = contacts.email_key(str(email or ""))
    except Refused:
        return []
    named = Identity.objects.filter(kind="email", scope="", value=key).values_list("person_id", flat=True)
    return [one for person in named for one in customers.ids_of(person)]


def _told(number: str, moments: list[Moment]) -> dict[str, Value]:
    found: dict[str, Value] = {"order": number, "status": "placed"}
    for one in moments:
        facts: dict[str, Any] = one.facts
        at = one.occurred_at.date().isoformat()
        if one.kind == "order.placed":
            found["placed_on"] = at
            if isinstance(facts.get("total_minor"), int):
                found["total"] = str(Money(facts["total_minor"], str(facts.get("currency", ""))))
        else:
            found["delivered_on"], found["status"] = at, "delivered"
            for name in ("carrier", "days_late"):
                if facts.get(name) is not None:
                    found[name] = facts[name]
    return {name: _cut(value) for name, value in found.items()}


def _cut(value: Value) -> Value:
    return value[:_LONGEST].replace("\0", "") if isinstance(value, str) else value
