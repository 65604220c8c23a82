"""Metrics in slow and plain Python, over a list of moments: every figure must come out the same."""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from careline.insights.warehouse.copy import laying, measures
from careline.insights.warehouse.engine import Connection

DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)
_TOLD = ("BIGINT", "TIMESTAMP", "UUID", *measures.FACTS.values())
_RAW = (*_TOLD[:5], "VARCHAR")
EFFORT = ("contacts", "waits", "transfers", "switches")
OURS = ("conversation.", "outbound.", "contact.", "customer.", "segment.", "promise.", "group.")
OURS_TOO = {
    "message.sent", "message.noted", "message.forwarded", "message.moved", "message.weighed", "effort.counted",
    "autoreply.received", "delivery.updated", "moment.added", "order.delivered", "order.updated", "order.refunded",
}  # fmt: skip


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
    begin = datetime(2026, 2, 1)
    found: list[Told] = []

    def at() -> datetime:
        return begin + timedelta(hours=chance.randrange(days * 24))

    def add(person: int, at: datetime, kind: str, **more: Any) -> None:
        found.append(Told(person, at, UUID(int=chance.getrandbits(128)), kind, **more))

    for n in range(talks):
        person, inbox, talk = chance.randrange(1, people + 1), chance.choice((1, 2)), f"conversation:{n + 1}"
        begun, channel = at(), ("webchat", "email")[inbox - 1]
        about: dict[str, Any] = {"inbox": inbox, "talk": talk}
        if chance.random() < 0.95:
            by = chance.choice(("customer", "customer", "customer", "agent"))
            add(
                person,
                begun,
                "conversation.opened",
                channel=channel,
                actor=by,
                agent=7 if by == "agent" else None,
                **about,
            )
        for _k in range(chance.randrange(9)):
            then = begun + timedelta(hours=chance.choice((-3, 0, 0, 1, 5, 24, 100, 167, 168, 169, 336, 337, 400)))
            kind = chance.choice((
                "message.sent", "conversation.assigned", "conversation.resolved", "conversation.resolved",
                "conversation.reopened", "conversation.marked", "message.weighed", "message.weighed", "effort.counted",
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
                more |= {name: chance.randrange(4) for name in EFFORT}
            add(person, then, kind, **about, **more)
    for _n in range(talks * 3):
        person = chance.randrange(1, people + 1)
        match chance.randrange(6):
            case 0:
                add(person, at(), "order.placed", actor="system")
            case 1:
                add(person, at(), "order.delivered", actor="system", score=chance.choice((None, 0.0, 2.0, -1.0)))
            case 2:
                add(
                    person,
                    at(),
                    chance.choice(("page.viewed", "message.received", "segment.entered")),
                    inbox=chance.choice((None, 1)),
                )
            case _:
                metric, scale = chance.choice((
                    ("nps", 10.0), ("nps", None), ("csat", 5.0), ("csat", 3.0), ("csat", 10.0), ("csat", 100.0),
                    ("csat", None),
                    ("ces", 7.0), ("ces", 5.0), ("ces1", 5.0), ("nps", 5.0), ("other", 5.0),
                ))  # fmt: skip
                nobody = chance.random() < 0.1
                add(
                    measures.NOBODY if nobody else person, at(), measures.ANONYMOUS if nobody else "survey.answered",
                    inbox=chance.choice((None, 1, 2)), survey=chance.choice(("a", "b")), metric=metric, scale=scale,
                    score=chance.choice((None, *map(float, range(11)))),
                    talk=chance.choice((None, f"conversation:{chance.randrange(1, talks + 1)}")),
                )  # fmt: skip
    return found


class Row(NamedTuple):
    """A case: its clock, and all there is to narrow, part and judge it by."""

    at: datetime
    id: UUID
    customer: int
    facts: dict[str, Any]


class World:
    """What somebody sees of the moments, as rows for each relation."""

    def __init__(self, moments: Iterable[Told], joined: dict[int, int], inboxes: set[int] | None, beside: bool) -> None:
        self.joined = joined
        seen = [
            one for one in moments
            if (inboxes is None or one.inbox in inboxes if one.inbox is not None else beside)
        ]  # fmt: skip
        self.moments = sorted(seen, key=lambda one: (one.at, one.id.int))
        # The last word on a conversation is not a matter of who looks: it lies in its own inbox.
        self.talks = self._talks()
        by_talk = {(one["customer"], one["talk"]): one for one in self.talks}
        self.answers = [
            {
                **one._asdict(), "customer": self.owner(one),
                **{name: found.get(name) for name in ("channel", "agent", "team")},
            }
            for one in self.moments if one.kind.startswith("survey.") and one.score is not None
            for found in [by_talk.get((self.owner(one), one.talk), {}) if one.person else {}]
        ]  # fmt: skip

    def owner(self, one: Told) -> int:
        return self.joined.get(one.person, one.person)

    def _talks(self) -> list[dict[str, Any]]:
        groups = defaultdict(list)
        for one in self.moments:
            if one.talk and one.kind in measures.MEASURED and not one.kind.startswith(("survey.", "order.")):
                groups[self.owner(one), one.talk].append(one)
        found = [row for (customer, talk), own in groups.items() if (row := _talk(customer, talk, own))]
        for row in found:
            others = [
                one for one in found
                if one["customer"] == row["customer"] and one["actor"] == "customer" == row["actor"] and one is not row
            ]  # fmt: skip
            place = (row["opened_at"], row["talk"])
            row["before_at"] = max(
                (o["opened_at"] for o in others if (o["opened_at"], o["talk"]) < place), default=None
            )
            row["next_at"] = min((o["opened_at"] for o in others if (o["opened_at"], o["talk"]) > place), default=None)
        return found


def _talk(customer: int, talk: str, own: Sequence[Told]) -> dict[str, Any] | None:
    def of(kind: str) -> list[Told]:
        return [one for one in own if one.kind == kind]

    opened, resolved, marked = of("conversation.opened"), of("conversation.resolved"), of("conversation.marked")
    if not opened or (marked and marked[-1].place in ("spam", "trash")):
        return None
    first = opened[0]
    held = [one.agent for one in of("conversation.assigned") if one.agent is not None]
    spoke = [one.agent for one in of("message.sent") if one.agent is not None]
    teams = [one.team for one in of("conversation.assigned") if one.team is not None]
    sent = [one.at for one in of("message.sent") if one.actor in ("agent", "token") and one.at >= first.at]
    again = of("conversation.reopened")
    came = [
        one.at for one in again
        if one.actor == "customer" and resolved and (one.at, one.id.int) > (resolved[0].at, resolved[0].id.int)
    ]  # fmt: skip
    closed = resolved and (not again or (resolved[-1].at, resolved[-1].id.int) > (again[-1].at, again[-1].id.int))
    felt = [
        math.floor(abs(one.score or 0) * 10000 + 0.5) * (-1 if (one.score or 0) < 0 else 1)
        for one in of("message.weighed")
    ]
    third = -(-len(felt) // 3)
    effort = of("effort.counted")[-1:]
    return {
        "customer": customer, "talk": talk, "id": first.id, "inbox": first.inbox, "channel": first.channel,
        "actor": first.actor, "agent": held[-1] if held else spoke[-1] if spoke else None,
        "team": teams[-1] if teams else None, "passed": len(set(teams)) > 1, "opened_at": first.at,
        "answered_at": min(sent, default=None), "resolved_at": resolved[0].at if resolved else None,
        "ended_at": resolved[-1].at if closed else None, "reopened_at": min(came, default=None),
        "effort": sum(getattr(effort[0], name) for name in EFFORT) if effort else 0,
        "felt_first": sum(felt[:third]) if felt else None,
        "felt_last": sum(felt[len(felt) - third :]) if felt else None,
        "third": third if felt else None,
    }  # fmt: skip


def within(start: datetime | None, finish: datetime | None, span: timedelta) -> bool:
    return start is not None and finish is not None and finish - start <= span


class Case(NamedTuple):
    at: datetime
    id: UUID
    customer: int
    known: bool
    value: Any
    score: float | None
    facts: dict[str, Any]


def cases(world: World, name: str, until: datetime, open_between: Any) -> list[Case]:
    """Every case of a metric, whenever it was."""
    begun = [one for one in world.talks if one["actor"] == "customer"]
    week, back = 7 * DAY, 14 * DAY

    def talks(rows: Iterable[dict[str, Any]], clock: str, known: Any, value: Any) -> list[Case]:
        return [
            Case(row[clock], row["id"], row["customer"], known(row), value(row) if known(row) else None, None, row)
            for row in rows
        ]  # fmt: skip

    def always(_row: Any) -> bool:
        return True

    def micros(start: str, finish: str) -> Any:
        return lambda row: (row[finish] - row[start]) // MICROSECOND

    def answered(metric: str, known: Any, value: Any) -> list[Case]:
        return [
            Case(row["at"], row["id"], row["customer"], True, value(row), row["score"], row)
            for row in world.answers if row["metric"] == metric and known(row)
        ]  # fmt: skip

    solved = [one for one in begun if one["resolved_at"]]
    ended = [one for one in begun if one["ended_at"]]
    match name:
        case "contacts":
            return talks(begun, "opened_at", always, always)
        case "first_response_time":
            return talks(
                begun, "opened_at", lambda row: row["answered_at"] is not None, micros("opened_at", "answered_at")
            )
        case "first_response_time_business":
            return talks(
                begun, "opened_at", lambda row: row["answered_at"] is not None,
                lambda row: open_between(row["opened_at"], row["answered_at"]),
            )  # fmt: skip
        case "resolution_time":
            return talks(ended, "ended_at", always, micros("opened_at", "ended_at"))
        case "resolution_time_business":
            return talks(ended, "ended_at", always, lambda row: open_between(row["opened_at"], row["ended_at"]))
        case "first_resolution_time":
            return talks(solved, "resolved_at", always, micros("opened_at", "resolved_at"))
        case "resolution_rate":
            return talks(
                begun, "opened_at", lambda row: row["opened_at"] + week <= until,
                lambda row: within(row["opened_at"], row["resolved_at"], week),
            )  # fmt: skip
        case "reopen_rate":
            return talks(
                solved, "resolved_at", lambda row: row["resolved_at"] + back <= until,
                lambda row: within(row["resolved_at"], row["reopened_at"], back),
            )  # fmt: skip
        case "fcr":
            firsts = [one for one in begun if not within(one["before_at"], one["opened_at"], week)]
            return talks(
                firsts, "opened_at", lambda row: row["opened_at"] + week <= until,
                lambda row: within(row["opened_at"], row["resolved_at"], week) and not row["passed"]
                and not within(row["opened_at"], row["reopened_at"], week)
                and not within(row["opened_at"], row["next_at"], week),
            )  # fmt: skip
        case "effort":
            return talks(begun, "opened_at", always, lambda row: row["effort"])
        case "negative_sentiment":
            return talks(
                begun, "opened_at", lambda row: row["third"] is not None,
                lambda row: row["felt_last"] / row["third"] <= -500,
            )  # fmt: skip
        case "sentiment_shift":
            return talks(
                begun, "opened_at", lambda row: row["third"] is not None,
                lambda row: math.floor((row["felt_last"] - row["felt_first"]) * 100 / row["third"] + 0.5),
            )  # fmt: skip
        case "nps":
            return answered(
                "nps", lambda row: row["scale"] in (None, 10) and 0 <= row["score"] <= 10,
                lambda row: 1 if row["score"] >= 9 else 0 if row["score"] >= 7 else -1,
            )  # fmt: skip
        case "csat":
            top = {2: 1, 3: 1, 4: 2, 5: 2, 6: 2, 7: 2, 8: 3, 9: 3, 10: 3}
            return answered(
                "csat", lambda row: row["scale"] in top and row["score"] <= row["scale"],
                lambda row: row["score"] > row["scale"] - top[row["scale"]],
            )  # fmt: skip
        case "ces":
            return answered(
                "ces", lambda row: row["scale"] in (None, 7) and 1 <= row["score"] <= 7, lambda row: row["score"] >= 5
            )
        case "ces1":
            return answered(
                "ces1", lambda row: row["scale"] in (None, 5) and 1 <= row["score"] <= 5,
                lambda row: round(row["score"] * 100),
            )  # fmt: skip
        case "answers":
            return [Case(row["at"], row["id"], row["customer"], True, True, row["score"], row) for row in world.answers]
        case "delivery_on_time":
            return [
                Case(one.at, one.id, world.owner(one), True, one.score <= 0, None, {})
                for one in world.moments if one.kind == "order.delivered" and one.score is not None
            ]  # fmt: skip
        case "orders" | "repeat_purchase_rate":
            return _orders(world, name, until)
        case "retention":
            return _present(world, until)
    raise AssertionError(name)


def _orders(world: World, name: str, until: datetime) -> list[Case]:
    lines = defaultdict(list)
    for one in world.moments:
        if one.kind == "order.placed":
            lines[world.owner(one)].append(one)
    found = []
    for customer, line in lines.items():
        for n, one in enumerate(line):
            following = line[n + 1].at if n + 1 < len(line) else None
            if name == "orders":
                found.append(Case(one.at, one.id, customer, True, True, None, {}))
            elif n == 0:
                known = one.at + 90 * DAY <= until
                found.append(Case(one.at, one.id, customer, known, within(one.at, following, 90 * DAY), None, {}))
    return found


def _present(world: World, until: datetime) -> list[Case]:
    lines = defaultdict(list)
    for one in world.moments:
        if one.person and not one.kind.startswith(OURS) and one.kind not in OURS_TOO:
            lines[world.owner(one)].append(one)
    return [
        Case(
            line[0].at, line[0].id, customer, line[0].at + 60 * DAY <= until,
            any(30 * DAY <= one.at - line[0].at < 60 * DAY for one in line), None, {},
        )
        for customer, line in lines.items()
    ]  # fmt: skip


def spans(unit: str | None, since: datetime, before: datetime, zone: str) -> list[datetime]:
    """Bounds in UTC, without saying so: where days, weeks and months begin in a zone."""
    if unit is None:
        return [since, before]
    place, found = ZoneInfo(zone), [since]
    day = since.replace(tzinfo=UTC).astimezone(place).date()
    while True:
        day += DAY
        at = datetime(day.year, day.month, day.day, tzinfo=place).astimezone(UTC).replace(tzinfo=None)
        if at >= before:
            return [*found, before]
        if unit == "day" or (unit == "week" and day.weekday() == 0) or (unit == "month" and day.day == 1):
            found.append(at)


def open_between(calendars: dict[str, Any], zone: str) -> Any:
    """Hour by hour, which is exact: business begins and ends at full hours, and so do these moments."""
    place = ZoneInfo(zone)
    days = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

    @cache
    def is_open(at: datetime) -> bool:
        local = at.replace(tzinfo=UTC).astimezone(place)
        time = f"{local:%H:%M}"
        return any(
            local.date().isoformat() not in one.get("holidays", ())
            and any(begins <= time < ends for begins, ends in one["days"].get(days[local.weekday()], ()))
            for one in calendars.values()
        )

    def between(start: datetime, finish: datetime) -> int:
        hours = range((finish - start) // timedelta(hours=1))
        return sum(is_open(start + timedelta(hours=n)) for n in hours) * 3_600_000_000

    return between


def pairs(bounds: Sequence[datetime]) -> list[tuple[datetime, datetime]]:
    return list(pairwise(bounds))
