"""Questions parted by where a moment was, whose it is or what it says: exactly as by the reference."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, timedelta
from typing import Any

import pytest

from careline.insights.warehouse import engine, parting, questions, walks
from careline.insights.warehouse.parting import Parting
from careline.insights.warehouse.sight import Sight
from tests.insights import reference, slow
from tests.insights.logs import GOLDEN, JOINED, ORDER, PAGE, WROTE, at, laid, random_log
from tests.insights.reference import Moment

UNTIL = at(10).replace(tzinfo=UTC)
CHANNELS = {1: "chat", 3: "mail"}
TASTES = ("plain", "sweet", "“sour”", "salt")


def customer(case: Any) -> int:
    found: int = case[0] if isinstance(case, tuple) else case
    return found


def segments(of: int) -> list[str]:
    """Somebody belongs to several, to one or to none."""
    return [name for n, name in enumerate(("buyers", "late", "silent")) if of >> n & 1]


def taste(moment: Moment) -> list[str]:
    return [TASTES[moment.id.int % 4]] if moment.id.int % 5 else []


def partings(moments: Sequence[Moment]) -> dict[str, tuple[Parting, Callable[[Any, Moment], Sequence[str]]]]:
    people = {moment.person for moment in moments}
    belonging = [(one, name) for one in people for name in segments(one)]
    tastes = [(moment.id, name) for moment in moments for name in taste(moment)]
    return {
        "channel": (
            Parting("inbox", lambda conn: CHANNELS.items()),
            lambda case, moment: [CHANNELS[moment.inbox]] if moment.inbox in CHANNELS else [],
        ),
        "segment": (Parting("whose", lambda conn: belonging), lambda case, moment: segments(customer(case))),
        "fact": (Parting("id", lambda conn: tastes), lambda case, moment: taste(moment)),
    }


SIGHTS: dict[str, tuple[Sight, Callable[[Moment], bool]]] = {
    "everything": (Sight(), lambda moment: True),
    "some": (
        Sight(inboxes=(1, 3), since=at(1).replace(tzinfo=UTC)),
        lambda moment: moment.inbox in (None, 1, 3) and moment.at >= at(1),
    ),
    "by order": (Sight(case="order"), lambda moment: True),
}


def assert_parted(moments: list[Moment], joined: dict[int, int], most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parting.Parting.prepare, "__defaults__", (most,))
    monkeypatch.setattr(slow.parted, "__defaults__", (most,))
    steps, funnel = [PAGE, ORDER], {"window": timedelta(days=9)}
    ways: tuple[dict[str, Any], ...] = (funnel, funnel | {"never": {2: [WROTE]}}, funnel | {"strict": True})
    with engine.opened() as conn:
        laid(conn, moments, joined)
        for look, rule in SIGHTS.values():
            lines = reference.lines(filter(rule, moments), joined, look.case)
            for name, (by, names) in partings(moments).items():
                for way in ways:
                    found = questions.funnel_parts(conn, steps, by, look, **way)
                    assert found == slow.funnel_parts(lines, steps, names, **way), (name, look, way)
                asked: dict[str, Any] = {"window": timedelta(days=5), "until": UNTIL}
                assert walks.between(conn, PAGE, ORDER, look, parting=by, **asked) == slow.between(
                    lines, PAGE, ORDER, names=names, **asked
                )


def test_the_golden_log_is_parted_as_by_the_reference(monkeypatch):
    assert_parted(GOLDEN, JOINED, 20, monkeypatch)


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.long) for seed in range(2, 6))])
@pytest.mark.parametrize("most", [2, 20])
def test_random_logs_are_parted_as_by_the_reference(seed, most, monkeypatch):
    assert_parted(random_log(seed, customers=9 + seed, moments=150 + 40 * seed), {2: 1, 7: 1}, most, monkeypatch)


def test_the_most_frequent_parts_keep_their_names(conn, monkeypatch):
    """Of five tastes two are named; who belongs to none is not among the others."""
    moments = [Moment(person, at(0, person), reference.UUID(int=person), PAGE) for person in range(1, 12)]
    names = {1: "a", 2: "a", 3: "a", 4: "b", 5: "b", 6: "c", 7: "d", 8: "e"}
    laid(conn, moments)
    by = Parting("whose", lambda conn: names.items())
    monkeypatch.setattr(parting.Parting.prepare, "__defaults__", (2,))
    found = questions.funnel_parts(conn, [PAGE, ORDER], by, window=timedelta(days=1))
    assert [(part.name, part.others, [step.n for step in part.steps]) for part in found] == [
        ("a", False, [3, 0]), ("b", False, [2, 0]), (None, True, [3, 0]), (None, False, [3, 0]),
    ]  # fmt: skip
