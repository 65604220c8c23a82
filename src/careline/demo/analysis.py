"""What the company's analyst has defined: figures worked out of moments, and segments that use them."""

from __future__ import annotations

from typing import Any

from careline.accounts.actor import Actor
from careline.insights.computed import verbs as computed
from careline.insights.segments import verbs as segments

TRAITS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("orders", "Orders", {"how": "count", "kind": "order.placed"}),
    ("spent", "Spent", {"how": "sum", "kind": "order.placed", "fact": "total_minor"}),
    ("last_order", "Last order", {"how": "last", "kind": "order.placed"}),
)
_BOUGHT = {"of": "computed", "name": "orders", "test": "at_least", "value": 1}
_NOTHING_LATELY = {"of": "happened", "kind": "order.placed", "test": "at_most", "times": 0, "days": 42}
SEGMENTS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("Bought twice or more", {**_BOUGHT, "value": 2}),
    ("Quiet for six weeks", {"of": "all", "conditions": [_BOUGHT, _NOTHING_LATELY]}),
    ("Waiting on us for a day", {"of": "service", "what": "waiting", "times": 1, "hours": 24}),
)


def define(actor: Actor) -> None:
    for name, label, formula in TRAITS:
        computed.save(name, label, formula, actor=actor)
    for name, rule in SEGMENTS:
        segments.save(name, rule, actor=actor)
