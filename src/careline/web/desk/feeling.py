"""How it feels above the reply box, in words, and what may be done next with one press."""

from __future__ import annotations

from typing import Any

import msgspec
from django.utils.translation import gettext as _

from careline.accounts.actor import Actor
from careline.service.assist.moods import beside, queries
from careline.service.assist.moods.advice import Step
from careline.service.assist.moods.turning import Mood
from careline.service.conversations.hot.shapes import ListRow
from careline.web import promising

# From which score on the next of five levels begins.
LEVELS = (-0.6, -0.15, 0.15, 0.6)


class Shown(msgspec.Struct, frozen=True):
    """`level` is None where it cannot be drawn as one; `hint` only where it turned for the worse."""

    level: int | None
    words: str
    by: list[str]
    hint: str
    thumb_url: str


class Next(msgspec.Struct, frozen=True):
    """One press (`act` says how it is pressed) and its reason."""

    act: str
    word: str
    why: str
    url: str = ""
    inserts: str = ""


def drawn(actor: Actor, found: ListRow) -> dict[str, Any]:
    mood = queries.mood(actor, found.id)
    steps = beside.steps(actor, found, mood)
    return {"mood": _shown(mood, found.id) if mood else None, "steps": [_next(one, found.id) for one in steps]}


def _shown(mood: Mood, conversation_id: int) -> Shown:
    level = None
    if mood.score is not None and mood.label != "mixed":
        level = sum(mood.score >= bound for bound in LEVELS) - 2
    return Shown(
        level, _said(mood), [word for word, _weight in mood.words], _hint(mood) if mood.has_turned else "",
        f"/desk/{conversation_id}/mood",
    )  # fmt: skip


def _said(mood: Mood) -> str:
    """Where it is, and which way it went."""
    words = {
        "positive": _("content now"), "negative": _("upset now"), "neutral": _("even"), "mixed": _("mixed feelings"),
        "unknown": _("cannot tell: their language is not one we can weigh"),
    }  # fmt: skip
    said = words[mood.label]
    if mood.has_turned:
        return _("%(now)s, and it turned here") % {"now": said}
    if mood.shift is not None and mood.shift >= 0.35 and mood.label != "negative":
        return _("%(now)s, better than it began") % {"now": said}
    return said


def _hint(mood: Mood) -> str:
    """What helps when somebody has turned cross, by what they seem to feel."""
    hints = {
        "anger": _("Name what went wrong in their words and say sorry once, then one next step and by when."),
        "disgust": _("Name what went wrong in their words and say sorry once, then one next step and by when."),
        "fear": _("Say what is safe and what happens next, and by when they hear from you."),
        "sadness": _("Say that you see what this cost them before you explain anything."),
    }
    return hints.get(mood.emotion, _("Answer what they asked first; reasons come after."))


def _next(step: Step, conversation_id: int) -> Next:
    here, terms = f"/desk/{conversation_id}", step.terms
    match step.what:
        case "answer":
            what = promising.what(terms["promise"])
            why = _("%(what)s is overdue") if terms["risk"] == "broken" else _("%(what)s is nearly due")
            return Next("write", _("Answer first"), why % {"what": what})
        case "win-back":
            return Next("post", _("Win them back"), _("their words turned for the worse"), f"{here}/recovery")
        case "apologize":
            sorry = _("We are sorry that your order %(order)s came %(days)s days late.") % terms
            why = _("order %(order)s came %(days)s days late") % terms
            return Next("insert", _("Say sorry for the delay"), why, inserts=sorry)
        case "keep":
            return Next("raise", _("Raise the priority"), _("likely to leave: %(risk)s %%") % terms, f"{here}/priority")
        case "join":
            why = _("the same customer waits there too")
            return Next("open", _("Look at #%(conversation)s") % terms, why, f"/desk/{terms['conversation']}")
    return Next("take", _("Take it"), _("nobody has it yet"), f"{here}/assignment")
