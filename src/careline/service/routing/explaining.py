"""Why somebody was given a conversation: kept as facts, said in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from careline.service.routing.matching import Why

WHYS: dict[Why, str] = {
    "last_agent": gettext_noop("knows the customer"),
    "only_one": gettext_noop("the only one free who can"),
    "least_loaded": gettext_noop("least loaded"),
    "in_turn": gettext_noop("next in turn"),
    "best_skilled": gettext_noop("knows most of it"),
}


class Reason(msgspec.Struct, frozen=True, omit_defaults=True):
    """`skills` with the level the agent has; `eased` how many steps the queue had given way; `passed` who did not
    take it before; `due_s` in how many seconds a promise breaks, less than none if it is broken."""

    waited_s: int
    why: Why
    queue: str = ""
    skills: tuple[tuple[str, int], ...] = ()
    eased: int = 0
    passed: tuple[str, ...] = ()
    due_s: int | None = None


def span(seconds: int) -> str:
    """A wait as people say it: "40 s", "12 min", "3 h"."""
    if seconds < 90:
        return _("%(n)s s") % {"n": seconds}
    if seconds < 5400:
        return _("%(n)s min") % {"n": round(seconds / 60)}
    return _("%(n)s h") % {"n": round(seconds / 3600)}


def in_words(raw: Mapping[str, Any]) -> str:
    """ "waited 40 s, Arabic level 2, least loaded"; nothing of what this room did not write."""
    try:
        reason = msgspec.convert(raw, Reason)
    except msgspec.ValidationError:
        return ""
    parts = [_("waited %(span)s") % {"span": span(reason.waited_s)}]
    if reason.due_s is not None and reason.due_s >= 0:
        parts.append(_("promise due in %(span)s") % {"span": span(reason.due_s)})
    elif reason.due_s is not None:
        parts.append(_("promise broken %(span)s ago") % {"span": span(-reason.due_s)})
    parts += [_("%(skill)s level %(level)s") % {"skill": name, "level": level} for name, level in reason.skills]
    parts.append(_(WHYS[reason.why]))
    if reason.passed:
        parts.append(_("not taken by %(names)s") % {"names": _(", ").join(reason.passed)})
    return _(", ").join(parts)
