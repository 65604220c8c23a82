"""Winning somebody back, in words: why, what was done, how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from careline.kit.money import Money
from careline.service.recovery import plays

Facts = Mapping[str, Any]
# Verbs of system lines.
VERBS = frozenset({
    "recovery-opened", "recovery-joined", "recovery-stepped", "recovery-escalated", "recovery-closed", "goodwill-given",
})  # fmt: skip


def why(facts: Facts) -> str:
    """The cause, short enough for a row: CSAT 2/5, a promise, opened again."""
    score = facts.get("score")
    if facts.get("cause") == "answer" and score is not None:
        top = facts.get("scale_max") or facts.get("top")
        figure = f"{score:g}/{top:g}" if top else f"{score:g}"
        # Apart from the words around it, whatever way those run.
        return f"{str(facts.get('metric', '')).upper()} \u2066{figure}\u2069"
    words = {"promise": _("Broken promise"), "reopened": _("Opened again"), "hand": _("Seen by us")}
    return words.get(str(facts.get("cause", "")), _("Bad answer"))


def outcome(name: str, *, resolved: bool) -> str:
    if name == "reached":
        return _("reached, and it is right again") if resolved else _("reached")
    if name == "missed":
        return _("not reached, and it is right again") if resolved else _("not reached")
    return _("nothing was to be made good")


def system_line(event: str, *, by: str) -> str:
    """Of a thread, for whoever reads it."""
    facts: dict[str, Any] = msgspec.json.decode(event)
    match facts["verb"]:
        case "recovery-opened" if facts.get("cause") == "hand":
            return _("%(who)s began to win them back") % {"who": by}
        case "recovery-opened":
            return _("To be won back: %(why)s") % {"why": why(facts)}
        case "recovery-joined":
            return _("And once more: %(why)s") % {"why": why(facts)}
        case "recovery-stepped":
            said = _("%(who)s did: %(step)s") if facts["done"] else _("%(who)s has not done after all: %(step)s")
            return said % {"who": by, "step": step(facts["step"])}
        case "goodwill-given":
            sum = str(Money(facts["amount_minor"], facts["currency"]))
            said = _("%(who)s refunded %(sum)s") if facts.get("refund") else _("%(who)s gave %(sum)s")
            return said % {"who": by, "sum": sum}
        case "recovery-escalated":
            return _("The deadline has passed; whoever leads is told")
    ended = outcome(facts["outcome"], resolved=facts["resolved"])
    return _("Winning back ended: %(outcome)s") % {"outcome": ended}


def step(kind: str) -> str:
    """A step where the house's own words are not at hand."""
    return plays.told(kind, "") if kind in plays.WORDS else _("A step of their own")


def began(facts: Facts, _count: int) -> dict[str, Any]:
    return _moment(_("To be won back"), why(facts))


def joined(facts: Facts, _count: int) -> dict[str, Any]:
    return _moment(_("Something more went wrong"), why(facts))


def stepped(facts: Facts, _count: int) -> dict[str, Any]:
    return _moment(step(str(facts.get("step", ""))), "" if facts.get("done") else _("not done after all"))


def given(facts: Facts, _count: int) -> dict[str, Any]:
    amount = str(Money(facts["amount_minor"], facts["currency"])) if facts.get("currency") else ""
    return _moment(_("Refunded") if facts.get("refund") else _("Given to make good"), amount)


def escalated(_facts: Facts, _count: int) -> dict[str, Any]:
    return _moment(_("The deadline to win them back has passed"), "")


def ended(facts: Facts, _count: int) -> dict[str, Any]:
    how = outcome(str(facts["outcome"]), resolved=bool(facts.get("resolved"))) if facts.get("outcome") else ""
    return _moment(_("Winning back ended"), how)


def _moment(head: str, note: str) -> dict[str, Any]:
    return {"head": head, "icon": "undo", "way": _("Recovery"), "notes": [note] if note else []}


SAYINGS = {
    "recovery.opened": began,
    "recovery.joined": joined,
    "recovery.stepped": stepped,
    "recovery.escalated": escalated,
    "recovery.closed": ended,
    "goodwill.given": given,
}
