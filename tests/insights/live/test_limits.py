"""Limits on figures of the board: passed or not, by what is on somebody's board."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from careline.insights.live import figures, limits, looks
from careline.insights.live.limits import FIGURES
from careline.insights.live.looks import Limit

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
HOUSE = looks.House("Harbor Goods", NINE.replace(hour=0), 6, "{}")
SEEN = looks.Seen(
    NINE, HOUSE, [looks.Queue(1, "Chat", 120, 80), looks.Queue(2, "Mail", 120, 80)],
    [looks.Waits(1, 10, 3, [NINE - timedelta(minutes=9)]), looks.Waits(2, 10, 4, [NINE - timedelta(minutes=2)])],
    [looks.Ended(1, 10, taken=20, within=10, given_up=10, at_once=0, soon=0)],
    [looks.Agent(1, "Bo", "ready", "", NINE, 6, 3, [10], "{}")],
    due=[looks.Due(10, 2, 1, NINE + timedelta(minutes=4)), looks.Due(11, 5, 5, None)], felt=[looks.Felt(10, -1, 3)],
)  # fmt: skip
VALUES = {
    "waiting": 7, "longest": 9, "service_level": 100 * 10 / 30, "abandonment": 100 * 10 / 30, "soon": 2, "overdue": 1,
    "low": 3, "ready": 1,
}  # fmt: skip


def passed(limit, inboxes=(10,)):
    import msgspec

    return limits.beyond(figures.board(msgspec.structs.replace(SEEN, limits=[limit]), inboxes))


def limit(figure, at, queue=None):
    is_most = FIGURES[figure].way == "most"
    return Limit(1, figure, queue, at if is_most else None, None if is_most else at)


@pytest.mark.parametrize("figure", VALUES)
def test_a_limit_is_passed_beyond_it_and_kept_at_it(figure):
    value = round(VALUES[figure] + (0.5 if figure in ("service_level", "abandonment") else 0))
    over = FIGURES[figure].way == "most"
    [found] = passed(limit(figure, value - 1 if over else value + 1))
    assert found.value == pytest.approx(VALUES[figure])
    assert passed(limit(figure, value if over else value - 1)) == ()


def test_a_limit_of_one_queue_is_held_against_it_alone():
    assert passed(limit("waiting", 3, queue=1)) == ()
    [found] = passed(limit("waiting", 3, queue=2))
    assert (found.queue, found.value) == ("Mail", 4)
    # One that is switched off has no figures.
    assert passed(limit("waiting", 0, queue=3)) == ()


def test_what_is_not_known_or_not_seen_passes_no_limit():
    assert passed(limit("expected", 0)) == ()
    assert passed(limit("service_level", 100, queue=2)) == ()
    assert passed(limit("waiting", 0), inboxes=()) == ()
