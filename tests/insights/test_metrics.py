"""Every metric equals its slow reference on random moments: ties, late ones, merges, zones and what is not seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from careline.accounts.queries import Hours
from careline.insights.metrics import choosing, figures, hours, intervals
from careline.insights.metrics.catalog import DEFINITIONS
from careline.insights.metrics.choosing import Chosen
from careline.insights.warehouse import metering
from careline.insights.warehouse.engine import Connection
from careline.insights.warehouse.metering import Wanted
from careline.insights.warehouse.sight import Sight
from tests.insights import measured, told
from tests.insights.measured import Case, World
from tests.insights.told import Told

UNTIL = datetime(2026, 6, 1, 7)
SINCE, BEFORE = datetime(2026, 2, 3, 5), datetime(2026, 5, 20, 17)
JOINED = {8: 2, 9: 2}
CALENDARS = {
    "desk": {
        "days": {"mon": [["09:00", "12:00"], ["13:00", "18:00"]], "tue": [["09:00", "24:00"]]},
        "holidays": ["2026-03-02"],
    },
    "late": {"days": {"mon": [["11:00", "20:00"]], "sun": [["00:00", "04:00"]]}, "holidays": []},
}  # fmt: skip
ZONE = "Europe/Berlin"
LOOKS = {
    "everything": (Sight(), None, True),
    "one inbox": (Sight(inboxes=(1,)), {1}, True),
    "no customers": (Sight(inboxes=(1, 2), beside=False), {1, 2}, False),
}
PLAIN = {name: one for name, one in DEFINITIONS.items() if one.kind != "rate"}


def utc(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC)


def wanted(name: str, conn: Connection, look: Sight, bounds: list[datetime], **more: Any) -> Wanted:
    asked = Wanted(until=utc(UNTIL), weights=tuple(told.WEIGHTS.values()), **more)
    if not DEFINITIONS[name].business:
        return asked
    reach = metering.reach(conn, name, [[utc(one) for one in bounds]], look, asked)
    eras = [Hours(None, ZONE, CALENDARS)]
    return Wanted(until=utc(UNTIL), shifts=hours.shifts(eras, *reach) if reach else (), **more)


def expected(kind: str, cases: list[Case]) -> tuple[Any, ...]:
    known = [one for one in cases if one.known]
    head = len(cases), len(known)
    match kind:
        case "share":
            scores = [one.score for one in known if one.score is not None]
            return (*head, sum(bool(one.value) for one in known), sum(scores) if scores else None)
        case "nps":
            return (*head, sum(one.value == 1 for one in cases), sum(one.value == -1 for one in cases))
        case "mean":
            if not known:
                return (*head, None, None)
            return (*head, sum(one.value for one in known), sum(one.value**2 for one in known))
        case "median":
            values = sorted(one.value for one in known)
            if not values:
                return (*head, None)
            n, ends = len(values), intervals.ranks(len(values))
            return (
                *head,
                (
                    values[(n - 1) // 2], values[n // 2], values[ends[0] - 1] if ends else None,
                    values[ends[1] - 1] if ends else None, values[-(-9 * n // 10) - 1],
                ),
            )  # fmt: skip
    return head


def found(kind: str, tally: metering.Tally) -> tuple[Any, ...]:
    head = tally.whole, tally.n
    if kind == "median":
        picks = tally.picks
        return (*head, None if picks is None else (picks.below, picks.above, picks.low, picks.high, picks.most))
    return head if kind == "count" else (*head, tally.first, tally.second)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("seen", LOOKS)
def test_every_metric_equals_the_reference(conn, seed, seen):
    moments = told.random_moments(seed)
    told.laid(conn, moments, JOINED)
    look, inboxes, beside = LOOKS[seen]
    world = World(moments, JOINED, inboxes, beside)
    open_between = measured.open_between(CALENDARS, ZONE)
    for name, definition in PLAIN.items():
        cases = measured.cases(world, name, UNTIL, open_between)
        for unit, zone in ((None, "UTC"), ("week", "Asia/Jakarta"), ("month", "America/New_York"), ("day", ZONE)):
            bounds = measured.spans(unit, SINCE, BEFORE, zone)
            chosen = Chosen(utc(SINCE), utc(BEFORE), zone, unit)
            assert [one.replace(tzinfo=None) for one in choosing.bounds(chosen)] == bounds
            asked = wanted(name, conn, look, bounds)
            tallies = metering.tallies(
                conn, name, definition.kind, [[utc(one) for one in bounds]], look, asked, intervals.ranks
            )
            counted = {one.span: found(definition.kind, one) for one in tallies}
            spans = {
                n: [one for one in cases if low <= one.at < high]
                for n, (low, high) in enumerate(measured.pairs(bounds))
            }
            assert counted == {n: expected(definition.kind, there) for n, there in spans.items() if there}, (name, unit)


@pytest.mark.parametrize("part", ["channel", "inbox", "team", "agent", "queue", "survey"])
def test_parts_and_filters_move_all_of_a_figure_alike(conn, part):
    moments = told.random_moments(11)
    told.laid(conn, moments, JOINED)
    world = World(moments, JOINED, None, True)
    for name, definition in PLAIN.items():
        if part not in definition.narrowed or definition.business:
            continue
        cases = [one for one in measured.cases(world, name, UNTIL, None) if SINCE <= one.at < BEFORE]
        sets = [[utc(SINCE), utc(BEFORE)]]
        parted = metering.tallies(
            conn, name, definition.kind, sets, Sight(),
            Wanted(until=utc(UNTIL), weights=tuple(told.WEIGHTS.values()), part=part), intervals.ranks,
        )  # fmt: skip
        there = {one.facts[part] for one in cases}
        assert {one.part: found(definition.kind, one) for one in parted} == {
            None if key is None else str(key): expected(
                definition.kind, [one for one in cases if one.facts[part] == key]
            )
            for key in there
        }
        for key in there - {None}:
            asked = Wanted(until=utc(UNTIL), weights=tuple(told.WEIGHTS.values()), filters={part: key})
            [narrowed] = metering.tallies(conn, name, definition.kind, sets, Sight(), asked, intervals.ranks)
            assert found(definition.kind, narrowed) == expected(
                definition.kind, [one for one in cases if one.facts[part] == key]
            )


def test_waits_come_out_as_the_books_say(conn):
    """Of a thousand taken, 860 in time, and sixty given up, ten at once and twenty in time (ICMI's comparison)."""
    ends = [("taken", 20.0)] * 860 + [("taken", 21.0)] * 140
    ends += [("given_up", 4.9)] * 10 + [("given_up", 5.0)] * 10 + [("given_up", 20.5)] * 40
    moments = []
    for n, (how, waited) in enumerate(ends):
        talk, at = f"conversation:{n + 1}", SINCE + timedelta(minutes=n)
        begun, gone = UUID(int=2 * n), UUID(int=2 * n + 1)
        moments.append(Told(1, at, begun, "conversation.opened", 1, talk, channel="webchat"))
        moments.append(Told(1, at, gone, "queue.left", 1, talk, "system", place=how, score=waited, scale=20.0, queue=5))
    told.laid(conn, moments)
    asked, sets = Wanted(until=utc(UNTIL)), [[utc(SINCE), utc(BEFORE)]]

    def percent(name: str) -> float:
        [tally] = metering.tallies(conn, name, "share", sets, Sight(), asked, intervals.ranks)
        return round(figures.of(DEFINITIONS[name], tally).value, 2)

    assert [percent(name) for name in ("service_level", "service_level_strict", "abandonment")] == [82.69, 81.13, 4.76]


def test_segments_part_and_narrow_by_whose_it_is(conn):
    moments = told.random_moments(5)
    told.laid(conn, moments, JOINED)
    cases = measured.cases(World(moments, JOINED, None, True), "orders", UNTIL, None)
    cases = [one for one in cases if SINCE <= one.at < BEFORE]
    metering.name_parts(conn, [(1, "old"), (2, "old"), (2, "new"), (3, "new")])
    metering.choose(conn, [2, 3])
    sets, until = [[utc(SINCE), utc(BEFORE)]], utc(UNTIL)
    parted = metering.tallies(
        conn, "orders", "count", sets, Sight(), Wanted(until=until, part="segment"), intervals.ranks
    )
    [chosen] = metering.tallies(
        conn, "orders", "count", sets, Sight(), Wanted(until=until, filters={"segment": 4}), intervals.ranks
    )
    assert {one.part: one.whole for one in parted} == {
        "old": sum(one.customer in (1, 2) for one in cases), "new": sum(one.customer in (2, 3) for one in cases)
    }  # fmt: skip
    assert chosen.whole == sum(one.customer in (2, 3) for one in cases)


def test_what_is_behind_a_figure_is_what_it_counts(conn):
    moments = told.random_moments(2)
    told.laid(conn, moments, JOINED)
    world = World(moments, JOINED, None, True)
    for name in PLAIN:
        if DEFINITIONS[name].business:
            continue
        cases = [one for one in measured.cases(world, name, UNTIL, None) if SINCE <= one.at < BEFORE]
        cases.sort(key=lambda one: (one.at, one.id.int), reverse=True)
        rows, after = [], None
        while page := metering.behind(
            conn,
            name,
            [utc(SINCE), utc(BEFORE)],
            Sight(),
            Wanted(until=utc(UNTIL), weights=tuple(told.WEIGHTS.values())),
            after=after,
            limit=7,
        ):
            rows += page
            after = page[-1].at, page[-1].id
        assert [(one.at, one.id, one.customer, one.known) for one in rows] == [
            (utc(one.at), one.id, one.customer, one.known) for one in cases
        ], name
        assert [one.value for one in rows if one.known] == [one.value for one in cases if one.known], name


def test_who_answered_of_those_who_wrote(conn):
    moments = told.random_moments(4)
    told.laid(conn, moments, JOINED)
    world = World(moments, JOINED, None, True)
    bounds = measured.spans("month", SINCE, BEFORE, "UTC")
    answered = metering.heard(conn, ["nps", "csat"], [[utc(one) for one in bounds]], Sight(), Wanted(until=utc(UNTIL)))
    counted = {}
    for n, (low, high) in enumerate(measured.pairs(bounds)):
        wrote = {one.customer for one in measured.cases(world, "contacts", UNTIL, None) if low <= one.at < high}
        heard = {one.customer for one in measured.cases(world, "csat", UNTIL, None) if low <= one.at < high}
        if wrote:
            counted[n] = len(wrote), len(wrote & heard)
    assert {one.span: (one.customers, one.answered) for one in answered if one.name == "csat"} == counted


def test_friday_evening_to_monday_morning_is_half_an_hour_of_work():
    office = {"office": {"days": {day: [["09:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}}}
    friday, monday = datetime(2026, 3, 6, 17, 50, tzinfo=UTC), datetime(2026, 3, 9, 9, 20, tzinfo=UTC)
    shifts = hours.shifts([Hours(None, "UTC", office)], friday, monday)
    assert sum((one.ends - one.begins for one in shifts), timedelta()) == timedelta(minutes=30)
    sunday = hours.shifts([Hours(None, "UTC", office)], friday, datetime(2026, 3, 8, 15, tzinfo=UTC))
    assert sum((one.ends - one.begins for one in sunday), timedelta()) == timedelta(minutes=10)


def test_each_instant_goes_by_the_calendar_that_was_in_force():
    monday = datetime(2026, 3, 2, tzinfo=UTC)
    short = {"desk": {"days": {"mon": [["09:00", "10:00"]], "tue": [["09:00", "10:00"]]}}}
    eras = [Hours(None, "UTC", {}), Hours(monday + timedelta(hours=8), "UTC", short)]
    shifts = hours.shifts(eras, monday, monday + timedelta(days=2))
    assert [(one.begins.hour, one.ends.hour) for one in shifts] == [(0, 8), (9, 10), (9, 10)]
    assert [one.before for one in shifts] == [0, 8 * 3_600_000_000, 9 * 3_600_000_000]
