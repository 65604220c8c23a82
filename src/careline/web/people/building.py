"""The form a rule is written in: its tree as flat fields, read back, changed by a button, drawn again.

A node is named by its place: "0", "0.1", "0.1.2". What is shown of a condition follows from what it is about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.customers import formulas, queries
from careline.customers.rules import WAITING
from careline.kit.refusals import Refused
from careline.web import kind_words

MOST = 60
Node = dict[str, Any]
FRESH: Node = {"of": "happened", "kind": "order.placed", "test": "at_least", "times": 1}


def read(form: Mapping[str, str], place: str = "0", deep: int = 0) -> Node:
    """The node of this place, as its fields say; what cannot be read stays as it was written, and is refused later."""
    about = form.get(f"{place}.about", "")
    if about in ("all", "any"):
        count = form.get(f"{place}.count", "")
        number = min(int(count), MOST) if count.isdecimal() and len(count) < 4 else 0
        parts = [f"{place}.{n}" for n in range(number)] if deep < 6 else []
        return {"of": about, "conditions": [read(form, one, deep + 1) for one in parts if f"{one}.about" in form]}
    kind, _colon, name = about.partition(":")
    test, value = form.get(f"{place}.test", ""), form.get(f"{place}.value", "").strip()
    if kind in ("attribute", "trait", "computed"):
        name = form.get(f"{place}.name", "").strip() if kind == "trait" else name
        return {"of": kind, "name": name, "test": test or "is", "value": _typed(test, value)}
    found: Node
    times, days = form.get(f"{place}.times", "").strip(), form.get(f"{place}.days", "").strip()
    test = test if test in ("at_least", "at_most") else "at_least"
    if kind == "service":
        found = {"of": "service", "what": name, "test": test, "times": _number(times, 1)}
        return found | ({"hours": _hours(form, place)} if name in WAITING else {})
    found = {"of": "happened", "test": test, "times": _number(times, 1), "days": _number(days, None)}
    if kind in ("stage", "journey"):
        return found | {kind: value}
    return found | {"kind": name or about}


def _number(written: str, otherwise: int | None) -> Any:
    if not written:
        return otherwise
    return int(written) if written.isdecimal() and len(written) < 10 else -1


def _hours(form: Mapping[str, str], place: str) -> Any:
    """How long a conversation has waited, as a number of hours or of days."""
    number = _number(form.get(f"{place}.long", "").strip(), None)
    return number * 24 if number and number > 0 and form.get(f"{place}.unit") == "days" else number


def _typed(test: str, value: str) -> Any:
    """As the value is kept: a number where it is compared as one, yes and no where that is what was chosen."""
    if test in ("at_least", "at_most", "last_days"):
        try:
            number = float(value.replace(",", "."))
        except ValueError:
            return value
        return int(number) if number.is_integer() else number
    return {"yes:": True, "no:": False}.get(value, value or None)


def changed(tree: Node, word: str) -> Node:
    """What a button did: "add:0.1" a condition to a group, "group:0.1" a group, "drop:0.1.2" the node."""
    verb, _colon, place = word.partition(":")
    steps = [int(one) for one in place.split(".")[1:] if one.isdecimal() and len(one) < 4]
    parent, node = None, tree
    for step in steps:
        if node["of"] not in ("all", "any") or step >= len(node["conditions"]):
            raise Refused(_("This rule was changed meanwhile; look again."))
        parent, node = node, node["conditions"][step]
    if verb == "drop" and parent is not None:
        parent["conditions"].pop(steps[-1])
    elif node["of"] in ("all", "any") and verb in ("add", "group"):
        other = "any" if node["of"] == "all" else "all"
        node["conditions"].append(dict(FRESH) if verb == "add" else {"of": other, "conditions": [dict(FRESH)]})
    return tree


def grouped(rule: Node) -> Node:
    """A form begins with a group, whatever a program wrote."""
    return rule if rule.get("of") in ("all", "any") else {"of": "all", "conditions": [rule]}


class Words:
    """What a condition can be about, and what can be said of it, for one viewer."""

    def __init__(self, actor: Actor) -> None:
        self.definitions = {one.name: one for one in queries.attributes()}
        self.traits = queries.trait_names(actor)
        self.computed = {one.name: one for one in queries.computed_traits(actor)}

    def abouts(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Groups of choices, each with its word."""
        service = {
            "open": _("Open conversations"), "waiting": _("Waiting on us"),
            "waiting_on_customer": _("Waiting on the customer"), "conversations": _("Conversations"),
            "effort": _("Effort of all conversations"),
        }  # fmt: skip
        kinds = [(f"happened:{name}", word) for name, word in kind_words.of_customers()]
        found = [
            (_("Service"), [(f"service:{name}", word) for name, word in service.items()]),
            (_("What happened"), kinds),
            (_("Along the way"), [("stage:", _("At a stage")), ("journey:", _("Along a journey"))]),
            (_("What is known"), [("trait:", _("A trait or score"))]),
        ]
        if self.computed:
            found.insert(2, (_("Worked out"), [(f"computed:{name}", one.label) for name, one in self.computed.items()]))
        if self.definitions:
            own = [(f"attribute:{name}", one.label) for name, one in self.definitions.items()]
            found.insert(0, (_("Attributes"), own))
        return found

    def tests(self, node: Node) -> list[tuple[str, str]]:
        if node["of"] in ("happened", "service"):
            return [("at_least", _("at least")), ("at_most", _("at most"))]
        words = {
            "is": _("is"), "is_not": _("is not"), "contains": _("contains"), "at_least": _("is at least"),
            "at_most": _("is at most"), "after": _("is after"), "before": _("is before"),
            "last_days": _("lies in the last days"), "set": _("is known"), "not_set": _("is not known"),
        }  # fmt: skip
        fits = {
            "text": ("is", "is_not", "contains"), "number": ("at_least", "at_most", "is"),
            "date": ("after", "before", "last_days", "is"), "boolean": ("is",), "choice": ("is", "is_not"),
        }  # fmt: skip
        type = self.type_of(node)
        offered = fits[type] if type else tuple(words)[:8]
        return [(test, words[test]) for test in (*offered, "set", "not_set")]

    def type_of(self, node: Node) -> str | None:
        """What kind of value it is about, where that is fixed."""
        name = node.get("name", "")
        if node["of"] == "computed" and name in self.computed:
            return formulas.type_of(self.computed[name].formula)
        return self.definitions[name].type if node["of"] == "attribute" and name in self.definitions else None

    def drawn(self, node: Node, place: str = "0") -> dict[str, Any]:
        """A node as the template draws it."""
        if node["of"] in ("all", "any"):
            parts = [self.drawn(one, f"{place}.{n}") for n, one in enumerate(node["conditions"])]
            return {"place": place, "group": True, "about": node["of"], "parts": parts}
        tests = self.tests(node)
        test = node.get("test") if node.get("test") in dict(tests) else tests[0][0]
        value, input = self._value(node, str(test))
        return {
            "place": place, "group": False, "about": _about(node), "tests": tests, "test": test,
            "name": node.get("name", ""), "value": value, "input": input, "options": self._options(node),
            "of": node["of"], "unit": self._unit(node), "times": node.get("times", 1), "days": node.get("days") or "",
            "by_name": node["of"] == "trait", "waits": node.get("what") in WAITING, **_long(node.get("hours")),
        }  # fmt: skip

    def _unit(self, node: Node) -> str:
        """What is counted, behind the number."""
        if node["of"] == "happened":
            return _("times")
        return "" if node.get("what") == "effort" else _("conversations")

    def _options(self, node: Node) -> list[tuple[str, str]]:
        definition = self.definitions.get(node.get("name", "")) if node["of"] == "attribute" else None
        if definition is not None and definition.type == "boolean":
            return [("yes:", _("Yes")), ("no:", _("No"))]
        return [(one, one) for one in definition.choices] if definition is not None else []

    def _value(self, node: Node, test: str) -> tuple[str, str]:
        """What stands in the field, and what kind of field it is; no field where nothing is compared."""
        if node["of"] == "happened":
            return str(node.get("stage") or node.get("journey") or ""), "" if node.get("kind") else "text"
        if node["of"] == "service" or test in ("set", "not_set"):
            return "", ""
        value = node.get("value")
        told = {True: "yes:", False: "no:"}[value] if isinstance(value, bool) else "" if value is None else str(value)
        if test in ("at_least", "at_most", "last_days"):
            return told, "number"
        return told, "date" if test in ("after", "before") or self.type_of(node) == "date" else "text"


