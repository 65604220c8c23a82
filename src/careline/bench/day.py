"""A day of calls played in the head with the real matcher: discrete events, seeded, nothing stored.

Beside it what can be known exactly: the best that could have been done with a few calls, all of them known beforehand,
found by trying everything, with and without letting somebody idle for whoever comes next; and the formulas of Erlang
for one queue of one skill.
"""

from __future__ import annotations

import heapq
import math
import random
import statistics
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import count

import msgspec

from careline.service.routing.matching import Agent, Decision, Need, Waiting, match, may_take

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ARRIVES, FREE, GIVES_UP, LOOKS = range(4)


class Call(msgspec.Struct, frozen=True):
    """`need` is asked at each look, by the seconds it has waited; `looks` are the seconds at which that changes."""

    at: float
    takes: float
    need: Callable[[float], Need]
    patience: float = math.inf
    head_start: float = 0.0
    looks: Sequence[float] = ()


class Played(msgspec.Struct, frozen=True):
    """How long each call waited, and whether somebody took it; `passed` counts those an agent was kept from."""

    waits: list[float]
    taken: list[bool]
    passed: int = 0

    def level(self, within: float) -> float:
        """Answered in time, of all."""
        return sum(one and wait <= within for wait, one in zip(self.waits, self.taken, strict=True)) / len(self.waits)

    def longest(self) -> float:
        return max(self.waits)


def play(calls: Sequence[Call], agents: Sequence[Agent]) -> Played:
    number = count()
    events = [(one.at, next(number), ARRIVES, n) for n, one in enumerate(calls)]
    heapq.heapify(events)
    waiting: dict[int, Call] = {}
    free = {one.id: one for one in agents}
    known = {one.id: one for one in agents}
    waits, taken, passed = [0.0] * len(calls), [False] * len(calls), 0
    while events:
        now, _n, what, who = heapq.heappop(events)
        if what == ARRIVES:
            one = waiting[who] = calls[who]
            for after, kind in [(one.patience, GIVES_UP), *((look, LOOKS) for look in one.looks)]:
                if after < math.inf:
                    heapq.heappush(events, (now + after, next(number), kind, who))
        elif what == FREE:
            free[who] = msgspec.structs.replace(known[who], given=START + timedelta(seconds=now))
        elif what == GIVES_UP and waiting.pop(who, None) is not None:
            waits[who] = now - calls[who].at
        if not waiting or not free:
            continue
        lined = [
            Waiting(n, one.need(now - one.at), START + timedelta(seconds=one.at - one.head_start))
            for n, one in waiting.items()
        ]
        decided = match(lined, list(free.values()))
        passed += _passed(lined, decided, free)
        for given in decided:
            call = waiting.pop(given.conversation)
            del free[given.agent]
            waits[given.conversation], taken[given.conversation] = now - call.at, True
            heapq.heappush(events, (now + call.takes, next(number), FREE, given.agent))
    return Played(waits, taken, passed)


def _passed(lined: Sequence[Waiting], decided: Sequence[Decision], free: dict[int, Agent]) -> int:
    """Still waiting though somebody who could have taken it was given what stands behind it."""
    given = {one.conversation: one.agent for one in decided}
    ranks = {one.id: (one.rank, one.id) for one in lined}
    return sum(
        one.id not in given
        and any(ranks[one.id] < ranks[other] and may_take(free[agent], one.need) for other, agent in given.items())
        for one in lined
    )


def best(calls: Sequence[Call], agents: Sequence[Agent], within: float, *, idling: bool = False) -> float:
    """The share that is answered in time by the best of all ways to match at each moment, knowing the whole day. As
    every matcher must that knows only what has happened, it leaves nobody idle whom somebody waits for; `idling` it may
    keep somebody back for a call that has not come yet."""
    at = [one.at for one in calls]

    @cache
    def most(now: float, frees: tuple[float, ...], left: frozenset[int]) -> int:
        left = frozenset(n for n in left if at[n] + within >= now)
        if not left:
            return 0
        pairs = [
            (n, place)
            for n in left
            for place, agent in enumerate(agents)
            if at[n] <= now and frees[place] <= now and may_take(agent, calls[n].need(0))
        ]
        given = max(
            (
                1 + most(now, (*frees[:place], now + calls[n].takes, *frees[place + 1 :]), left - {n})
                for n, place in pairs
            ),
            default=0,
        )
        if pairs and not idling:
            return given
        then = [moment for moment in (*frees, *(at[n] for n in left)) if moment > now]
        return max(given, most(min(then), frees, left)) if then else given

    return most(0.0, (0.0,) * len(agents), frozenset(range(len(calls)))) / len(calls)


