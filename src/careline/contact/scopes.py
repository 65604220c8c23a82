"""Which rules a question falls under: scopes stand in each other by their names, as `surveys/nps` in `surveys`.

What is counted in a scope is counted in every scope around it, so each keeps a clock of its own.
"""

from __future__ import annotations

import re
from typing import Annotated, Literal

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from msgspec import Meta

from careline.kit.refusals import Refused

# Around all the others: everything that is written unasked.
ANY = "any"
SURVEYS, OUTREACH, CONVERSATION = "surveys", "outreach", "conversation"
# Kept as English sentences the catalogs know, as the migration wrote them.
LABELS = {
    ANY: gettext_noop("Everything unasked"),
    SURVEYS: gettext_noop("Surveys"),
    OUTREACH: gettext_noop("Outreach"),
    CONVERSATION: gettext_noop("Beginning a conversation"),
}
Priority = Literal["low", "normal", "high"]
# What can wait goes before nothing; what is important is bound only by limits for everything.
PRIORITIES: tuple[Priority, ...] = ("low", "normal", "high")
MOST_CAPS = 8
_NAME = re.compile(r"[a-z][a-z0-9_-]{0,59}(?:/[a-z0-9][a-z0-9_-]{0,59}){0,3}")


class Cap(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """At most so many contacts in any stretch of so many hours; every contact of the scope counts."""

    most: Annotated[int, Meta(ge=1, le=1000)]
    hours: Annotated[int, Meta(ge=1, le=24 * 366)]
    # By this channel alone; empty is over all channels together.
    channel: Annotated[str, Meta(max_length=60)] = ""
    # Whom it stops: what is asked with this priority or a lower one.
    upto: Priority = "high"

    def binds(self, priority: str) -> bool:
        return PRIORITIES.index(priority) <= PRIORITIES.index(self.upto)


def around(purpose: str) -> list[str]:
    """The names of the scopes a purpose is in, the widest first: any, surveys, surveys/nps."""
    parts = purpose.split("/")
    within = ["/".join(parts[: n + 1]) for n in range(len(parts))]
    return within if purpose == ANY else [ANY, *within]


def refusable(purpose: str) -> list[str]:
    """What a customer can have said no to that this falls under: each part of its name, and everything."""
    return list(dict.fromkeys([*around(purpose), *purpose.split("/")]))


def called(name: str, label: str) -> str:
    """What a scope is called: as the house calls it, or in the reader's language what it came with."""
    return _(label) if LABELS.get(name) == label else label


def must_be_a_name(written: str) -> str:
    if not _NAME.fullmatch(written):
        raise Refused(
            _("A scope is named by small letters, digits, - and _, inside another after a /, such as “surveys/nps”."),
            field="name",
        )
    return written
