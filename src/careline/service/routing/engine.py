"""The one matcher, driven by whatever changes: it is woken by news and by the clock, and looks at all that waits.

Nothing is decided where a conversation comes in. A turn is one transaction: offers nobody answered end, queues give
way, who fell silent is away, and then everybody who is free is matched with everything that waits.
"""

from __future__ import annotations

import logging
import threading
from datetime import UTC, datetime, timedelta

import msgspec
from django.db import DatabaseError, InterfaceError, connection, transaction

from careline.kit import bus, clock
from careline.service.routing import looks, offering, placing, presence, terms, weights
from careline.service.routing.matching import LONG_AGO, Agent, Need, Waiting, match

# Decided in one transaction at most; the rest follows in the next.
MOST = 100
# In each row, so many are looked at in one turn.
ROW = 100
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
    for expired in offering.expire_due(at):
        if offering.is_absent(expired.agent_id):
            presence.fell_silent(expired.agent_id, at=at)
    presence.silence_due(house.silence, at=at)
    placing.ease_due(house, at)
    decided = _decide(house, at)
    found = looks.NEXT.one(lost=presence.LOST, silence=house.silence)
    return Turn(decided, found.at if found else None)


def _decide(house: terms.House, at: datetime) -> int:
    free = looks.FREE.all(
        weights=msgspec.json.encode(house.weights).decode(), lively=weights.lively(), warm=at - weights.WARM,
        capacity=house.capacity,
    )  # fmt: skip
    if not free:
        return 0
    room = sum(one.capacity - one.load for one in free)
    heads = {one.id: one for one in looks.HEADS.all(most=min(room, ROW))}
    if not heads:
        return 0
    decisions = match(waiting_of(house, heads), [_agent(one) for one in free])
    return offering.make(house, heads, decisions[:MOST], at=at)


def waiting_of(house: terms.House, heads: dict[int, looks.Head]) -> list[Waiting]:
    needs: dict[str, Need] = {}
    found = []
    for one in heads.values():
        need = needs.get(one.need)
        if need is None:
            need = needs[one.need] = msgspec.json.decode(one.need, type=Need)
        if need.queue in house.queues:
            looks_for = house.queues[need.queue].last_s is not None
            found.append(Waiting(one.id, need, one.rank, one.last if looks_for else None))
    return found


def _agent(one: looks.Free) -> Agent:
    return Agent(
        id=one.id, capacity=one.capacity, load=one.load, inboxes=frozenset(one.inboxes), teams=frozenset(one.teams),
        skills=dict(zip(one.skills, one.levels, strict=True)), given=one.given_at or LONG_AGO,
    )  # fmt: skip


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
