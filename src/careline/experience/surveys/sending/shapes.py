"""What a plan is told: after what or in which waves, of whom, by which ways, how often."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from careline.contact import scopes
from careline.experience.surveys.planned import LONGEST_DELAY

Test = Literal["is", "is_not", "at_least", "at_most"]
Way = Literal["conversation", "email"]
Unit = Literal["weeks", "months"]

TESTS: tuple[Test, ...] = ("is", "is_not", "at_least", "at_most")
WAYS: tuple[Way, ...] = ("conversation", "email")
UNITS: tuple[Unit, ...] = ("weeks", "months")
# What somebody can be asked after. Neither every page and message, nor what we ourselves said, asked or decided.
MOMENTS = (
    "conversation.resolved", "conversation.opened", "order.placed", "order.delivered", "order.canceled",
    "order.refunded", "product.reviewed", "visit.checked-in", "event.tracked", "group.joined", "segment.entered",
    "segment.left", "moment.added",
)  # fmt: skip
DAY = 24 * 60
MOST_TESTS = 10


class FactTest(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """About one fact of the moment; a dot leads into it: "properties.plan"."""

    fact: Annotated[str, Meta(min_length=1, max_length=120)]
    test: Test = "is"
    value: Annotated[str, Meta(max_length=200)] = ""

    def holds(self, facts: dict[str, Any]) -> bool:
        found: Any = facts
        for part in self.fact.split("."):
            found = found.get(part) if isinstance(found, dict) else None
        if self.test in ("is", "is_not"):
            several = found if isinstance(found, list) else [found]
            return any(_same(one, self.value) for one in several) == (self.test == "is")
        number, wanted = _number(found), _number(self.value)
        if number is None or wanted is None:
            return False
        return number >= wanted if self.test == "at_least" else number <= wanted


class Planned(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All of a plan but whether it is on; what its kind does not need is ignored."""

    name: Annotated[str, Meta(max_length=100)]
    kind: Literal["after", "wave"]
    moment: str = "conversation.resolved"
    # Only of these inboxes; none named is all, and what happened in none.
    inbox_ids: list[int] = []
    facts: Annotated[list[FactTest], Meta(max_length=MOST_TESTS)] = []
    delay_minutes: Annotated[int, Meta(ge=0, le=LONGEST_DELAY)] = DAY
    every: Annotated[int, Meta(ge=1, le=52)] = 6
    unit: Unit = "months"
    begins_on: date | None = None
    # By the clock of the house.
    hour: Annotated[int, Meta(ge=0, le=23)] = 9
    # Of everybody when none is named.
    segment_id: int | None = None
    share: Annotated[int, Meta(ge=0, le=100)] = 100
    ways: Annotated[list[Way], Meta(min_length=1, max_length=2)] = msgspec.field(default_factory=lambda: [*WAYS])
    reminders: Annotated[int, Meta(ge=0, le=2)] = 0
    remind_days: Annotated[int, Meta(ge=1, le=60)] = 3
    ends_days: Annotated[int, Meta(ge=1, le=90)] = 14
    # The contact rules it falls under: "surveys", or a scope in it.
    purpose: Annotated[str, Meta(max_length=200)] = scopes.SURVEYS


def _same(found: Any, value: str) -> bool:
    if isinstance(found, bool):
        return value.casefold() == ("true" if found else "false")
    number, wanted = _number(found), _number(value)
    if number is not None and wanted is not None:
        return number == wanted
    return found is not None and str(found).casefold() == value.casefold()


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    try:
        return float(value)
    except (TypeError, ValueError):
        return None
