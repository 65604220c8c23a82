"""A flow tried out: what happened is played again from the beginning, and each turn shows the way the flow took."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from django.utils.translation import gettext as _

from careline.kit.refusals import Refused
from careline.service.bots.core import machine
from careline.service.bots.core.recording import Recording
from careline.service.bots.core.shapes import Call, Choose, Flow, Look, Values
from careline.service.bots.core.state import (
    Answered,
    Begun,
    Fetch,
    Finish,
    Happening,
    Heard,
    Later,
    Person,
    Phrase,
    Speak,
    State,
    Wanted,
    Woken,
)  # fmt: skip
from careline.web.bots import form, words

MOST = 2 * machine.TURNS - 1


class Played(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All a talk is made of; it travels with the form."""

    events: list[Happening] = []
    values: Values = {}
    verified: bool = False


class Said(msgspec.Struct, frozen=True):
    """A line of the talk: who is `them`, `bot` or `did`, what the flow did rather than said."""

    who: str
    words: str
    options: list[str] = []


class Turn(msgspec.Struct, frozen=True):
    lines: list[Said]
    taken: Sequence[tuple[str, str]]


class Talk(msgspec.Struct, frozen=True):
    """`wants` are the names of what a program or a look is to bring now."""

    turns: list[Turn]
    state: State
    played: str
    wants: list[str] = []
    options: list[str] = []

    @property
    def taken(self) -> set[tuple[str, str]]:
        return {way for turn in self.turns for way in turn.taken}


def read(raw: str) -> Played:
    if not raw:
        return Played()
    try:
        return msgspec.json.decode(raw[:400_000], type=Played)
    except msgspec.MsgspecError:
        raise Refused(_("This talk cannot be read.")) from None


def written(played: Played) -> str:
    return msgspec.json.encode(played).decode()


def further(played: Played, post: Mapping[str, str]) -> Played:
    """With what a button of the panel did."""
    events, act = list(played.events), post.get("act", "")
    if act == "again":
        return Played(values=known(post), verified="verified" in post)
    if act == "back":
        events = events[:-1]
    elif act == "wake":
        events.append(Woken())
    elif act == "fails":
        events.append(Answered(failed=True))
    elif act == "brings":
        events.append(Answered(_given(post, "bring.")))
    elif act.startswith("option:"):
        events.append(Heard(act.removeprefix("option:")[:5_000]))
    elif said := post.get("say", "").replace("\0", "").strip():
        events.append(Heard(said[:5_000]))
    if len(events) > MOST:
        raise Refused(_("A talk has at most %(most)s turns.") % {"most": MOST})
    return Played(events, played.values, played.verified)


def known(post: Mapping[str, str]) -> Values:
    """What the flow is begun with."""
    return _given(post, "know.")


def _given(post: Mapping[str, str], begins: str) -> Values:
    found = {name.removeprefix(begins): one.strip() for name, one in post.items() if name.startswith(begins)}
    return {name: form.typed(one[:4_000].replace("\0", "")) for name, one in found.items() if one}


def talk(flow: Flow, played: Played, language: str) -> Talk:
    state, turns = machine.begin(flow, played.values, verified=played.verified), []
    commands: Sequence[Wanted] = ()
    for event in [Begun(), *played.events]:
        moved = machine.step(flow, state, event)
        state, commands = moved.state, moved.commands
        heard = _heard(event)
        turns.append(Turn(([heard] if heard else []) + [_said(one, language) for one in commands], moved.taken))
    node = flow.steps.get(state.at)
    wants: list[str] = []
    if state.awaits == "answer":
        wants = list(node.takes) if isinstance(node, Call | Look) else ["article", "link"]
    options: list[str] = []
    if isinstance(node, Choose) and state.awaits == "words":
        options = [_filled(one.words, state, language) for one in node.options]
    return Talk(turns, state, written(played), wants, options)


def _filled(said: Mapping[str, str], state: State, language: str) -> str:
    return machine.fill(_in(said, language), state.values)


def _in(said: Mapping[str, str], language: str) -> str:
    return said.get(language) or said.get("en") or next(iter(said.values()), "")


def _heard(event: Happening) -> Said | None:
    if isinstance(event, Heard):
        return Said("them", event.text)
    if isinstance(event, Answered):
        brought = ", ".join(f"{name} = {form.shown(value)}" for name, value in event.values.items())
        return Said("did", _("It failed.") if event.failed else _("It brought %(what)s.") % {"what": brought or "–"})
    return Said("did", _("The time has passed.")) if isinstance(event, Woken) else None


def _said(one: Wanted, language: str) -> Said:
    if isinstance(one, Speak):
        return Said("bot", _in(one.words, language), [_in(option, language) for option in one.options])
    if isinstance(one, Phrase):
        return Said("bot", words.phrases()[one.phrase])
    if isinstance(one, Person):
        return Said("did", _("A person is called: %(why)s.") % {"why": words.reasons()[one.reason]})
    if isinstance(one, Finish):
        return Said("did", _("It ends and resolves the conversation.") if one.resolves else _("It ends."))
    if isinstance(one, Later):
        return Said("did", _("It waits %(minutes)s minutes.") % {"minutes": one.minutes})
    assert isinstance(one, Fetch)
    return Said("did", _("It asks what “%(step)s” brings.") % {"step": one.step})


def of_recording(kept: Recording) -> Played:
    """A rehearsal to be played again; its first turn is that it began."""
    return Played([turn.event for turn in kept.turns[1:]], kept.values, kept.verified)
