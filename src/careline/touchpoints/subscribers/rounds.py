"""One round of delivery to everybody who has something to get."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import msgspec

from careline.touchpoints.remaining import ERASED
from careline.touchpoints.subscribers import hot
from careline.touchpoints.subscribers.delivery import Delivery, Taken
from careline.touchpoints.subscribers.hot import NIL, Horizon, Place, Positioned
from careline.touchpoints.subscribers.registry import Subscriber, registered

BATCH = 500
WINDOW = 2000


class Round(msgspec.Struct):
    """How many touchpoints were delivered, whether anybody moved or could not, and the snapshot it looked at."""

    delivered: int = 0
    moved: bool = False
    unfinished: bool = False
    xmin: str = ""
    xmax: str = ""

    @property
    def in_flight(self) -> bool:
        return self.xmin != self.xmax

    @property
    def is_quiet(self) -> bool:
        """Nothing is left and nothing is being written: whatever comes raises xmax."""
        return not (self.moved or self.unfinished or self.in_flight)


def enroll(subscribers: Iterable[Subscriber] | None = None) -> None:
    """Give newcomers their cursor. Called after migrations too, so that nothing is written before they listen."""
    new = list(registered() if subscribers is None else subscribers)
    hot.ENROLL.all(names=[one.name for one in new], from_start=[one.from_start for one in new], id=NIL)


def advance(name: str) -> int:
    """Deliver the next batch to one subscriber; returns how many touchpoints it got."""
    return go_round([one for one in registered() if one.name == name]).delivered


def advance_all() -> int:
    """Deliver everything that can be delivered now, to everybody."""
    total = 0
    while (done := go_round(registered())).moved:
        total += done.delivered
    return total


def retry_parked(name: str) -> int:
    """Let a subscriber have its parked touchpoints again, before anything newer; returns how many there are."""
    return len(hot.TRY_AGAIN.all(subscriber=name))


def go_round(subscribers: Iterable[Subscriber], known: Horizon | None = None) -> Round:
    """At most one batch to each; `known` is a horizon just looked at."""
    everybody = {one.name: one for one in subscribers}
    horizon, places = _look(everybody, known)
    done = Round(xmin=horizon.xmin, xmax=horizon.xmax)
    together: dict[tuple[str, object], list[Place]] = defaultdict(list)
    for place in places:
        if not place.due:
            continue
        if place.owing:
            owed = hot.OWED.all(subscriber=place.subscriber, limit=BATCH)
            _deliver(done, Delivery(everybody[place.subscriber], place, owed, None))
        elif int(place.xid) < int(horizon.xmin):
            together[place.xid, place.id].append(place)
    for group in together.values():
        _read_together(done, everybody, group)
    return done


def _look(everybody: dict[str, Subscriber], known: Horizon | None) -> tuple[Horizon, list[Place]]:
    horizon = known or look()
    places = _places(horizon, everybody)
    if len(places) < len(everybody):
        enroll(everybody[name] for name in everybody.keys() - {place.subscriber for place in places})
        horizon = look()
        places = _places(horizon, everybody)
    return horizon, places


def look() -> Horizon:
    horizon = hot.HORIZON.one()
    assert horizon is not None
    return horizon


def _places(horizon: Horizon, everybody: dict[str, Subscriber]) -> list[Place]:
    return [place for place in places_of(horizon) if place.subscriber in everybody]


def places_of(horizon: Horizon) -> list[Place]:
    return msgspec.json.decode(horizon.places, type=list[Place])


def somebody_waits(horizon: Horizon) -> bool:
    """After a failure, or with something owed: then there is work though nothing new was written."""
    names = {one.name for one in registered()}
    return any(place.subscriber in names and (place.failures or place.owing) for place in places_of(horizon))


def _read_together(done: Round, everybody: dict[str, Subscriber], group: list[Place]) -> None:
    kinds = frozenset().union(*(everybody[place.subscriber].kinds for place in group))
    stands = group[0]
    window = hot.WINDOW.all(xid=stands.xid, id=stands.id, limit=WINDOW, kinds=list(kinds))
    if not window:
        return
    unconcerned = []
    for place in group:
        subscriber = everybody[place.subscriber]
        wanted = [row for row in window if row.kind in subscriber.kinds and row.source != ERASED]
        if not wanted:
            unconcerned.append(place.subscriber)
            continue
        rows = wanted[:BATCH]
        end: Positioned = rows[-1] if len(wanted) > BATCH else window[-1]
        _deliver(done, Delivery(subscriber, place, rows, end))
    if unconcerned:
        to = window[-1]
        passed = hot.PASS.all(subscribers=unconcerned, xid=stands.xid, id=stands.id, to_xid=to.xid, to_id=to.id)
        done.moved = done.moved or bool(passed)


def _deliver(done: Round, delivery: Delivery) -> None:
    if not delivery.rows:
        return
    try:
        succeeded = delivery.run()
    except Taken:
        succeeded = False
    done.unfinished = done.unfinished or not succeeded
    if succeeded:
        done.delivered += len(delivery.rows)
        done.moved = True
