"""Which attributes the columns of a file become: asked of whoever imports, with a guess to begin with."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Literal

import msgspec
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import actions as customers
from careline.customers import queries as people
from careline.customers.actions.attributes import NAME
from careline.kit import text
from careline.kit.refusals import Conflicting, Refused
from careline.tracking.importing import cells
from careline.tracking.importing.cells import Kept
from careline.tracking.shapes import Json

People = Literal["external", "email", "phone", "visitor"]
MOST = 200
LABEL = 100
_WORD = re.compile(r"[^a-z0-9]+")
# What a customer is named by where rows are of customers, beside what names them in any file.
_NAMES = ("id", "contact_id", "client_id", "account_id")


class Into(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A column and the attribute it becomes; type and label are of one that is made for it."""

    column: str
    attribute: str
    type: Literal["", "text", "number", "date", "boolean", "choice"] = ""
    label: str = ""


def kept(wanted: Sequence[Into]) -> dict[str, Kept]:
    """By column; or a refusal that says what cannot be."""
    if not wanted:
        raise Refused(_("Say which columns become attributes."), field="attributes")
    if len(wanted) > MOST:
        raise Refused(_("At most %(most)s columns become attributes.") % {"most": MOST}, field="attributes")
    own, taken = _own(), {one.name for one in people.attributes("conversation")}
    found: dict[str, Kept] = {}
    for one in wanted:
        if one.column in found or any(other.name == one.attribute for other in found.values()):
            told = _("Two columns are taken for “%(what)s”: choose one.")
            raise Refused(told % {"what": one.attribute[:100]}, field="attributes")
        found[one.column] = own.get(one.attribute) or _new(one, taken)
        if one.type and one.type != found[one.column].type:
            told = _("“%(name)s” already holds another type of value.")
            raise Conflicting(told % {"name": one.attribute}, field="attributes")
    return found


def define(wanted: Sequence[Into], actor: Actor) -> None:
    """What is not there yet; in the caller's transaction."""
    for one in kept(wanted).values():
        if one.is_new:
            customers.define_attribute(one.name, one.label, one.type, actor=actor)


def _own() -> dict[str, Kept]:
    return {one.name: Kept(one.name, one.label, one.type, tuple(one.choices)) for one in people.attributes()}


def _new(one: Into, taken: set[str]) -> Kept:
    name = one.attribute
    if name in taken:
        raise Conflicting(
            _("“%(name)s” is already the name of another attribute.") % {"name": name}, field="attributes"
        )
    if not NAME.fullmatch(name):
        told = _("A name is made of small letters, digits and _, such as “loyalty_level”.")
        raise Refused(told, field="attributes")
    if one.type in ("", "choice"):
        told = _("There is no attribute “%(name)s”. Say what it is to hold: text, number, date or boolean.")
        raise Refused(told % {"name": name}, field="attributes")
    label = text.clean(one.label or label_of(one.column), field="label", limit=LABEL, required=True)
    return Kept(name, label, one.type, is_new=True)


def guessed(known: Sequence[str], rows: Sequence[Json], person: str) -> list[Into]:
    """By the name or label of what is there; the others are offered as new ones, by what their first values are."""
    own, found = _own(), list[Into]()
    labels = {_folded(one.label): one.name for one in own.values()}
    names = {one.name for one in people.attributes(None)}
    used: set[str] = set()
    for n, column in enumerate(known, 1):
        values = [row.get(column) for row in rows]
        if column == person or not all(cells.is_plain(one) for one in values) or len(found) == MOST:
            continue
        name = _name(column, n)
        known_as = name if name in own else labels.get(_folded(column), "")
        if known_as and known_as not in used:
            used.add(known_as)
            found.append(Into(column=column, attribute=known_as))
            continue
        fresh = _apart(name, names | used)
        used.add(fresh)
        found.append(Into(column=column, attribute=fresh, type=cells.type_of(values), label=label_of(column)))
    return found


def person_of(known: Sequence[str], usual: str) -> str:
    """What names the customer where rows are of customers."""
    by_name = {name.strip().lower(): name for name in known}
    return usual or next((by_name[name] for name in _NAMES if name in by_name), "")


def kind_of(person: str, rows: Sequence[Json], usual: People) -> People:
    """By what stands there rather than by how it is called."""
    values = [str(row[person]) for row in rows if row.get(person) not in (None, "")]
    if values and sum("@" in one for one in values) > 0.9 * len(values):
        return "email"
    words = _folded(person).split()
    if {"phone", "mobile", "tel", "telephone", "whatsapp"} & set(words):
        return "phone"
    return "external" if usual == "visitor" else usual


def _folded(name: str) -> str:
    return " ".join(text.fold(name).replace("_", " ").replace("-", " ").split())


def name_of(column: str, n: int, taken: Collection[str]) -> str:
    """Of a new attribute, by what the column is called."""
    return _apart(_name(column, n), taken)


def _name(column: str, n: int) -> str:
    found = _WORD.sub("_", text.fold(column)).strip("_")[:50]
    return found if NAME.fullmatch(found) else f"column_{found or n}"


def _apart(name: str, names: Collection[str]) -> str:
    return next(one for n in range(1, 10**6) if (one := name if n == 1 else f"{name}_{n}") not in names)


def label_of(column: str) -> str:
    """As people write it: churn_score is Churn score."""
    words = column.replace("\0", " ").encode(errors="ignore").decode().replace("_", " ").split()
    found = " ".join(words)[:LABEL] or column[:LABEL]
    return found[:1].upper() + found[1:]
