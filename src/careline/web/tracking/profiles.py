"""Which attributes the columns of a file become, as a form: drawn from a guess, and read back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from careline.customers import queries as customers
from careline.kit.refusals import Refused
from careline.tracking import queries
from careline.tracking.queries import Columns, Look
from careline.web.tracking import mappings
from careline.web.tracking.examples import examples

OUT, PERSON = "", "person"
# Before the name of an attribute that is there, and before the type of one that is to be made.
TO, NEW = "to.", "new."
TYPES = ("text", "number", "date", "boolean")


class Column(msgspec.Struct, frozen=True):
    name: str
    examples: list[str]
    becomes: str
    # Of a new attribute.
    label: str


class Drawn(msgspec.Struct, frozen=True):
    form: str
    forms: list[tuple[str, str]]
    columns: list[Column]
    parts: list[tuple[str, str]]
    own: list[tuple[str, str]]
    new: list[tuple[str, str]]
    fields: dict[str, str]
    people: list[tuple[str, str]]
    orders: list[tuple[str, str]]
    zones: list[str]
    new_customers: bool
    clear_empty: bool


def drawn(post: Mapping[str, str], look: Look, guess: dict[str, Any], format: str) -> Drawn:
    """As it was sent, or as it is guessed."""
    common = mappings.drawn({}, look, guess, format)
    own = [(f"{TO}{one.name}", one.label) for one in customers.attributes().order_by("label", "name")]
    there = {key for key, _label in own}
    guessed = {one["column"]: one for one in guess["attributes"]}
    columns = []
    for n, name in enumerate(look.columns):
        into = guessed.get(name)
        becomes = PERSON if name == guess["person"] else OUT
        if into is not None:
            becomes = key if (key := f"{TO}{into['attribute']}") in there else f"{NEW}{into['type']}"
        label = into["label"] if into is not None else ""
        columns.append(
            Column(
                name,
                examples(look, name),
                post.get(f"column.{n}", becomes),
                post.get(f"label.{n}", label) or called(name),
            )
        )
    names = ("person_kind", "order", "zone")
    return Drawn(
        "profiles", common.forms, columns, [(OUT, _("left out")), (PERSON, _("the customer"))], own,
        [
            ("new.text", _("A new one: text")), ("new.number", _("A new one: number")),
            ("new.date", _("A new one: date")), ("new.boolean", _("A new one: yes or no")),
        ],
        {name: post.get(name, guess[name]) for name in names},
        [one for one in common.people if one[0] != "visitor"],
        [("auto", _("as ISO 8601")), *[one for one in common.orders if one[0] != "auto"]], common.zones,
        bool(post.get("new_customers")) if post else guess["new_customers"],
        bool(post.get("clear_empty")) if post else guess["clear_empty"],
    )  # fmt: skip


def wanted(post: Mapping[str, str], known: Sequence[str]) -> Columns:
    """What was chosen; Refused where two columns are the customer."""
    found: dict[str, Any] = {"form": "profiles"}
    attributes: list[dict[str, str]] = []
    taken = {one.name for one in customers.attributes(None)}
    for n, name in enumerate(known):
        becomes = post.get(f"column.{n}", OUT)
        if becomes == PERSON:
            if "person" in found:
                raise Refused(_("Two columns are taken for “%(what)s”: choose one.") % {"what": _("the customer")})
            found["person"] = name
        elif becomes.startswith(TO):
            attributes.append({"column": name, "attribute": becomes.removeprefix(TO)})
        elif becomes.startswith(NEW):
            label = post.get(f"label.{n}", "").strip() or called(name)
            made = queries.attribute_name(name, n + 1, taken)
            taken.add(made)
            attributes.append({"column": name, "attribute": made, "type": becomes.removeprefix(NEW), "label": label})
    given = {name: post[name].strip() for name in ("person_kind", "order", "zone") if post.get(name, "").strip()}
    switches = {name: bool(post.get(name)) for name in ("new_customers", "clear_empty")}
    return queries.columns(found | given | switches | {"attributes": attributes})


def called(column: str) -> str:
    return queries.attribute_label(column)
