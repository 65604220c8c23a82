"""What travels through a flow: where somebody is in it, what reaches it, and what it wants done."""

from __future__ import annotations

from typing import Annotated, Literal, NamedTuple

import msgspec
from msgspec import Meta

from careline.service.bots.core.shapes import NO_NUL, Value

Reason = Literal["wish", "step", "stuck", "repeated", "failed", "identity", "loop", "long"]
For = Literal["start", "words", "yes", "answer", "time", "nothing"]


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """All of it: stored as JSON between two events. `awaits` is what it waits for; with "nothing" it is over."""

    at: str
    awaits: For = "start"
    values: dict[str, Value] = {}
    verified: bool = False
    tries: int = 0
    # Of the whole run, and since the customer or the time last moved it.
    turns: int = 0
    steps: int = 0
    last: str = ""


class Event(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="event"):
    pass


class Begun(Event, frozen=True, tag="begun"):
    pass


class Heard(Event, frozen=True, tag="heard"):
    text: Annotated[str, Meta(pattern=NO_NUL)]


class Answered(Event, frozen=True, tag="answered"):
    """What a call, a look or an offer brought, flat; `failed` where it brought nothing."""

    values: dict[str, Value] = {}
    failed: bool = False


class Woken(Event, frozen=True, tag="woken"):
    pass


Happening = Begun | Heard | Answered | Woken


class Command(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="want"):
    """`step` is the node that wants it."""

    step: str


class Speak(Command, frozen=True, tag="speak"):
    """The same in each of its languages, filled in; `options` may be shown as buttons."""

    words: dict[str, str]
    options: tuple[dict[str, str], ...] = ()


class Phrase(Command, frozen=True, tag="phrase"):
    """A sentence of the house, which the runner knows in every language."""

    phrase: Literal["again", "which", "yes_or_no", "too_long"]


class Fetch(Command, frozen=True, tag="fetch"):
    """What the node at `step` calls, looks up or offers; it is answered with Answered."""

    sends: dict[str, Value] = {}


class Later(Command, frozen=True, tag="later"):
    minutes: int


class Person(Command, frozen=True, tag="person"):
    reason: Reason


class Finish(Command, frozen=True, tag="finish"):
    resolves: bool = False


Wanted = Speak | Phrase | Fetch | Later | Person | Finish


class Moved(NamedTuple):
    """`taken` are the exits that were gone through: (step, exit)."""

    state: State
    commands: tuple[Wanted, ...]
    taken: tuple[tuple[str, str], ...]
