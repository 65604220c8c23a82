"""Every question equals the slow reference, row by row and to the microsecond."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest

from careline.insights.warehouse import engine, questions, walks
from careline.insights.warehouse.answers import Cell, Reached, Session, Variant
from careline.insights.warehouse.engine import Connection
from careline.insights.warehouse.sight import Sight
from tests.insights import reference, slow
from tests.insights.logs import ARRIVED, GOLDEN, JOINED, KINDS, ORDER, PAGE, WROTE, at, laid, random_log
from tests.insights.reference import Lines, Moment

UNTIL = datetime(2026, 2, 9, 3, tzinfo=UTC)
SPANS = [(0, 1), (1, 2), (7, 8), (1, None), (7, None), (1, 8), (7, 14)]
PAUSE = timedelta(minutes=30)

NEVER = {2: [WROTE, KINDS[4]], 3: [PAGE]}


def of_case(one: Session) -> Session:
    """The engine calls a case by its customer and journey."""
    found: Any = one.customer
    return msgspec.structs.replace(one, customer=tuple(found.values()) if isinstance(found, dict) else found)


# What is asked, of the engine and of the reference.
ASKED: dict[str, tuple[Callable[[Connection, Sight], Any], Callable[[Lines], Any]]] = {
    "map": (questions.journey_map, reference.journey_map),
    "activities": (questions.activities, reference.activities),
    "variants": (
        lambda conn, sight: questions.variants(conn, sight, limit=7),
        lambda lines: reference.variants(lines, limit=7),
    ),
    "paths": (
        lambda conn, sight: questions.paths(conn, sight, steps=3, limit=9),
        lambda lines: reference.paths(lines, steps=3, limit=9),
    ),
    "funnel": (
        lambda conn, sight: questions.funnel(conn, [PAGE, ORDER, PAGE, WROTE], sight, window=timedelta(days=9)),
        lambda lines: slow.funnel(lines, [PAGE, ORDER, PAGE, WROTE], window=timedelta(days=9)),
    ),
    "funnel of one and none": (
        lambda conn, sight: questions.funnel(conn, [ORDER, "never.heard"], sight, window=timedelta(hours=1)),
        lambda lines: slow.funnel(lines, [ORDER, "never.heard"], window=timedelta(hours=1)),
    ),
    "funnel with exclusions": (
        lambda conn, sight: questions.funnel(
            conn, [PAGE, ORDER, ARRIVED], sight, window=timedelta(days=20), never=NEVER
        ),
        lambda lines: slow.funnel(lines, [PAGE, ORDER, ARRIVED], window=timedelta(days=20), never=NEVER),
    ),
    "strict funnel": (
        lambda conn, sight: questions.funnel(
            conn, [PAGE, PAGE, ORDER], sight, window=timedelta(days=2), strict=True
        ),
        lambda lines: slow.funnel(lines, [PAGE, PAGE, ORDER], window=timedelta(days=2), strict=True),
    ),
    "rework": (
        lambda conn, sight: walks.rework(conn, sight, limit=40),
        lambda lines: slow.rework(lines, limit=40),
    ),
    "the first of rework": (
        lambda conn, sight: walks.rework(conn, sight, limit=2),
        lambda lines: slow.rework(lines, limit=2),
    ),
    "flow from": (
        lambda conn, sight: walks.flow(conn, PAGE, sight, length=3, most=2),
        lambda lines: slow.flow(lines, PAGE, length=3, most=2),
    ),
    "flow to": (
        lambda conn, sight: walks.flow(conn, ORDER, sight, back=True, length=4, most=3),
        lambda lines: slow.flow(lines, ORDER, back=True, length=4, most=3),
    ),
    "flow of none": (
        lambda conn, sight: walks.flow(conn, "never.heard", sight),
        lambda lines: slow.flow(lines, "never.heard"),
    ),
    "sessions": (
        lambda conn, sight: questions.sessions(conn, sight, pause=PAUSE),
        lambda lines: reference.sessions(lines, pause=PAUSE),
    ),
    "session list": (
        lambda conn, sight: [of_case(one) for one in questions.session_list(conn, sight, pause=PAUSE)],
        lambda lines: reference.session_list(lines, pause=PAUSE),
    ),
}  # fmt: skip
for unit, zone, entry, back in (
    ("week", "Asia/Jakarta", None, None),
    ("day", "America/New_York", PAGE, None),
    ("month", "UTC", None, ORDER),
    ("week", "Africa/Cairo", ORDER, WROTE),
):
    given: dict[str, Any] = {"until": UNTIL, "unit": unit, "zone": zone, "entry": entry, "back": back}
    ASKED[f"retention by {unit} in {zone}"] = (
        lambda conn, sight, given=given: questions.retention(conn, SPANS, sight, **given),
        lambda lines, given=given: reference.retention(lines, SPANS, **given),
    )

for start, finish, unit, zone in (
    (PAGE, ORDER, "day", "Asia/Jakarta"),
    (ORDER, ARRIVED, "week", "UTC"),
    (PAGE, PAGE, "month", "America/New_York"),
    (PAGE, "never.heard", "day", "UTC"),
):
    asked: dict[str, Any] = {"window": timedelta(days=5), "until": at(10).replace(tzinfo=UTC)}
    asked |= {"unit": unit, "zone": zone}
    ASKED[f"between {start} and {finish}"] = (
        lambda conn, sight, pair=(start, finish), given=asked: walks.between(conn, *pair, sight, **given),
        lambda lines, pair=(start, finish), given=asked: slow.between(lines, *pair, **given),
    )

# How a viewer looks, and the same as a rule over moments.
SIGHTS: dict[str, tuple[Sight, Callable[[Moment], bool]]] = {
    "everything": (Sight(), lambda moment: True),
    "two inboxes": (Sight(inboxes=(1, 3)), lambda moment: moment.inbox in (None, 1, 3)),
    "one inbox, nothing beside": (Sight(inboxes=(2,), beside=False), lambda moment: moment.inbox == 2),
    "nothing at all": (Sight(inboxes=(), beside=False), lambda moment: False),
    "ten days": (
        Sight(since=at(3).replace(tzinfo=UTC), before=at(13).replace(tzinfo=UTC)),
        lambda moment: at(3) <= moment.at < at(13),
    ),
    "two kinds": (Sight(kinds=(PAGE, KINDS[4])), lambda moment: moment.kind in (PAGE, KINDS[4])),
    "two kinds, as it lies": (
        Sight(kinds=(PAGE, KINDS[4]), as_it_lies=True), lambda moment: moment.kind in (PAGE, KINDS[4])
    ),
    "by order": (Sight(case="order"), lambda moment: True),
    "by order, as it lies": (
        Sight(case="order", inboxes=(1, 2), as_it_lies=True), lambda moment: moment.inbox in (None, 1, 2)
    ),
}  # fmt: skip


def both(conn: Connection, moments: list[Moment], joined: dict[int, int], asked: str, sight: str) -> tuple[Any, Any]:
    of_engine, of_reference = ASKED[asked]
    look, rule = SIGHTS[sight]
    return of_engine(conn, look), of_reference(reference.lines(filter(rule, moments), joined, look.case))


@pytest.mark.parametrize("sight", SIGHTS)
def test_the_golden_log_is_answered_as_by_the_reference(conn, sight):
    laid(conn, GOLDEN, JOINED)
    for asked in ASKED:
        answer, expected = both(conn, GOLDEN, JOINED, asked, sight)
        assert answer == expected, asked


@pytest.mark.parametrize("seed", [0, 3, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(4, 10))])
def test_random_logs_are_answered_as_by_the_reference(seed):
    moments = random_log(seed, customers=3 + 4 * seed, moments=40 + 70 * seed)
    joined = {2: 1, 7: 1} if seed % 2 else {}
    with engine.opened() as conn:
        laid(conn, moments, joined)
        for asked in ASKED:
            for sight in SIGHTS:
                answer, expected = both(conn, moments, joined, asked, sight)
                assert answer == expected, (asked, sight)


def test_an_empty_log_is_no_fault(conn):
    laid(conn, [])
    for asked in ASKED:
        answer, expected = both(conn, [], {}, asked, "everything")
        assert answer == expected, asked


@pytest.mark.long
def test_many_rows_lie_in_their_order(conn):
    """More than the engine reads at a time, so that the empty OVER is put to the test."""
    moments = random_log(99, customers=3000, moments=150_000, days=300)
    expected = reference.journey_map(reference.lines(moments))
    laid(conn, moments)
    assert questions.journey_map(conn) == expected
    look = Sight(since=datetime(2000, 1, 1, tzinfo=UTC), as_it_lies=True)
    assert questions.journey_map(conn, look) == expected
    conn.execute("ALTER TABLE edge RENAME TO laid")
    conn.execute("CREATE VIEW edge AS SELECT *, rowid AS place FROM laid")
    assert questions.journey_map(conn, Sight(as_it_lies=True)) == expected


def test_return_days_are_counted_as_the_definition_says(conn):
    """a came back on days 1, 7 and 30, b on 2 and 8, c on 7, d never, e on 40."""
    days = {1: (0, 1, 7, 30), 2: (0, 2, 8), 3: (0, 7), 4: (0,), 5: (0, 40)}
    chosen = [
        Moment(person, at(day, 10), reference.UUID(int=person * 100 + day), PAGE)
        for person, on in days.items()
        for day in on
    ]
    laid(conn, chosen)

    def returned(spans: list[questions.Span]) -> list[int]:
        cells = questions.retention(conn, spans, until=datetime(2026, 12, 1, tzinfo=UTC))
        assert {(cell.size, cell.mature) for cell in cells} == {(5, 5)}
        return [cell.returned for cell in cells]

    assert returned(questions.n_day([1, 7, 30])) == [1, 2, 1]
    assert returned(questions.unbounded([1, 7, 30])) == [4, 4, 2]
    assert returned(questions.brackets([1, 7, 30])) == [3, 3, 1]


def test_who_is_too_young_is_not_counted(conn):
    laid(conn, [Moment(1, at(0), reference.UUID(int=1), PAGE), Moment(2, at(1), reference.UUID(int=2), PAGE)])
    [cell] = questions.retention(conn, [(7, 8)], until=at(8).replace(tzinfo=UTC))
    assert cell == Cell(date(2026, 1, 5), 7, 2, 1, 0)


def test_the_golden_log_says_what_can_be_checked_by_hand(conn):
    laid(conn, GOLDEN, JOINED)
    assert questions.funnel(conn, [PAGE, ORDER], window=timedelta(days=7)) == [
        Reached(PAGE, 6, 0.0), Reached(ORDER, 2, (3600 * 2 + 86400) / 2 * 1e6),
    ]  # fmt: skip
    assert questions.variants(conn).items[:1] == [Variant((ORDER,), 1, 0.0)]
    assert Session(5, at(1, 10), at(1, 10), 1) in questions.session_list(conn)
    assert [one.moments for one in questions.session_list(conn) if one.customer == 2] == [2, 1]
    ordered = [edge for edge in questions.journey_map(conn) if edge.start == ORDER and edge.to == PAGE]
    # At nine the order came first, then the page with the small id, then the one whose first bit is set.
    assert sorted(edge.n for edge in ordered) == [3]
    assert ARRIVED in {edge.to for edge in questions.journey_map(conn)}
