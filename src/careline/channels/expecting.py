"""What a message of ours asks: a choice with one tap, or words. And whether what somebody writes answers it."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta

import msgspec

from careline.kit import clock

# Whoever writes later than this after we asked for words writes about something else.
LISTENING = timedelta(minutes=30)
LONGEST = 5000
_AROUND = " \t\n.,!?:;)(\"'*\u200e\u200f\ufe0f\u20e3"


class Choice(msgspec.Struct, frozen=True, omit_defaults=True):
    """`label` is what stands on the button, and in the thread once it was tapped."""

    value: str
    label: str


class Expects(msgspec.Struct, frozen=True, omit_defaults=True):
    """Kept with the message. `about` says to the room that asked what was answered: "survey:12:csat"."""

    about: str
    choices: tuple[Choice, ...] = ()
    # Of a scale: what its ends mean.
    low: str = ""
    high: str = ""
    # The next words of theirs are the answer.
    words: bool = False
    # Where it is answered when it cannot be here.
    link: str = ""
    link_label: str = ""
    is_scale: bool = False


def matches(expects: Expects, written: str, *, asked_at: datetime) -> Choice | None:
    """The choice somebody meant who typed instead of tapping; their own words where words are asked for."""
    said = written.strip()
    plain = _plain(said)
    for number, choice in enumerate(expects.choices, 1):
        names = {_plain(choice.label)}
        if expects.is_scale:
            names.add(choice.value)
        elif choice.value:
            names.add(str(number))
        if plain in names:
            return choice
    if expects.words and 0 < len(said) <= LONGEST and clock.now() - asked_at <= LISTENING:
        return Choice(said, said)
    return None


def tapped(expects: Expects, value: str) -> Choice | None:
    return next((one for one in expects.choices if one.value == value), None)


def _plain(written: str) -> str:
    """Without what stands around it, in small letters, with digits as every writing has them."""
    bare = written.strip(_AROUND).casefold()
    return "".join(str(unicodedata.digit(one)) if one.isdigit() else one for one in bare)
