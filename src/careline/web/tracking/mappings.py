"""What the columns of a file are taken for, as a form: drawn from a guess, and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal
from zoneinfo import available_timezones

import msgspec
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused
from careline.tracking import queries
from careline.tracking.queries import Columns, Look
from careline.web.tracking.examples import examples

# What one column alone can be; of the others there may be many.
ROLES = ("person", "event", "time", "journey", "value", "currency", "id")
KEPT, OUT = "", "out"


class Column(msgspec.Struct, frozen=True):
    name: str
    examples: list[str]
    role: str


class Drawn(msgspec.Struct, frozen=True):
    form: str
    forms: list[tuple[str, str]]
    columns: list[Column]
    roles: list[tuple[str, str]]
    fields: dict[str, str]
    people: list[tuple[str, str]]
    orders: list[tuple[str, str]]
    zones: list[str]


def forms(format: str) -> list[tuple[str, str]]:
    """What the rows of a file can be."""
    found = [("columns", _("what happened: each becomes a moment"))]
    if format == "jsonl":
        found.insert(0, ("events", _("events as Segment's clients write them")))
    return found if format == "xes" else [*found, ("profiles", _("customers: the columns become attributes"))]


def form_of(post: Mapping[str, str]) -> Literal["columns", "events", "profiles"]:
    sent = post.get("form")
    return "events" if sent == "events" else "profiles" if sent == "profiles" else "columns"


def is_turned(post: Mapping[str, str]) -> bool:
    """The rows are taken for something else than was drawn: nothing that was said of columns holds any more."""
    return "drawn" in post and post["drawn"] != post.get("form")


def drawn(post: Mapping[str, str], look: Look, guess: dict[str, Any], format: str) -> Drawn:
    """As it was sent, or as it is guessed."""
    roles = {name: role for role in ROLES if (name := guess.get(role, ""))}
    sent = "form" in post
    asked = [post.get(f"column.{n}", KEPT) if sent else roles.get(name, KEPT) for n, name in enumerate(look.columns)]
    names = ("person_kind", "order", "zone", "event_name", "journey_noun")
    found = {name: post.get(name, guess[name]) if sent else guess[name] for name in names}
    return Drawn(
        post.get("form", guess["form"]),
        forms(format),
        [Column(name, examples(look, name), role) for name, role in zip(look.columns, asked, strict=True)],
        [(KEPT, _("kept with it")), (OUT, _("left out")), *_roles().items()],
        found,
        [
            ("external", _("customer numbers of yours")), ("email", _("email addresses")),
            ("phone", _("phone numbers")), ("visitor", _("devices")),
        ],
        [("auto", _("as ISO 8601, or in seconds")), ("month_first", _("month first")), ("day_first", _("day first"))],
        sorted(available_timezones()),
    )  # fmt: skip


def wanted(post: Mapping[str, str], known: Sequence[str]) -> Columns:
    """What was chosen; Refused where one thing is said of two columns."""
    if post.get("form") == "events":
        return queries.columns({"form": "events"})
    found: dict[str, Any] = {}
    kept: list[str] = []
    for n, name in enumerate(known):
        role = post.get(f"column.{n}", KEPT)
        if role in ROLES:
            if role in found:
                raise Refused(_("Two columns are taken for “%(what)s”: choose one.") % {"what": _roles()[role]})
            found[role] = name
        elif role != OUT:
            kept.append(name)
    if len(kept) + len(found) < len(known):
        found["properties"] = kept
    given = ("person_kind", "order", "zone", "event_name", "journey_noun")
    return queries.columns(found | {name: post[name].strip() for name in given if post.get(name, "").strip()})


def _roles() -> dict[str, str]:
    return {
        "person": _("the customer"),
        "event": _("what happened"),
        "time": _("when"),
        "journey": _("number of what it moves along"),
        "value": _("what it was worth"),
        "currency": _("the currency"),
        "id": _("number of the row"),
    }
