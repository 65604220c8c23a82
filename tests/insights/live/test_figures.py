"""The figures of the board from raw counts: formulas by the book, and only what the viewer's inboxes hold."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from careline.insights.live import figures, looks
from careline.insights.live.figures import Service

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
# 1,000 were taken, 860 of them within 20 s; 60 gave up: 10 at once, 20 within 20 s.
BOOK = Service(taken=1000, within=860, given_up=60, at_once=10, soon=20)


@pytest.mark.parametrize(("formula", "share"), [("kind", 83.0), ("taken", 86.0), ("strict", 81.1), ("later", 82.7)])
def test_each_formula_of_the_service_level_is_the_books(formula, share):
    found = BOOK.level(formula)
    assert found.value == pytest.approx(share, abs=0.05)
    assert found.low < found.value < found.high


def test_whoever_gave_up_at_once_was_hardly_waiting():
    assert BOOK.abandonment().value == pytest.approx(4.76, abs=0.005)
    assert BOOK.abandonment().n == 1050


def test_of_few_only_the_count_is_told():
    few = Service(taken=9, within=9).level()
    assert (few.value, few.n) == (None, 9)


def seen(**about):
    house = looks.House("Harbor Goods", NINE.replace(hour=0), 6, "{}")
    usual = {"queues": [looks.Queue(1, "Chat", 120, 80)], "waits": [], "ended": [], "agents": []}
    return looks.Seen(NINE, house, **(usual | about))


def test_a_board_counts_what_its_inboxes_hold():
    waits = [
        looks.Waits(1, 10, 2, [NINE - timedelta(minutes=2), NINE]),
        looks.Waits(1, 11, 1, [NINE - timedelta(minutes=9)]),
    ]
    felt = [looks.Felt(10, -1, 3), looks.Felt(11, -1, 4), looks.Felt(10, None, 1)]
    agents = [
        looks.Agent(1, "Bo", "ready", "", NINE, 6, 3, [10], '{"10": 2, "11": 1}'),
        looks.Agent(2, "Dee", "ready", "", NINE, 6, 3, [11], "{}"),
    ]
    arrived = [looks.Arrived(0, 0, 0), looks.Arrived(10, 0, 7), looks.Arrived(0, 1, 0), looks.Arrived(10, 2, 5),
               looks.Arrived(11, 2, 9)]  # fmt: skip
    found = figures.board(seen(waits=waits, felt=felt, agents=agents, arrived=arrived), [10])
    assert [(line.waiting, line.oldest[0]) for line in found.lines] == [(2, NINE - timedelta(minutes=2))]
    assert found.felt == {-1: 3, None: 1}
    assert [(one.name, one.work) for one in found.people] == [("Bo", 2)]
    # A week of which only the house's own row is kept had none.
    assert (found.arrived, found.usual) == (7, (0, 5))
    assert figures.board(seen(waits=waits), []).waiting == 0


def test_what_is_to_be_expected_goes_by_the_last_hour_of_the_whole_queue():
    ended = [looks.Ended(1, 10, lately=4, first=NINE - timedelta(minutes=40)),
             looks.Ended(1, 11, lately=6, first=NINE - timedelta(minutes=50))]  # fmt: skip
    waits = [looks.Waits(1, 11, 2, [NINE])]
    [line] = figures.board(seen(ended=ended, waits=waits), [10]).lines
    # Ten in fifty minutes, and two stand before.
    assert line.expected_s == 15 * 60
    assert figures.expected(ended[:1], 0, NINE) is None
