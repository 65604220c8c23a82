"""Metrics in slow and plain Python, over a list of moments: every figure must come out the same."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from careline.insights.warehouse.copy import measures
from tests.insights import promised
from tests.insights.told import WEIGHTS, Told

DAY, MICROSECOND = timedelta(days=1), timedelta(microseconds=1)
_OURS = "conversation outbound contact customer segment promise queue question recovery goodwill incident group"
OURS = tuple(f"{name}." for name in _OURS.split())
OURS_TOO = {
    "message.sent", "message.noted", "message.forwarded", "message.moved", "message.weighed", "effort.counted",
    "autoreply.received", "delivery.updated", "moment.added", "order.delivered", "order.updated", "order.refunded",
}  # fmt: skip


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
        "effort": sum(w * getattr(effort[0], name) for name, w in WEIGHTS.items()) if effort else 0,
        "felt_first": sum(felt[:third]) if felt else None,
        "felt_last": sum(felt[len(felt) - third :]) if felt else None,
        "third": third if felt else None, "asked_again": bool(of("question.repeated")),
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


WEEK, BACK = 7 * DAY, 14 * DAY
Known = Callable[[dict[str, Any]], bool]
Value = Callable[[dict[str, Any]], Any]


def cases(world: World, name: str, until: datetime, open_between: Any) -> list[Case]:
    """Every case of a metric, whenever it was."""
    if name in ANSWERS:
        known, value = ANSWERS[name]
        rows = [row for row in world.answers if row["metric"] == name and known(row)]
        return [Case(row["at"], row["id"], row["customer"], True, value(row), row["score"], row) for row in rows]
    if name == "answers":
        return [Case(row["at"], row["id"], row["customer"], True, True, row["score"], row) for row in world.answers]
    if name == "delivery_on_time":
        late = ((one, one.score) for one in world.moments if one.kind == "order.delivered")
        return [Case(o.at, o.id, world.owner(o), True, days <= 0, None, {}) for o, days in late if days is not None]
    if name in promised.NAMES:
        return [Case(*one) for one in promised.cases(world, name)]
    if name in ("orders", "repeat_purchase_rate"):
        return _orders(world, name, until)
    return _present(world, until) if name == "retention" else _of_talks(world, name, until, open_between)


TOP = {2: 1, 3: 1, 4: 2, 5: 2, 6: 2, 7: 2, 8: 3, 9: 3, 10: 3}
ANSWERS: dict[str, tuple[Known, Value]] = {
    "nps": (
        lambda row: row["scale"] in (None, 10) and 0 <= row["score"] <= 10,
        lambda row: 1 if row["score"] >= 9 else 0 if row["score"] >= 7 else -1,
    ),
    "csat": (
        lambda row: row["scale"] in TOP and row["score"] <= row["scale"],
        lambda row: row["score"] > row["scale"] - TOP[row["scale"]],
    ),
    "ces": (lambda row: row["scale"] in (None, 7) and 1 <= row["score"] <= 7, lambda row: row["score"] >= 5),
    "ces1": (
        lambda row: row["scale"] in (None, 5) and 1 <= row["score"] <= 5, lambda row: round(row["score"] * 100)
    ),
}  # fmt: skip


def _of_talks(world: World, name: str, until: datetime, open_between: Any) -> list[Case]:
    clock, among, known, value = _talk_terms(name, until, open_between)
    rows = [row for row in world.talks if row["actor"] == "customer" and row[clock] is not None and among(row)]
    return [
        Case(row[clock], row["id"], row["customer"], known(row), value(row) if known(row) else None, None, row)
        for row in rows
    ]


def _talk_terms(name: str, until: datetime, open_between: Any) -> tuple[str, Known, Known, Value]:
    """The clock, what it is about, what of it is known, and what it says."""

    def always(_row: Any) -> bool:
        return True

    def micros(start: str, finish: str) -> Value:
        return lambda row: (row[finish] - row[start]) // MICROSECOND

    def working(start: str, finish: str) -> Value:
        return lambda row: open_between(row[start], row[finish])

    def is_answered(row: dict[str, Any]) -> bool:
        return row["answered_at"] is not None

    def is_weighed(row: dict[str, Any]) -> bool:
        return row["third"] is not None

    terms: dict[str, tuple[str, Known, Known, Value]] = {
        "contacts": ("opened_at", always, always, always),
        "first_response_time": ("opened_at", always, is_answered, micros("opened_at", "answered_at")),
        "first_response_time_business": ("opened_at", always, is_answered, working("opened_at", "answered_at")),
        "resolution_time": ("ended_at", always, always, micros("opened_at", "ended_at")),
        "resolution_time_business": ("ended_at", always, always, working("opened_at", "ended_at")),
        "first_resolution_time": ("resolved_at", always, always, micros("opened_at", "resolved_at")),
        "resolution_rate": (
            "opened_at", always, lambda row: row["opened_at"] + WEEK <= until,
            lambda row: within(row["opened_at"], row["resolved_at"], WEEK),
        ),
        "reopen_rate": (
            "resolved_at", always, lambda row: row["resolved_at"] + BACK <= until,
            lambda row: within(row["resolved_at"], row["reopened_at"], BACK),
        ),
        "fcr": (
            "opened_at", lambda row: not within(row["before_at"], row["opened_at"], WEEK),
            lambda row: row["opened_at"] + WEEK <= until, _solved_at_once,
        ),
        "effort": ("opened_at", always, always, lambda row: row["effort"]),
        "re_ask_rate": ("opened_at", always, is_answered, lambda row: row["asked_again"]),
        "negative_sentiment": (
            "opened_at", always, is_weighed, lambda row: row["felt_last"] / row["third"] <= -500,
        ),
        "sentiment_shift": (
            "opened_at", always, is_weighed,
            lambda row: math.floor((row["felt_last"] - row["felt_first"]) * 100 / row["third"] + 0.5),
        ),
    }  # fmt: skip
    return terms[name]


def _solved_at_once(row: dict[str, Any]) -> bool:
    return (
        within(row["opened_at"], row["resolved_at"], WEEK)
        and not row["passed"]
        and not within(row["opened_at"], row["reopened_at"], WEEK)
        and not within(row["opened_at"], row["next_at"], WEEK)
    )


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
