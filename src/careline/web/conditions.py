"""The form conditions are written in, wherever they are asked for: flat fields read back, changed by a button, drawn.

A node is named by its place: "if", "if.0", "if.0.1". What stands beside a field's name follows from what it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from careline.accounts import queries as accounts
from careline.accounts.actor import Actor
from careline.channels import adapter
from careline.channels import queries as channels
from careline.customers import queries as customers
from careline.kit.refusals import Refused
from careline.service.conversations import conditions
from careline.service.conversations.conditions import catalog, wording
from careline.service.conversations.conditions.reading import of
from careline.web.doors import AgentRequest, signed_in
from careline.web.people.drawn import language_words
from careline.web.sayings import channel_word

ROOT = "if"
MOST = 40
Node = dict[str, Any]
FRESH: Node = {"field": "channel", "op": "is", "value": None}
UNITS = {"minutes": 1, "hours": 60, "days": 1440}


def read(form: Mapping[str, str], place: str = ROOT) -> Node:
    """The conditions a form holds, in their raw form; what cannot be is refused by whoever checks them."""
    how = "any" if form.get(f"{place}.how") == "any" else "all"
    count = form.get(f"{place}.count", "")
    places = [f"{place}.{n}" for n in range(min(int(count), MOST) if count.isdecimal() and len(count) < 4 else 0)]
    deep = place.count(".")
    return {
        how: [
            _leaf(form, one) if f"{one}.field" in form else read(form, one)
            for one in places
            if f"{one}.field" in form or (deep < 3 and f"{one}.count" in form)
        ]
    }


def changed(tree: Node, word: str) -> Node:
    """What a button did: "add:if.1" a condition to a group, "group:if" a group, "drop:if.1.2" the node."""
    verb, _colon, place = word.partition(":")
    steps = [int(one) for one in place.split(".")[1:] if one.isdecimal() and len(one) < 4]
    parent: list[Node] | None = None
    node = tree
    for step in steps:
        parts = _parts(node)
        if parts is None or step >= len(parts):
            raise Refused(_("These conditions were changed meanwhile; look again."))
        parent, node = parts, parts[step]
    inside = _parts(node)
    if verb == "drop" and parent is not None:
        parent.pop(steps[-1])
    elif verb == "add" and inside is not None:
        inside.append(dict(FRESH))
    elif verb == "group" and inside is not None:
        inside.append({"any" if "all" in node else "all": [dict(FRESH)]})
    return tree


def editor(request: AgentRequest, tree: Node, *, error: str = "") -> dict[str, Any]:
    """What `conditions/_editor.html` needs."""
    words = Words(request.actor)
    return {"conditions": words.drawn(tree), "condition_fields": words.fields(), "conditions_error": error}


@require_POST
@signed_in
def draft(request: AgentRequest) -> HttpResponse:
    """The conditions as they now stand in a form, drawn again."""
    request.actor.must("conversations.view")
    tree, error = read(request.POST.dict()), ""
    try:
        tree = changed(tree, request.POST.get("do", ""))
    except Refused as refusal:
        error = str(refusal)
    return render(request, "conditions/_editor.html", editor(request, tree, error=error))


def _parts(node: Node) -> list[Node] | None:
    return node.get("all", node.get("any"))


def _leaf(form: Mapping[str, str], place: str) -> Node:
    name = form[f"{place}.field"]
    if name == "trait:":
        name += form.get(f"{place}.key", "").strip()
    found = of(name)
    op, value = form.get(f"{place}.op", ""), form.get(f"{place}.value", "").strip()
    type = found.type if found is not None else "any"
    if found is not None and op not in found.ops:
        # Another field was chosen: what was said of the one before it does not fit.
        return {"field": name, "op": found.ops[0], "value": None}
    if type == "minutes":
        number = _number(value)
        factor = UNITS.get(form.get(f"{place}.unit", ""), 1)
        return {"field": name, "op": op, "value": number * factor if isinstance(number, int) else number}
    if op in catalog.BARE:
        return {"field": name, "op": op}
    return {"field": name, "op": op, "value": _typed(type, op, value)}


def _typed(type: str, op: str, value: str) -> Any:
    if type == "boolean":
        return value == "yes"
    if type in ("number", "level", "id") or op in ("at_least", "at_most"):
        return _number(value)
    return value or None


def _number(value: str) -> Any:
    try:
        number = float(value.replace(",", "."))
    except ValueError:
        return value or None
    return int(number) if number.is_integer() else number


class Words:
    """Which fields there are and what each can be, for one viewer."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.definitions = {one.name: one for one in customers.attributes(None)}
        self.names = catalog.words()

    def fields(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Groups of choices, each with its word."""
        ours = ("inbox", "channel", "state", "waiting_on", "priority", "tag", "team", "assignee", "subject", "text")
        theirs = ["language", "feeling", "marked"] + (["segment"] if self.actor.may("customers.view") else [])
        own = [(f"attribute:{name}", one.label) for name, one in self.definitions.items()]
        found = [
            (_("Conversation"), [(name, self.names[name]) for name in ours]),
            (_("Customer"), [(name, self.names[name]) for name in theirs] + [("trait:", _("A trait or score"))]),
            (_("Time"), [(name, self.names[name]) for name in ("hours", "age", "silence")]),
        ]
        return [*found, (_("Attributes"), own)] if own else found

    def drawn(self, node: Node, place: str = ROOT) -> dict[str, Any]:
        """A node as the template draws it."""
        parts = _parts(node)
        if parts is not None:
            drawn = [self.drawn(one, f"{place}.{n}") for n, one in enumerate(parts)]
            return {"place": place, "group": True, "how": "any" if "any" in node else "all", "parts": drawn}
        name, op, value = node["field"], node["op"], node.get("value")
        by_name = name.startswith("trait:")
        known = of(name if name != "trait:" else "trait:-") or catalog.FIELDS["channel"]
        options = [] if op in catalog.BARE else self._options(known)
        if options and value is None:
            value = options[0][0]
        ops = catalog.op_words()
        said, unit = _said(value, known.type)
        return {
            "place": place, "group": False, "field": "trait:" if by_name else name, "by_name": by_name,
            "key": name.partition(":")[2] if by_name else "", "op": op, "ops": [(one, ops[one]) for one in known.ops],
            "value": said, "unit": unit, "options": options,
            "input": "" if op in catalog.BARE else _input(known, op),
        }  # fmt: skip

    def _options(self, known: catalog.Field) -> list[tuple[str, str]]:
        """What can be chosen from, where it is a list."""
        said = catalog.choice_words(known.name)
        match known.name:
            case "inbox":
                return [(str(one.pk), one.name) for one in channels.visible_to(self.actor)]
            case "team":
                return [(str(one.pk), one.name) for one in accounts.teams(self.actor)]
            case "assignee":
                return [(str(one.pk), one.name) for one in accounts.agents(self.actor)]
            case "segment":
                return [(str(one.pk), one.name) for one in customers.segments(self.actor)]
            case "channel":
                return sorted(((kind, channel_word(kind)) for kind in adapter.adapters()), key=lambda one: one[1])
            case "language":
                reader = get_language() or "en"
                return [(code, language_words(code, reader)) for code, _name in settings.LANGUAGES]
        if known.type == "boolean":
            return [("yes", _("Yes")), ("no", _("No"))]
        return [(str(one), str(said.get(one, one))) for one in known.choices]


def _said(value: Any, type: str) -> tuple[str, str]:
    """A value as its field shows it, and the unit behind it."""
    if type == "minutes" and isinstance(value, int):
        unit = next(name for name, one in reversed(UNITS.items()) if value % one == 0 and (value or one == 1))
        return str(value // UNITS[unit]), unit
    if isinstance(value, bool):
        return "yes" if value else "no", ""
    return "" if value is None else str(value), "minutes" if type == "minutes" else ""


def _input(known: catalog.Field, op: str) -> str:
    if known.type in ("number", "minutes") or op in ("at_least", "at_most"):
        return "number"
    return "date" if known.type == "date" or op in ("after", "before") else "text"


def told(raw: Any) -> str:
    """Stored conditions in words."""
    return wording.in_words(conditions.read(raw))
