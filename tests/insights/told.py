"""Moments metrics are about: laid out as the copy has them, and random ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from careline.insights.warehouse.copy import laying, measures
from careline.insights.warehouse.engine import Connection

_TOLD = ("BIGINT", "TIMESTAMP", "UUID", *measures.FACTS.values())
_RAW = (*_TOLD[:5], "VARCHAR")
# Of the parts of effort, in hundredths.
WEIGHTS = {"contacts": 160, "waits": 40, "transfers": 130, "switches": 70}
BEGIN = datetime(2026, 2, 1)
Add = Callable[..., None]


class Told(NamedTuple):
    """`at` is UTC without saying so."""

    person: int
    at: datetime
    id: UUID
    kind: str
    inbox: int | None = None
    talk: str | None = None
    actor: str = "customer"
    agent: int | None = None
    team: int | None = None
    channel: str | None = None
    place: str | None = None
    survey: str | None = None
    metric: str | None = None
    score: float | None = None
    scale: float | None = None
    contacts: int | None = None
    waits: int | None = None
    transfers: int | None = None
    switches: int | None = None
    queue: int | None = None


def laid(conn: Connection, moments: Iterable[Told], joined: dict[int, int] | None = None) -> None:
    """As the copy has them: on the line, and among what is measured."""
    moments = list(moments)
    laying.staging(conn)
    _insert(conn, "raw", _RAW, [(*one[:5], one.talk) for one in moments if one.person != measures.NOBODY])
    _insert(conn, "told_raw", _TOLD, [one for one in moments if one.kind in measures.MEASURED])
    for person, customer in (joined or {}).items():
        conn.execute("INSERT INTO joined VALUES (?, ?)", [person, customer])
    laying.lay(conn, sorted({one.kind for one in moments}))


def _insert(conn: Connection, table: str, types: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    columns = [
        [str(value) if isinstance(value, UUID) else value for value in column] for column in zip(*rows, strict=True)
    ]
    listed = ", ".join(f"unnest(?::{type}[])" for type in types)
    conn.execute(f"INSERT INTO {table} SELECT {listed}", columns)


def random_moments(seed: int, *, people: int = 9, talks: int = 40, days: int = 120) -> list[Told]:
    """Whole hours, so that many fall together; ids in no order of time; some of it impossible, as history can be."""
    chance = random.Random(seed)
    found: list[Told] = []

    def at() -> datetime:
        return BEGIN + timedelta(hours=chance.randrange(days * 24))

    def add(person: int, at: datetime, kind: str, **more: Any) -> None:
        found.append(Told(person, at, UUID(int=chance.getrandbits(128)), kind, **more))

    for n in range(talks):
        _talk(add, chance, chance.randrange(1, people + 1), n + 1, at())
    for _n in range(talks * 3):
        _beside(add, chance, chance.randrange(1, people + 1), talks, at())
    return found


def _talk(add: Add, chance: random.Random, person: int, number: int, begun: datetime) -> None:
    inbox = chance.choice((1, 2))
    about: dict[str, Any] = {"inbox": inbox, "talk": f"conversation:{number}"}
    if chance.random() < 0.95:
        by, channel = chance.choice(("customer", "customer", "customer", "agent")), ("webchat", "email")[inbox - 1]
        agent = 7 if by == "agent" else None
        add(person, begun, "conversation.opened", channel=channel, actor=by, agent=agent, **about)
    for _k in range(chance.randrange(9)):
        then = begun + timedelta(hours=chance.choice((-3, 0, 0, 1, 5, 24, 100, 167, 168, 169, 336, 337, 400)))
        kind = chance.choice((
            "message.sent", "conversation.assigned", "conversation.resolved", "conversation.resolved",
            "conversation.reopened", "conversation.marked", "message.weighed", "message.weighed", "effort.counted",
            "question.repeated", "queue.left", "queue.left",
        ))  # fmt: skip
        more: dict[str, Any] = {"actor": chance.choice(("agent", "customer", "system", "token"))}
        if kind in ("message.sent", "conversation.assigned"):
            more["agent"] = chance.choice((None, 7, 8))
        if kind == "conversation.assigned":
            more["team"] = chance.choice((None, 3, 4))
        if kind == "conversation.marked":
            more["place"] = chance.choice(("spam", "open", "open"))
        if kind == "message.weighed":
            more["score"] = chance.randrange(-8, 9) / 8
        if kind == "effort.counted":
            more |= {name: chance.randrange(4) for name in WEIGHTS}
        if kind == "queue.left":
            how = chance.choice(("taken", "taken", "given_up", "elsewhere"))
            more |= {"place": how, "queue": chance.choice((5, 6)),
                     "score": chance.choice((0.0, 4.5, 5.0, 60.0, 60.5)), "scale": 60.0}  # fmt: skip
        add(person, then, kind, **about, **more)


def _beside(add: Add, chance: random.Random, person: int, talks: int, at: datetime) -> None:
    """An order, a delivery, something seen, and most of all answers."""
    match chance.randrange(6):
        case 0:
            add(person, at, "order.placed", actor="system")
        case 1:
            add(person, at, "order.delivered", actor="system", score=chance.choice((None, 0.0, 2.0, -1.0)))
        case 2 if chance.random() < 0.5:
            told = chance.choice(("promise.met", "promise.met", "promise.broken"))
            number = chance.choice((None, chance.randrange(1, talks + 1)))
            add(
                person, at, told, actor="system", inbox=chance.choice((1, 2)),
                talk=None if number is None else f"conversation:{number}",
            )  # fmt: skip
        case 2:
            kind = chance.choice(("page.viewed", "message.received", "segment.entered"))
            add(person, at, kind, inbox=chance.choice((None, 1)))
        case _:
            metric, scale = chance.choice((
                ("nps", 10.0), ("nps", None), ("csat", 5.0), ("csat", 3.0), ("csat", 10.0), ("csat", 100.0),
                ("csat", None), ("ces", 7.0), ("ces", 5.0), ("ces1", 5.0), ("nps", 5.0), ("other", 5.0),
            ))  # fmt: skip
            nobody = chance.random() < 0.1
            add(
                measures.NOBODY if nobody else person, at, measures.ANONYMOUS if nobody else "survey.answered",
                inbox=chance.choice((None, 1, 2)), survey=chance.choice(("a", "b")), metric=metric, scale=scale,
                score=chance.choice((None, *map(float, range(11)))),
                talk=chance.choice((None, f"conversation:{chance.randrange(1, talks + 1)}")),
            )  # fmt: skip
