"""What an event means: the kind it is on a line, the journey it moves along, its stage and its worth."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import msgspec


class Meaning(msgspec.Struct, frozen=True):
    kind: str
    stage: str = ""
    # What it may move along and the property that numbers it; the first that the event has counts.
    journeys: tuple[tuple[str, str], ...] = ()
    # Properties that may hold its worth and its currency, likewise.
    value: tuple[str, ...] = ()
    currency: tuple[str, ...] = ()


@lru_cache(maxsize=4096)
def folded(event: str) -> str:
    """How names of events are compared: "Order Completed" and "order_completed" are one."""
    return " ".join(event.replace("_", " ").casefold().split())


def at(properties: dict[str, Any], path: str) -> Any:
    """A property, or one inside another: "cart.id"."""
    found: Any = properties
    if path in properties:
        return properties[path]
    for part in path.split("."):
        if not isinstance(found, dict):
            return None
        found = found.get(part)
    return found


def first(properties: dict[str, Any], paths: tuple[str, ...]) -> Any:
    return next((found for path in paths if (found := at(properties, path)) is not None), None)
