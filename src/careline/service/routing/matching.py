"""The matcher: who waits and who is free go in, who gets what and why comes out. It knows no database and no clock.

Whoever ranks first is served first. Nobody further down is kept from an agent by that, and nobody further up loses
theirs: where the only free agent for somebody was just given to another who could also be helped elsewhere, that other
is helped elsewhere. Among those who may take a conversation, its queue says how one is chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Literal

import msgspec

Spread = Literal["least_loaded", "in_turn", "best_skilled"]
Why = Literal["last_agent", "only_one", "least_loaded", "in_turn", "best_skilled"]
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


class Need(msgspec.Struct, frozen=True, omit_defaults=True):
    """All that decides who may take a conversation: whoever has the same need stands in one row behind the other.

    `weight` is what it takes of an agent's capacity; `skills` the least level of each; `only` whom it is kept for;
    `not_by` who was asked lately and did not take it.
    """

    queue: int
    inbox: int
    weight: int = 1
    team: int | None = None
    skills: tuple[tuple[int, int], ...] = ()
    spread: Spread = "least_loaded"
    only: int | None = None
    not_by: tuple[int, ...] = ()
    # Whose it is already: a role that ends at teams sees no other's.
    of: int | None = None


class Waiting(msgspec.Struct, frozen=True):
    """`rank` is since when it counts as waiting: the true time, less its head start. `last` had the customer before."""

    id: int
    need: Need
    rank: datetime
    last: int | None = None


class Agent(msgspec.Struct, frozen=True):
    """Somebody who is ready: `load` of `capacity` is taken. `given` is when they were last given something."""

    id: int
    capacity: int
    load: int
    inboxes: frozenset[int] = frozenset()
    teams: frozenset[int] = frozenset()
    skills: Mapping[int, int] = {}
    # Of a role that ends at teams: whose conversations they see, and whether those of nobody too.
    sees: frozenset[int] | None = None
    teamless: bool = False
    given: datetime = LONG_AGO


class Decision(msgspec.Struct, frozen=True):
    conversation: int
    agent: int
    need: Need
    why: Why


class _Hand:
    """An agent while it is decided: what is free, and what they were given in this round."""

    __slots__ = ("agent", "free", "items")

    def __init__(self, agent: Agent) -> None:
        self.agent, self.free = agent, agent.capacity - agent.load
        self.items: list[Waiting] = []

    @property
    def taken(self) -> float:
        return 1 - self.free / self.agent.capacity if self.agent.capacity else 1.0


def match(waiting: Iterable[Waiting], agents: Sequence[Agent]) -> list[Decision]:
    """In the order of rank. Each agent is given at most what their capacity has left."""
    table = _Table(agents)
    placed: list[Waiting] = []
    # Whoever cannot be placed now will not be by what is given to others: the rest of that row need not be tried.
    stuck: set[Need] = set()
    for item in sorted(waiting, key=lambda one: (one.rank, one.id)):
        if item.need in stuck:
            continue
        if table.place(item):
            placed.append(item)
        else:
            stuck.add(item.need)
    holder = {item.id: hand.agent.id for hand in table.hands.values() for item in hand.items}
    return [Decision(item.id, holder[item.id], item.need, table.why(item, holder[item.id])) for item in placed]


def room(needs: Iterable[Need], agents: Sequence[Agent]) -> dict[Need, int]:
    """How many of each row can be placed at all; rows nobody is free for are left out. Of those in a row it is enough
    to give `match` the first so many: it decides the same as with all of them."""
    found: dict[Need, int] = {}
    for need in needs:
        fitting = [agent for agent in agents if agent.capacity - agent.load >= need.weight and may_take(agent, need)]
        if fitting:
            found[need] = sum((agent.capacity - agent.load) // need.weight for agent in fitting)
    return found


class _Table:
    def __init__(self, agents: Sequence[Agent]) -> None:
        self.hands = {agent.id: _Hand(agent) for agent in agents if agent.capacity > agent.load}
        self._fitting: dict[Need, list[_Hand]] = {}

    def fitting(self, need: Need) -> list[_Hand]:
        found = self._fitting.get(need)
        if found is None:
            found = self._fitting[need] = [hand for hand in self._asked(need) if may_take(hand.agent, need)]
        return found

    def _asked(self, need: Need) -> Iterator[_Hand]:
        if need.only is None:
            yield from self.hands.values()
        elif need.only in self.hands:
            yield self.hands[need.only]

    def place(self, item: Waiting) -> bool:
        return self._place(item, set())

    def _place(self, item: Waiting, tried: set[int]) -> bool:
        weight = item.need.weight
        fitting = self.fitting(item.need)
        free = [hand for hand in fitting if hand.free >= weight]
        if free:
            self._give(_chosen(item, free), item)
            return True
        for hand in fitting:
            if hand.agent.id in tried:
                continue
            tried.add(hand.agent.id)
            for other in tuple(hand.items):
                if hand.free + other.need.weight >= weight and self._elsewhere(other, hand, tried):
                    self._give(hand, item)
                    return True
        return False

    def _elsewhere(self, item: Waiting, hand: _Hand, tried: set[int]) -> bool:
        """Out of this hand and into another that can take it; else it stays."""
        self._take(hand, item)
        free, hand.free = hand.free, -1
        found = self._place(item, tried)
        hand.free = free
        if not found:
            self._give(hand, item)
        return found

    def _give(self, hand: _Hand, item: Waiting) -> None:
        hand.items.append(item)
        hand.free -= item.need.weight

    def _take(self, hand: _Hand, item: Waiting) -> None:
        hand.items.remove(item)
        hand.free += item.need.weight

    def why(self, item: Waiting, agent: int) -> Why:
        if agent in (item.last, item.need.only):
            return "last_agent"
        return "only_one" if len(self.fitting(item.need)) == 1 else item.need.spread


def may_take(agent: Agent, need: Need) -> bool:
    """Whether they are one of those it may go to, free or not."""
    if need.inbox not in agent.inboxes or agent.id in need.not_by:
        return False
    if agent.sees is not None and (need.of not in agent.sees if need.of is not None else not agent.teamless):
        return False
    if need.only is not None:
        return agent.id == need.only
    if need.team is not None and need.team not in agent.teams:
        return False
    return all(agent.skills.get(skill, 0) >= level for skill, level in need.skills)


def _chosen(item: Waiting, free: Sequence[_Hand]) -> _Hand:
    for hand in free:
        if hand.agent.id == item.last:
            return hand
    need = item.need

    def level(hand: _Hand) -> int:
        return sum(hand.agent.skills.get(skill, 0) for skill, _least in need.skills)

    # Who can do much is kept for what few can do.
    if need.spread == "in_turn":
        return min(free, key=lambda one: (len(one.items), one.agent.given, one.agent.id))
    if need.spread == "best_skilled":
        return min(free, key=lambda one: (-level(one), one.taken, one.agent.given, one.agent.id))
    return min(free, key=lambda one: (one.taken, len(one.agent.skills), one.agent.given, one.agent.id))
