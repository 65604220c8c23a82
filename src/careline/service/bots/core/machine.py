"""One step of a flow: `(flow, state, event) -> (state, commands, exits taken)`. Pure, total and bounded.

A run hears at most TURNS events and takes at most STEPS nodes between two of them; past either a person is called, as
for whoever wishes so, says the same again, or finds no way on: no path ends in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from careline.service.bots.core import checks
from careline.service.bots.core.shapes import (
    Ask,
    Branch,
    Call,
    Choose,
    End,
    Flow,
    HandOver,
    Look,
    Node,
    Offer,
    Say,
    Set,
    Value,
    Wait,
    exits,
)  # fmt: skip
from careline.service.bots.core.state import (
    Answered,
    Begun,
    Fetch,
    Finish,
    Happening,
    Heard,
    Later,
    Moved,
    Person,
    Phrase,
    Reason,
    Speak,
    State,
    Wanted,
    Woken,
)  # fmt: skip
from careline.service.intents import wishes

STEPS, TURNS, LONGEST = 50, 60, 4_000
_KEPT = 200
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


def begin(flow: Flow, values: Mapping[str, Value] | None = None, *, verified: bool = False) -> State:
    """Before its first event, which is Begun. `verified`: whoever speaks has proven who they are."""
    return State(at=flow.start, values=dict(values or {}), verified=verified)


def step(flow: Flow, state: State, event: Happening) -> Moved:
    """What does not fit what is awaited changes nothing: a late answer, a second waking, words after the end."""
    if state.awaits == "nothing" or state.at not in flow.steps:
        return Moved(state, (), ())
    walk = _Walk(flow, state)
    if isinstance(event, Heard):
        walk.heard(event.text)
    elif isinstance(event, Begun) and state.awaits == "start":
        walk.go(state.at)
    elif isinstance(event, Answered) and state.awaits == "answer":
        walk.answered(event)
    elif isinstance(event, Woken) and state.awaits == "time" and walk.turned():
        walk.leave("next")
    return Moved(walk.state, tuple(walk.commands), tuple(walk.taken))


class _Walk:
    """From one event to where the flow waits again."""

    def __init__(self, flow: Flow, state: State) -> None:
        self.flow, self.state = flow, state
        self.commands: list[Wanted] = []
        self.taken: list[tuple[str, str]] = []

    @property
    def node(self) -> Node:
        return self.flow.steps[self.state.at]

    def set(self, **changed: Any) -> None:
        self.state = replace(self.state, **changed)

    def turned(self) -> bool:
        """One event more; False where it was one too many."""
        self.set(turns=self.state.turns + 1, steps=0)
        if self.state.turns > TURNS:
            self.person("loop")
        return self.state.turns <= TURNS

    def heard(self, text: str) -> None:
        if not self.turned():
            return
        if wishes.person(text):
            self.person("wish")
            return
        if len(text) > LONGEST:
            # Shown to nobody as an answer, and never kept.
            self.unfit("long", Phrase(self.state.at, "too_long"))
            return
        said = " ".join(wishes.plain(text))
        repeated = said[:_KEPT] == self.state.last and bool(said)
        self.set(last=said[:_KEPT])
        if self.state.awaits == "words":
            node = self.node
            if isinstance(node, Ask):
                self.asked(node, text, repeated=repeated)
                return
            if isinstance(node, Choose):
                self.chosen(node, text, repeated=repeated)
                return
        if self.state.awaits == "yes":
            self.confirmed(text)
            return
        # It is not their turn. Nobody who speaks waits for a day to be over; a program answers in a moment.
        if repeated or self.state.awaits == "time":
            self.person("repeated" if repeated else "stuck")

    def asked(self, node: Ask, text: str, *, repeated: bool) -> None:
        found = checks.read(node.check, text)
        if found is not None:
            self.set(values={**self.state.values, node.into: found})
            self.leave("next")
            return
        again = self.speak(node.again) if node.again else Phrase(self.state.at, "again")
        self.unfit("repeated" if repeated else "stuck", again)

    def chosen(self, node: Choose, text: str, *, repeated: bool) -> None:
        said = wishes.plain(text)
        number_said = int(said[0]) if len(said) == 1 and said[0].isdecimal() else 0
        for number, option in enumerate(node.options, 1):
            # Of signs alone no words are left, and nothing is chosen by them.
            spelled = [wishes.plain(self.filled(one)) for one in option.words.values()]
            if number == number_said or (said and said in spelled):
                self.leave(f"option {number}")
                return
        self.unfit("repeated" if repeated else "stuck", Phrase(self.state.at, "which"), self.offered(node))

    def confirmed(self, text: str) -> None:
        answer = wishes.agrees(text)
        if answer is None:
            self.unfit("stuck", Phrase(self.state.at, "yes_or_no"))
            return
        if not answer:
            self.leave("declined")
            return
        assert isinstance(self.node, Call)
        self.fetch(self.node)

    def unfit(self, reason: Reason, *again: Wanted) -> None:
        """Asked again, until its tries are used up."""
        node, tries = self.node, self.state.tries + 1
        most = node.tries if isinstance(node, Ask | Choose) else 2
        self.set(tries=tries)
        if tries < most:
            self.commands += again
        elif isinstance(node, Ask | Choose):
            self.leave("otherwise", reason)
        else:
            self.person(reason)

    def answered(self, event: Answered) -> None:
        node = self.node
        if event.failed:
            self.leave("otherwise" if isinstance(node, Offer) else "failed", "failed")
            return
        # Only what the flow names is taken: an answer cannot set another value.
        wanted = set(node.takes) if isinstance(node, Call | Look) else {"article", "link"}
        kept = {name: value for name, value in event.values.items() if name in wanted}
        self.set(values=self.state.values | kept)
        self.leave("next")

    def leave(self, way: str, reason: Reason = "step") -> None:
        self.taken.append((self.state.at, way))
        target = exits(self.node)[way]
        if target is None:
            self.person(reason)
            return
        self.go(target)

    def go(self, name: str) -> None:
        """Node after node until one waits or ends."""
        todo: str | None = name
        while todo is not None:
            if self.state.steps >= STEPS:
                self.person("loop")
                return
            self.set(at=todo, tries=0, steps=self.state.steps + 1)
            way = _ENTER[type(self.node)](self, self.node)
            if way is None:
                return
            self.taken.append((todo, way))
            todo = exits(self.node)[way]
            if todo is None:
                self.person("step")
                return

    def person(self, reason: Reason) -> None:
        self.set(awaits="nothing")
        self.commands.append(Person(self.state.at, reason))

    def fetch(self, node: Call | Look | Offer) -> None:
        named = node.sends if isinstance(node, Call) else [node.about] if isinstance(node, Offer) else [node.by]
        self.set(awaits="answer")
        self.commands.append(
            Fetch(self.state.at, {one: self.state.values[one] for one in named if one in self.state.values})
        )

    def filled(self, words: str) -> str:
        return fill(words, self.state.values)

    def speak(self, words: Mapping[str, str], *options: Mapping[str, str]) -> Speak:
        every = [{language: self.filled(one) for language, one in said.items()} for said in (words, *options)]
        return Speak(self.state.at, every[0], tuple(every[1:]))

    def offered(self, node: Choose) -> Speak:
        return self.speak(node.words, *(one.words for one in node.options))


def fill(words: str, values: Mapping[str, Value]) -> str:
    """Once over: what a value holds is never read as a place again."""
    return _PLACE.sub(lambda found: _shown(values.get(found[1], "")), words)


def _shown(value: Value) -> str:
    return ("✓" if value else "–") if isinstance(value, bool) else str(value)


def _say(walk: _Walk, node: Say) -> str:
    walk.commands.append(walk.speak(node.words))
    return "next"


def _ask(walk: _Walk, node: Ask) -> None:
    walk.commands.append(walk.speak(node.words))
    walk.set(awaits="words")


def _choose(walk: _Walk, node: Choose) -> None:
    walk.commands.append(walk.offered(node))
    walk.set(awaits="words")


def _branch(walk: _Walk, node: Branch) -> str:
    holds = (n for n, one in enumerate(node.cases, 1) if checks.holds(one, walk.state.values))
    first = next(holds, None)
    return "otherwise" if first is None else f"case {first}"


def _set(walk: _Walk, node: Set) -> str:
    walk.set(values=walk.state.values | node.values)
    return "next"


def _call(walk: _Walk, node: Call) -> None:
    if not node.irreversible:
        walk.fetch(node)
        return
    if not walk.state.verified:
        walk.person("identity")
        return
    assert node.confirm is not None
    walk.commands.append(walk.speak(node.confirm))
    walk.set(awaits="yes")


def _fetch(walk: _Walk, node: Look | Offer) -> None:
    walk.fetch(node)


def _wait(walk: _Walk, node: Wait) -> None:
    walk.commands.append(Later(walk.state.at, node.minutes))
    walk.set(awaits="time")


def _hand_over(walk: _Walk, node: HandOver) -> None:
    if node.words:
        walk.commands.append(walk.speak(node.words))
    walk.person("step")


def _end(walk: _Walk, node: End) -> None:
    walk.commands += [walk.speak(node.words)] if node.words else []
    walk.commands.append(Finish(walk.state.at, node.resolves))
    walk.set(awaits="nothing")


_ENTER: dict[type, Callable[[_Walk, Any], str | None]] = {
    Say: _say, Ask: _ask, Choose: _choose, Branch: _branch, Set: _set, Call: _call, Look: _fetch, Offer: _fetch,
    Wait: _wait, HandOver: _hand_over, End: _end,
}  # fmt: skip
