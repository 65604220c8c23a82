"""Promises in words and shape: what is due, how long is left or how late it is, and what was done about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from markupsafe import Markup

from careline.web.marks import trusted

Facts = Mapping[str, Any]
VERBS = frozenset({"promise-warned", "promise-broken", "promise-escalated", "awaited"})
# A line that drains towards an upright; the script moves its beginning as time goes.
LINE = trusted(
    '<svg class="drain" viewBox="0 0 28 10" aria-hidden="true"><path class="base" d="M1 5H25"/>'
    '<path class="rest" d="M1 5H25"/><path class="upright" d="M26 1v8"/></svg>'
)
CLASSES = {"": "", "warned": " soon", "broken": " late"}


def what(name: str) -> str:
    """What is promised, beside its deadline."""
    words = {"first": _("First reply"), "next": _("Next reply"), "resolution": _("Resolution")}
    return words.get(name, _("Promise"))


def drawn(name: str, begun_at: str, due_at: str, state: str, words: tuple[str, str]) -> Markup:
    """The deadline as every place shows it; `words` are what is said of what is left, and of what is past."""
    left, late = words
    said = Markup(
        '<span class="promise{}" title="{}">{}<span class="hide">{}: </span><time datetime="{}" data-when="left" '
        'data-begun="{}" data-left="{}" data-late="{}">{}</time></span>'
    )
    return said.format(CLASSES.get(state, ""), name, LINE, name, due_at, begun_at, left, late, due_at[:16])


def words_of_time() -> tuple[str, str]:
    """With the span in the place of the star: a script knows it."""
    return _("* left"), _("* late")


def system_line(event: str, *, by: str) -> str:
    """Of a thread, for whoever reads it."""
    facts: dict[str, Any] = msgspec.json.decode(event)
    said = {"what": what(facts.get("what", "")), "name": facts.get("promise", "")}
    match facts["verb"]:
        case "awaited":
            turns = {"us": _("us"), "customer": _("the customer"), "third_party": _("somebody else")}
            return _("%(who)s says it waits for: %(whom)s") % {"who": by, "whom": turns.get(facts.get("on", ""), "")}
        case "promise-warned":
            return _("%(what)s is nearly due, as promised by “%(name)s”") % said
        case "promise-broken":
            return _("%(what)s is late: the promise “%(name)s” is broken") % said
    return f"{act(facts.get('act', ''), facts.get('value'))} (\u2068{said['name']}\u2069)"


def act(name: str, value: int | None = None, team: str = "") -> str:
    """What is done about it."""
    levels = {1: _("low"), 2: _("normal"), 3: _("high"), 4: _("urgent")}
    match name:
        case "tell_holder":
            return _("Whoever has it is told")
        case "tell_leads":
            return _("Whoever leads is told")
        case "tell_team":
            return _("Its team is told")
        case "priority":
            return _("The priority is raised to %(priority)s") % {"priority": levels.get(value or 0, "")}
        case "team" if team:
            return _("It goes to %(team)s") % {"team": team}
    return _("It goes to another team")


def span(minutes: int, *, in_days: bool = True) -> str:
    """So many minutes, in the largest unit that holds them whole; of open hours no day is made."""
    if in_days and minutes and minutes % 1440 == 0:
        return _("%(count)s d") % {"count": minutes // 1440}
    if minutes and minutes % 60 == 0:
        return _("%(count)s h") % {"count": minutes // 60}
    return _("%(count)s min") % {"count": minutes}


def met(facts: Facts, _count: int) -> dict[str, Any]:
    return _moment(_("A promise was kept"), facts)


def broken(facts: Facts, _count: int) -> dict[str, Any]:
    return _moment(_("A promise was broken"), facts)


def warned(facts: Facts, _count: int) -> dict[str, Any]:
    return _moment(_("A promise was nearly due"), facts)


def escalated(facts: Facts, _count: int) -> dict[str, Any]:
    return _moment(_("A promise was passed up"), facts)


def _moment(head: str, facts: Facts) -> dict[str, Any]:
    notes = [str(facts[name]) for name in ("promise", "order") if facts.get(name)]
    notes += [what(str(facts["what"]))] if facts.get("what") else []
    return {"head": head, "icon": "clock", "way": _("Promise"), "notes": notes}


SAYINGS = {
    "promise.met": met,
    "promise.broken": broken,
    "promise.warned": warned,
    "promise.escalated": escalated,
}
