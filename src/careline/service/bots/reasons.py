"""Why a bot gave a conversation out of its hands, in words."""

from __future__ import annotations

from django.utils.translation import gettext, gettext_noop

_WHY = {
    "wish": gettext_noop("they asked for a person"),
    "step": gettext_noop("the flow ends with a person"),
    "stuck": gettext_noop("it could not go on"),
    "repeated": gettext_noop("they said the same again"),
    "failed": gettext_noop("something it needed did not answer"),
    "identity": gettext_noop("it may do this only for somebody who has proven who they are"),
    "loop": gettext_noop("it went on for too long"),
    "long": gettext_noop("the message was too long for it"),
    "upset": gettext_noop("they are upset"),
    "unknown": gettext_noop("it knows no answer"),
    "wordless": gettext_noop("a file came without words"),
    "off": gettext_noop("bots are switched off here"),
    "outside": gettext_noop("the program that answers here did not"),
    "machine": gettext_noop("a machine wrote"),
}


def why(reason: str) -> str:
    return gettext(_WHY.get(reason, _WHY["stuck"]))
