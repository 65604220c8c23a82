"""Plays: the steps by which somebody is won back, as a rule keeps them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import msgspec
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from careline.kit import text
from careline.kit.refusals import Refused

StepKind = Literal["apology", "call", "goodwill", "other"]
MOST = 8
LONGEST = 200
# What each is called where the house has no words of its own.
WORDS = {
    "apology": gettext_noop("Say sorry for what happened, in your own words"),
    "call": gettext_noop("Call them back"),
    "goodwill": gettext_noop("Give goodwill where it is due"),
}
USUAL: tuple[StepKind, ...] = ("apology", "call", "goodwill")


class Step(msgspec.Struct, frozen=True, omit_defaults=True):
    kind: StepKind
    words: str = ""


def of(stored: Any) -> list[Step]:
    return msgspec.convert(stored, list[Step])


def checked(steps: Iterable[Step]) -> list[dict[str, Any]]:
    """As they are kept, or what is wrong with them."""
    found = list(steps)
    if len(found) > MOST:
        raise Refused(_("A play has at most %(most)s steps.") % {"most": MOST}, field="play")
    kept = []
    for one in found:
        if one.kind not in ("apology", "call", "goodwill", "other"):
            raise Refused(_("A step is an apology, a call, goodwill, or something else."), field="play")
        words = text.clean(one.words, field="play", limit=LONGEST, required=one.kind == "other")
        kept.append(msgspec.to_builtins(Step(one.kind, words)))
    return kept


def told(kind: str, words: str) -> str:
    """In the house's own words, else in the reader's language."""
    return words or _(WORDS.get(kind, "")) if words or kind in WORDS else kind
