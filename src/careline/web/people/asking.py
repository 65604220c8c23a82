"""The list of customers narrowed by attributes: what is asked, in words, and the form that asks.

The form sends a field for each attribute; what of it asks something becomes the address, which can be passed on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import msgspec
from django.utils.translation import gettext as _

from careline.customers import narrowing, queries
from careline.customers.narrowing import Condition


class Asked(msgspec.Struct, frozen=True):
    """A condition in words, and the list without it."""

    label: str
    words: str
    without: str


class Row(msgspec.Struct, frozen=True):
    """One attribute in the form: what can be picked, and the fields its type compares with."""

    name: str
    label: str
    kind: str
    picks: list[tuple[str, str]]
    picked: str
    # Field and value, with the word that stands before it.
    inputs: list[tuple[str, str, str]]


def address(q: str, segment: str, where: Sequence[str], **more: object) -> str:
    asked = {name: value for name, value in {"q": q, "segment": segment}.items() if value}
    query = urlencode({**asked, "where": list(where), **more}, doseq=True)
    return f"/customers?{query}" if query else "/customers"


def is_form(form: Mapping[str, str]) -> bool:
    return any(name.startswith("pick.") for name in form)


def written(form: Mapping[str, str]) -> list[str]:
    """What the form asks, as the address says it; a field left empty asks nothing."""
    found = []
    for one in queries.attributes():
        pick, name = form.get(f"pick.{one.name}", ""), one.name
        if pick in narrowing.KNOWN or one.type in ("boolean", "choice"):
            found += [f"{name}:{pick}"] if pick else []
        elif one.type == "text":
            said = form.get(f"value.{name}", "").strip()
            found += [f"{name}:{pick or 'contains'}:{said}"] if said else []
        else:
            ends = ((how, form.get(f"{how}.{name}", "").strip()) for how in ("from", "to"))
            found += [f"{name}:{how}:{said}" for how, said in ends if said]
    return found


def rows(conditions: Sequence[Condition]) -> list[Row]:
    """The form as it stands for what is asked now."""
    asked: dict[str, dict[str, Condition]] = {}
    for one in conditions:
        asked.setdefault(one.name, {})[one.how] = one
    return [_row(one, asked.get(one.name, {})) for one in queries.attributes()]


def _row(definition: Any, asked: dict[str, Condition]) -> Row:
    name, kind = definition.name, definition.type
    known = [("set", _("is known")), ("unset", _("is not known"))]
    picked = next((how for how in narrowing.KNOWN if how in asked), "")
    if kind in ("boolean", "choice"):
        values = [("yes", _("Yes")), ("no", _("No"))] if kind == "boolean" else [(c, c) for c in definition.choices]
        if "is" in asked:
            picked = asked["is"].word.partition(":")[2]
        offered = [(f"is:{value}", word) for value, word in values]
        return Row(name, definition.label, kind, [("", _("any")), *offered, *known], picked, [])
    if kind == "text":
        said = asked.get("contains") or asked.get("is")
        picks = [("contains", _("contains")), ("is", _("is")), *known]
        value = "" if said is None else str(said.value)
        return Row(name, definition.label, kind, picks, picked or (said.how if said else ""), [("value", "", value)])
    ends = {how: asked.get(how) or asked.get("is") for how in ("from", "to")}
    words = {"from": _("from"), "to": _("to")}
    inputs = [(how, words[how], "" if one is None else str(one.value)) for how, one in ends.items()]
    return Row(name, definition.label, kind, [("", _("between")), *known], picked, inputs)


def asked(conditions: Sequence[Condition], q: str, segment: str) -> list[Asked]:
    labels = {one.name: one.label for one in queries.attributes()} if conditions else {}
    words = [one.word for one in conditions]
    return [
        Asked(
            labels[one.name], _words(one), address(q, segment, [word for word in words if word != one.word]),
        )
        for one in conditions
    ]  # fmt: skip


def _words(one: Condition) -> str:
    value = {True: _("Yes"), False: _("No")}[one.value] if isinstance(one.value, bool) else one.value
    return {
        "set": _("is known"), "unset": _("is not known"), "is": _("is %(value)s"), "contains": _("contains %(value)s"),
        "from": _("from %(value)s"), "to": _("to %(value)s"),
    }[one.how] % {"value": value}  # fmt: skip
