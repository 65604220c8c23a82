"""System lines of a thread, in the reader's words."""

from __future__ import annotations

from typing import Any

import msgspec
from django.utils.translation import gettext as _

from careline.service.bots import reasons
from careline.service.routing import explaining
from careline.web import promising, recovering
from careline.web.desk import moving
from careline.web.ruling import words as ruling


class _Verb(msgspec.Struct):
    """Each room that writes such lines has fields of its own beside it."""

    verb: str


class _Event(msgspec.Struct):
    """What the conversation's own verbs know."""

    verb: str
    agent_name: str | None = None
    team_name: str | None = None
    until: str | None = None
    place: str | None = None
    priority: int | None = None
    tags: list[str] = []
    labels: list[str] = []
    reason: str | None = None
    messages: list[str] = []
    other_conversation: int | None = None
    way: str = ""
    name: str = ""
    because: dict[str, Any] = {}
    done: list[str] = []
    refused: list[str] = []


_verb = msgspec.json.Decoder(_Verb)
_event = msgspec.json.Decoder(_Event)


def said(event: str, *, by: str, words: str = "") -> str:
    """Who did what; `words` are what the customer was asked or told."""
    verb = _verb.decode(event).verb
    if verb in promising.VERBS:
        return promising.system_line(event, by=by)
    if verb in recovering.VERBS:
        return recovering.system_line(event, by=by)
    return _told(_event.decode(event), by=by, words=words)


def _told(event: _Event, *, by: str, words: str) -> str:
    match event.verb:
        case "asked":
            return _("Sent to them: %(words)s") % {"words": words}
        case "resolved":
            return _("%(who)s resolved this") % {"who": by}
        case "reopened":
            return _("%(who)s opened this again") % {"who": by}
        case "snoozed":
            return _("%(who)s snoozed this until %(until)s UTC") % {
                "who": by,
                "until": (event.until or "")[:16].replace("T", " "),
            }
        case "woken":
            return _("Back from the snooze")
        case "assigned" if event.because and event.agent_name:
            why = explaining.in_words(event.because)
            return _("%(queue)s gave this to %(agent)s: %(why)s") % {
                "queue": event.because.get("queue") or by, "agent": event.agent_name, "why": why,
            }  # fmt: skip
        case "assigned" if event.agent_name and event.team_name:
            return _("%(who)s gave this to %(agent)s and %(team)s") % {
                "who": by,
                "agent": event.agent_name,
                "team": event.team_name,
            }
        case "assigned" if event.agent_name == by:
            return _("%(who)s took this") % {"who": by}
        case "assigned" if event.agent_name or event.team_name:
            return _("%(who)s gave this to %(agent)s") % {"who": by, "agent": event.agent_name or event.team_name}
        case "assigned":
            return _("%(who)s gave this back to the queue") % {"who": by}
        case "marked":
            places = {"spam": _("%(who)s marked this as spam"), "trash": _("%(who)s put this into the trash")}
            return places.get(event.place or "", _("%(who)s took this out again")) % {"who": by}
        case "prioritized":
            levels = {0: _("none"), 1: _("low"), 2: _("normal"), 3: _("high"), 4: _("urgent")}
            return _("%(who)s set the priority to %(priority)s") % {
                "who": by,
                "priority": levels.get(event.priority or 0, ""),
            }
        case "tagged":
            return _("%(who)s set the tags: %(tags)s") % {"who": by, "tags": ", ".join(event.tags) or _("none")}
        case "described":
            return _("%(who)s changed: %(what)s") % {"who": by, "what": ", ".join(event.labels)}
        case "rule-fired":
            return ruling.told(event.done, event.refused, by=by)
        case "declined":
            return _("The bot handed over: %(why)s") % {"why": reasons.why(event.reason or "")}
        case "incident-joined" | "incident-left":
            return _linked(event, by)
        case "copied":
            return _("%(who)s changed who is in copy") % {"who": by}
        case "acknowledged":
            return _("Answered automatically")
        case "withheld":
            return _("Not answered automatically: %(why)s") % {"why": _(event.reason) if event.reason else ""}
        case "moved":
            return moving.told(event.way, len(event.messages), event.other_conversation or 0, by=by)
    return event.verb


def _linked(event: _Event, by: str) -> str:
    if event.verb == "incident-joined":
        said = _("%(who)s linked this to the incident “%(name)s”")
    else:
        said = _("%(who)s took this out of the incident “%(name)s”")
    return said % {"who": by, "name": event.name}
