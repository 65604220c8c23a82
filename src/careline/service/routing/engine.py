"""The one matcher, driven by whatever changes: it is woken by news and by the clock, and looks at all that waits.

Nothing is decided where a conversation comes in. A turn is one transaction: offers nobody answered end, queues give
way, who fell silent is away, and then everybody who is free is matched with everything that waits.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from functools import lru_cache

import msgspec
from django.db import DatabaseError, InterfaceError, connection, transaction

from careline.kit import bus, clock
from careline.service.routing import looks, offering, placing, presence, terms, weights
from careline.service.routing.matching import LONG_AGO, Agent, Need, Waiting, match, room

# Decided in one transaction at most; the rest follows in the next. Of each row no more need be looked at.
MOST = 100
IDLE_S = 30.0
_log = logging.getLogger(__name__)


class Turn(msgspec.Struct, frozen=True):
    """How many were decided, and when something happens next by itself."""

    decided: int = 0
    next_at: datetime | None = None


@transaction.atomic
def turn(*, at: datetime | None = None) -> Turn:
    placing.hold()
    at, house = at or clock.now(), terms.house()
    if house is None:
        return Turn()
    next_at = _next(house)
    if next_at is not None and next_at <= at:
        _pass(house, at)
        next_at = _next(house)
    decided = _decide(house, at)
    return Turn(decided, _next(house) if decided else next_at)


def _next(house: terms.House) -> datetime | None:
    found = looks.NEXT.one(lost=presence.LOST, silence=house.silence)
    return found.at if found else None


def _pass(house: terms.House, at: datetime) -> None:
    """What time alone brings about."""
    for expired in offering.expire_due(at):
        if offering.is_absent(expired.agent_id):
            presence.fell_silent(expired.agent_id, at=at)
    presence.silence_due(house.silence, at=at)
    placing.ease_due(house, at)


def _decide(house: terms.House, at: datetime) -> int:
    """Looked at are the rows that wait, whoever is free and has to do with them, and of each row as many as these can
    take: what comes of it is what would come of all that waits and everybody who is free."""
    needs = {one.need: _need(one.need) for one in looks.NEEDS.all()}
    needs = {raw: need for raw, need in needs.items() if need.queue in house.queues}
    if not needs:
        return 0
    agents = _free(house, needs.values(), at)
    most = room(needs.values(), agents)
    if not most:
        return 0
    asked = {raw: min(MOST, most[need]) for raw, need in needs.items() if need in most}
    heads = {one.id: one for one in looks.HEADS.all(needs=list(asked), mosts=list(asked.values()))}
    decisions = match((_waiting(house, one) for one in heads.values()), agents)
    return offering.make(house, heads, {one.id: one for one in agents}, decisions[:MOST], at=at)


def _free(house: terms.House, needs: Collection[Need], at: datetime) -> list[Agent]:
    found = looks.FREE.all(
        weights=msgspec.json.encode(house.weights).decode(), lively=weights.lively(), warm=at - weights.WARM,
        capacity=house.capacity, anybody=any(not need.skills for need in needs),
        skills=sorted({skill for need in needs for skill, _level in need.skills}),
    )  # fmt: skip
    return [
        Agent(
            id=one.id, capacity=one.capacity, load=one.load, inboxes=frozenset(one.inboxes),
            teams=frozenset(one.teams), skills=dict(zip(one.skills[::2], one.skills[1::2], strict=True)),
            sees=None if one.sees is None else frozenset(one.sees), teamless=one.teamless,
            given=one.given_at or LONG_AGO,
        )
        for one in found
    ]  # fmt: skip


@lru_cache(4096)
def _need(raw: str) -> Need:
    return msgspec.json.decode(raw, type=Need)


def _waiting(house: terms.House, one: looks.Head) -> Waiting:
    need = _need(one.need)
    return Waiting(one.id, need, one.rank, one.last if house.queues[need.queue].last_s is not None else None)


def run(stop: threading.Event) -> None:
    """Until told to stop; survives a database that goes away. Several workers may run: they take turns."""
    news = threading.Event()
    leave = bus.subscribe(offering.WAKE, lambda _topic, _message: news.set())
    news.set()
    try:
        while not stop.is_set():
            news.clear()
            pause = _turns(stop)
            _wait(news, stop, pause)
    finally:
        leave()
        connection.close()


def _turns(stop: threading.Event) -> float:
    """Turn after turn while there is something to decide; how long to rest then."""
    try:
        while not stop.is_set():
            done = turn()
            if not done.decided:
                return _rest(done.next_at)
    except (DatabaseError, InterfaceError) as error:
        _log.warning("The matcher waits for the database: %s", type(error).__name__)
        connection.close()
    except Exception:
        _log.exception("A turn of the matcher failed.")
    return 1.0


def _rest(next_at: datetime | None) -> float:
    if next_at is None:
        return IDLE_S
    left = (next_at.astimezone(UTC) - clock.now()) / timedelta(seconds=1)
    return min(IDLE_S, max(0.05, left))


def _wait(news: threading.Event, stop: threading.Event, pause: float) -> None:
    """In pieces, so that it leaves when told to."""
    while pause > 0 and not stop.is_set() and not news.wait(min(pause, 0.5)):
        pause -= 0.5
