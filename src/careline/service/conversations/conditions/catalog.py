"""Which fields there are, what can be asked of each, and what it is compared with."""

from __future__ import annotations

from typing import Any, Literal

import msgspec
from django.utils.translation import gettext as _

from careline.accounts.models import Agent, Team
from careline.channels.models import Inbox
from careline.customers.models import Segment

# What a value is: one of a few words, the number of something, free words, a number, minutes, a day, yes or no.
Type = Literal["choice", "id", "words", "code", "number", "level", "minutes", "date", "boolean", "any"]

_SAME = ("is", "is_not")
_KNOWN = ("set", "not_set")
_MEASURED = ("at_least", "at_most")
OPS: dict[Type, tuple[str, ...]] = {
    "choice": _SAME,
    "id": _SAME,
    "words": ("contains", "contains_not"),
    "code": _SAME,
    "number": (*_MEASURED, "is"),
    "level": (*_MEASURED, "is"),
    "minutes": _MEASURED,
    "date": ("after", "before", "is"),
    "boolean": ("is",),
    "any": ("is", "is_not", "contains", *_MEASURED, "after", "before"),
}
# Nothing is compared.
BARE = frozenset(_KNOWN)
LEVELS = (-2, -1, 0, 1, 2)
PRIORITIES = (0, 1, 2, 3, 4)


class Field(msgspec.Struct, frozen=True):
    """A name as a condition writes it, what it is, and whether it can be unknown."""

    name: str
    type: Type
    optional: bool = False
    # Choices that are fixed; those of a table are looked up.
    choices: tuple[str | int, ...] = ()

    @property
    def ops(self) -> tuple[str, ...]:
        return (*OPS[self.type], *(_KNOWN if self.optional else ()))


FIELDS = {
    one.name: one
    for one in (
        Field("inbox", "id"),
        Field("channel", "code"),
        Field("language", "code", optional=True),
        Field("state", "choice", choices=("open", "snoozed", "resolved", "spam", "trash")),
        Field("waiting_on", "choice", choices=("us", "customer", "third_party")),
        Field("priority", "level", choices=PRIORITIES),
        Field("tag", "code", optional=True),
        Field("team", "id", optional=True),
        Field("assignee", "id", optional=True),
        Field("subject", "words"),
        Field("text", "words"),
        Field("segment", "id", optional=True),
        Field("hours", "choice", choices=("open", "closed")),
        Field("age", "minutes"),
        Field("silence", "minutes"),
        Field("feeling", "level", optional=True, choices=LEVELS),
        Field("marked", "boolean"),
    )
}
# What is named by its number, each with a name.
TABLES: dict[str, Any] = {"inbox": Inbox, "team": Team, "assignee": Agent, "segment": Segment}
# Of what the house defines itself: "attribute:plan", "trait:risk".
OWN = ("attribute", "trait")
# Fields whose truth changes by the clock alone.
BY_THE_CLOCK = frozenset({"hours", "age", "silence"})


def words() -> dict[str, str]:
    """What people call each of them."""
    return {
        "inbox": _("Inbox"), "channel": _("Channel"), "language": _("Language of the customer"), "state": _("State"),
        "waiting_on": _("Waiting on"), "priority": _("Priority"), "tag": _("Tag"), "team": _("Team"),
        "assignee": _("Agent"), "subject": _("Subject"), "text": _("What the customer wrote"),
        "segment": _("Segment"), "hours": _("The time"), "age": _("Time since it was opened"),
        "silence": _("Time since the last word"), "feeling": _("Feeling"), "marked": _("To be won back"),
    }  # fmt: skip


def op_words() -> dict[str, str]:
    return {
        "is": _("is"), "is_not": _("is not"), "contains": _("contains"), "contains_not": _("does not contain"),
        "at_least": _("is at least"), "at_most": _("is at most"), "after": _("is after"), "before": _("is before"),
        "set": _("is known"), "not_set": _("is not known"),
    }  # fmt: skip


def choice_words(name: str) -> dict[str | int | float, str]:
    """Of the choices that are fixed."""
    return {
        "state": {
            "open": _("open"),
            "snoozed": _("snoozed"),
            "resolved": _("resolved"),
            "spam": _("spam"),
            "trash": _("trash"),
        },
        "waiting_on": {"us": _("us"), "customer": _("the customer"), "third_party": _("somebody else")},
        "priority": {0: _("none"), 1: _("low"), 2: _("normal"), 3: _("high"), 4: _("urgent")},
        "hours": {"open": _("within opening hours"), "closed": _("outside opening hours")},
        "feeling": {-2: _("awful"), -1: _("bad"), 0: _("neither"), 1: _("good"), 2: _("great")},
    }.get(name, {})  # type: ignore[return-value]  # words of one kind each
