"""A talk kept as a test: what happened, and which way the flow went. Words may change; another way is a difference."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated

import msgspec
from msgspec import Meta

from careline.service.bots.core import machine
from careline.service.bots.core.shapes import Flow, Values, exits
from careline.service.bots.core.state import Begun, Happening, Moved, Wanted

Way = tuple[str, str]


class Turn(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An event, and what came of it: (what is wanted, by which step)."""

    event: Happening
    then: list[Way]


class Recording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first turn is Begun."""

    turns: Annotated[list[Turn], Meta(min_length=1, max_length=2 * machine.TURNS)]
    values: Values = {}
    verified: bool = False


class Differs(msgspec.Struct, frozen=True):
    """The turn, counted from 1, at which the flow goes another way."""

    turn: int
    was: list[Way]
    now: list[Way]


class Coverage(msgspec.Struct, frozen=True):
    """Exits of a flow that some recording goes through, and those none does: (step, exit)."""

    taken: list[Way]
    missed: list[Way]

    @property
    def share(self) -> float:
        """1.0 where there is nothing to choose."""
        every = len(self.taken) + len(self.missed)
        return len(self.taken) / every if every else 1.0


def record(
    flow: Flow, events: Iterable[Happening], *, values: Values | None = None, verified: bool = False
) -> Recording:  # fmt: skip
    """What the flow makes of these after it has begun."""
    happened = [Begun(), *events]
    ways = [_outline(moved.commands) for moved in _moves(flow, happened, values or {}, verified=verified)]
    turns = [Turn(event, way) for event, way in zip(happened, ways, strict=True)]
    return Recording(turns, values or {}, verified)


def replay(flow: Flow, kept: Recording) -> Differs | None:
    """The first difference, None where the flow goes as it went."""
    for number, (turn, moved) in enumerate(zip(kept.turns, _again(flow, kept), strict=True), 1):
        if (now := _outline(moved.commands)) != turn.then:
            return Differs(number, turn.then, now)
    return None


def covered(flow: Flow, recordings: Iterable[Recording]) -> Coverage:
    taken = {way for kept in recordings for moved in _again(flow, kept) for way in moved.taken}
    every = [(name, way) for name, node in flow.steps.items() for way in exits(node)]
    return Coverage([one for one in every if one in taken], [one for one in every if one not in taken])


def _again(flow: Flow, kept: Recording) -> list[Moved]:
    return _moves(flow, [turn.event for turn in kept.turns], kept.values, verified=kept.verified)


def _moves(flow: Flow, events: Sequence[Happening], values: Values, *, verified: bool) -> list[Moved]:
    state, moves = machine.begin(flow, values, verified=verified), []
    for event in events:
        moves.append(machine.step(flow, state, event))
        state = moves[-1].state
    return moves


def _outline(commands: Iterable[Wanted]) -> list[Way]:
    return [(str(one.__struct_config__.tag), one.step) for one in commands]
