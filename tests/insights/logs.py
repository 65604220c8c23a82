"""Event logs to ask: random ones full of ties, and the golden one, whose every row is there for a reason."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from careline.insights.warehouse.copy import laying
from careline.insights.warehouse.engine import Connection
from tests.insights.reference import Moment

BEGIN = datetime(2026, 1, 5)
KINDS = ("page.viewed", "order.placed", "order.delivered", "message.received", "it's “odd”, truly\n", "Überraschung")
INBOXES = (None, None, 1, 2, 3)
JOURNEYS = (None, "order:A-1", "order:A-2", "orders:A-1", "conversation:7", "order:")


def random_log(seed: int, *, customers: int = 12, moments: int = 200, days: int = 40) -> list[Moment]:
    """Whole minutes, so that many fall together; ids in no order of time."""
    chance = random.Random(seed)
    visits = [BEGIN + timedelta(minutes=chance.randrange(days * 1440)) for _n in range(max(1, moments // 4))]
    found = []
    for _n in range(moments):
        at = chance.choice(visits) + timedelta(minutes=chance.choice((0, 0, 1, 5, 29, 30, 31, 60)))
        if chance.random() < 0.3:
            at += timedelta(microseconds=chance.randrange(60_000_000))
        found.append(
            Moment(
                chance.randrange(1, customers + 1), at, UUID(int=chance.getrandbits(128)),
                chance.choice(KINDS), chance.choice(INBOXES), chance.choice(JOURNEYS),
            )
        )  # fmt: skip
    return found


def laid(conn: Connection, moments: Iterable[Moment], joined: dict[int, int] | None = None) -> None:
    """As the copy has them, in memory."""
    moments = list(moments)
    laying.staging(conn)
    for start in range(0, len(moments), 20_000):
        people, times, ids, kinds, inboxes, journeys = zip(*moments[start : start + 20_000], strict=True)
        conn.execute(
            "INSERT INTO raw SELECT unnest($people::BIGINT[]), unnest($times::TIMESTAMP[]), unnest($ids::UUID[]),"
            " unnest($kinds::VARCHAR[]), unnest($inboxes::BIGINT[]), unnest($journeys::VARCHAR[])",
            {
                "people": people,
                "times": times,
                "ids": [str(one) for one in ids],
                "kinds": kinds,
                "inboxes": inboxes,
                "journeys": journeys,
            },
        )
    for person, customer in (joined or {}).items():
        conn.execute("INSERT INTO joined VALUES ($person, $customer)", {"person": person, "customer": customer})
    laying.lay(conn, sorted({moment.kind for moment in moments}))


def at(day: int, hour: int = 0, minute: int = 0, second: int = 0) -> datetime:
    return BEGIN + timedelta(days=day, hours=hour, minutes=minute, seconds=second)


def _moments(person: int, *given: tuple[datetime, str, int] | tuple[datetime, str, int, int]) -> list[Moment]:
    return [Moment(person, one[0], UUID(int=one[2]), one[1], one[3] if len(one) > 3 else None) for one in given]


PAGE, ORDER, ARRIVED, WROTE = KINDS[:4]
GOLDEN = [
    # Three moments fall together: their ids say which came first, also where the first bit is set.
    *_moments(1, (at(0, 9), PAGE, 30), (at(0, 9), ORDER, 10), (at(0, 9), PAGE, 2**127 + 1)),
    *_moments(1, (at(0, 9, 30), WROTE, 40, 1)),
    # Thirty minutes belong together, one microsecond more does not.
    *_moments(2, (at(0, 8), PAGE, 50), (at(0, 8, 30), PAGE, 51)),
    Moment(2, at(0, 9) + timedelta(microseconds=1), UUID(int=52), PAGE, None),
    # A single moment: an empty tail.
    *_moments(3, (at(3, 12), ORDER, 60)),
    # Sunday late in UTC is Monday in Jakarta: another week there.
    *_moments(4, (at(6, 18), PAGE, 70), (at(7, 18), ORDER, 71), (at(13, 17, 59, 59), PAGE, 72), (at(13, 18), PAGE, 73)),
    # Persons 5 and 6 turn out to be one: their moments lie between each other.
    *_moments(5, (at(1, 10), PAGE, 80), (at(1, 12), ORDER, 81, 2)),
    *_moments(6, (at(1, 11), WROTE, 82, 1), (at(9, 11), ARRIVED, 83)),
    # The second entry would have made it within the window; the first did not.
    *_moments(7, (at(0, 1), PAGE, 90), (at(5, 1), PAGE, 91), (at(7, 1, 0, 1), ORDER, 92)),
    # Two orders between each other, heard of in no order of time; what belongs to no order is none of theirs.
    Moment(9, at(4, 18), UUID(int=103), ARRIVED, None, "order:A-1"),
    Moment(9, at(4, 1), UUID(int=100), ORDER, 2, "order:A-1"),
    Moment(9, at(4, 17), UUID(int=102), ARRIVED, None, "order:A-2"),
    Moment(9, at(4, 2), UUID(int=101), ORDER, 3, "order:A-2"),
    Moment(9, at(4, 3), UUID(int=104), WROTE, 1, "conversation:7"),
    # Backwards it is no funnel.
    *_moments(8, (at(2, 1), ORDER, 95), (at(2, 2), PAGE, 96)),
]  # fmt: skip
JOINED = {6: 5}