def _long(hours: Any) -> dict[str, Any]:
    """Whole days are told as days, but for the first."""
    if isinstance(hours, int) and hours > 24 and hours % 24 == 0:
        return {"long": hours // 24, "long_unit": "days"}
    return {"long": hours or "", "long_unit": "hours"}


def typed_by_definition(tree: Node, words: Words) -> Node:
    """A form sends words; a number attribute that “is” something is compared as a number."""
    for one in tree.get("conditions", []):
        typed_by_definition(one, words)
    type = words.type_of(tree)
    if type is not None:
        fits = dict(words.tests(tree))
        if tree["test"] not in fits:
            tree["test"], tree["value"] = next(iter(fits)), None
        if type == "number" and tree["test"] == "is":
            tree["value"] = _typed("at_least", str(tree["value"] or ""))
        if type in ("boolean", "choice") and tree["value"] is None and tree["test"] in ("is", "is_not"):
            tree["value"] = True if type == "boolean" else words.definitions[tree["name"]].choices[0]
    return tree


def _about(node: Node) -> str:
    match node["of"]:
        case "service":
            return f"service:{node['what']}"
        case "attribute" | "computed":
            return f"{node['of']}:{node['name']}"
        case "trait":
            return "trait:"
    if node.get("kind"):
        return f"happened:{node['kind']}"
    return "journey:" if node.get("journey") is not None and not node.get("stage") else "stage:"