def one_queue(
    seed: int, *, calls: int, per_s: float, takes_s: float, agents: int, patience_s: float = math.inf
) -> Played:
    """Arrivals, lengths and patience without memory: what the formulas are about."""
    chance, now, made = random.Random(seed), 0.0, []
    need = Need(queue=1, inbox=1)
    for _n in range(calls):
        now += chance.expovariate(per_s)
        patience = math.inf if patience_s == math.inf else chance.expovariate(1 / patience_s)
        made.append(Call(now, chance.expovariate(1 / takes_s), lambda _waited: need, patience))
    return play(made, [Agent(n + 1, 1, 0, frozenset({1})) for n in range(agents)])


def small(seed: int) -> tuple[list[Call], list[Agent]]:
    """A few calls and agents of two skills."""
    chance = random.Random(seed)
    agents = [
        Agent(n + 1, 1, 0, frozenset({1}), skills={skill: 1 for skill in (1, 2) if n == 0 or chance.random() < 0.6})
        for n in range(3)
    ]
    now, made = 0.0, []
    for _n in range(7):
        now += chance.expovariate(1 / 75)
        need = Need(queue=1, inbox=1, skills=((chance.choice((1, 2)), 1),))
        made.append(Call(now, chance.expovariate(1 / 120), lambda _waited, need=need: need, patience=60))  # type: ignore[misc]
    return made, agents


def against_the_best(instances: int = 60) -> tuple[float, float, float]:
    """Answered within a minute by the matcher, at best while nobody idles, and at best by whoever knows what comes."""
    ours, most, knowing = [], [], []
    for seed in range(instances):
        calls, agents = small(seed)
        ours.append(play(calls, agents).level(60))
        most.append(best(calls, agents, 60))
        knowing.append(best(calls, agents, 60, idling=True))
    return statistics.fmean(ours), statistics.fmean(most), statistics.fmean(knowing)


def whole_day(seed: int = 5, *, calls: int = 3000, agents: int = 60) -> tuple[Played, Played, float]:
    """Six skills, important customers, a rush at noon; beside it the same without skills or priority, first come first
    served. The third is what nobody may wait longer than: what the plain line takes, the head start others have, and
    the moment from which everybody may help."""
    chance = random.Random(seed)
    staff = [
        Agent(
            n + 1, 1, 0, frozenset({1}), skills={skill: chance.randint(1, 5) for skill in chance.sample(range(1, 7), 2)}
        )
        for n in range(agents)
    ]
    eased, start = 180.0, 300.0
    made, plain, open_to_all = [], [], Need(queue=1, inbox=1)
    for at in sorted(_moment(chance) for _n in range(calls)):
        takes, skill, vip = chance.expovariate(1 / 420), chance.randint(1, 6), chance.random() < 0.1
        strict = Need(queue=1, inbox=1, skills=((skill, 2),))
        made.append(
            Call(
                at, takes, lambda waited, strict=strict: strict if waited < eased else open_to_all,  # type: ignore[misc]
                head_start=start if vip else 0.0, looks=(eased,),
            )
        )  # fmt: skip
        plain.append(Call(at, takes, lambda _waited: open_to_all))
    return play(made, staff), play(plain, staff), eased + start


def _moment(chance: random.Random) -> float:
    return min(28_799.0, max(0.0, chance.gauss(14_400, 3_600) if chance.random() < 0.5 else chance.uniform(0, 28_800)))


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The mean and half of its interval of 95 %."""
    return statistics.fmean(values), 1.96 * statistics.stdev(values) / math.sqrt(len(values))


def erlang_c(erlangs: float, agents: int) -> float:
    """The share that has to wait at all."""
    blocked = 1.0
    for n in range(1, agents + 1):
        blocked = erlangs * blocked / (n + erlangs * blocked)
    return blocked / (1 - erlangs / agents * (1 - blocked))


def erlang_a(per_s: float, takes_s: float, agents: int, patience_s: float) -> float:
    """The share that gives up; by the chain of births and deaths."""
    weight, total, given_up = 1.0, 1.0, 0.0
    for n in range(1, 40 * agents):
        leaving = min(n, agents) / takes_s + max(0, n - agents) / patience_s
        weight *= per_s / leaving
        total += weight
        given_up += weight * max(0, n - agents) / patience_s
    return given_up / total / per_s
