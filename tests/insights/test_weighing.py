"""What the parts of effort weigh: found again in made-up answers, nothing where nothing is; which answers are read."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from careline.insights.metrics import weighing
from careline.insights.metrics.weighing import Eased, told
from careline.insights.warehouse import easing
from careline.insights.warehouse.sight import Sight
from tests.insights import told as moments

AT = datetime(2026, 3, 2, 9)


def answers(n: int, costs: tuple[float, ...], noise: float, seed: int = 7) -> list[Eased]:
    draw = random.Random(seed)
    found = []
    for one in range(n):
        parts = tuple(draw.choice((0, 0, 0, 1, 1, 2, 3)) for _ in range(4))
        ease = 6.5 - sum(c * x for c, x in zip(costs, parts, strict=True)) + draw.gauss(0, noise)
        found.append(Eased(parts, max(1, min(7, round(ease))), one % 10, 1))
    return found


def test_the_costs_that_made_the_answers_are_found_again():
    found = told(answers(4000, (0.5, 0.2, 0.4, 0.0), 0.8))
    assert found.n == 4000
    for cost, true in zip(found.costs, (0.5, 0.2, 0.4, 0.0), strict=True):
        assert cost.value == pytest.approx(true, abs=0.08)
        assert cost.low <= cost.value <= cost.high
    assert sum(found.weights) == pytest.approx(400, abs=2)
    assert found.weights[0] > found.weights[2] > found.weights[1] > found.weights[3]
    assert found.holds
    assert found.weighed.value > found.alike.value > 0.5


def test_on_customers_kept_aside_weights_are_not_better_than_the_truth():
    """Judged in hindsight the fit would look better the fewer answers there are; kept aside it does not."""
    few = [told(answers(120, (0.3, 0.3, 0.3, 0.3), 2.0, seed)).weighed.value for seed in range(40)]
    many = told(answers(20_000, (0.3, 0.3, 0.3, 0.3), 2.0)).weighed.value
    assert sum(few) / len(few) < many


def test_where_effort_was_not_felt_nothing_is_claimed():
    claimed = sum(told(answers(400, (0, 0, 0, 0), 1.5, seed)).holds for seed in range(40))
    assert claimed <= 2


def test_a_part_that_seems_to_help_weighs_nothing():
    found = told(answers(2000, (0.5, -0.4, 0.2, 0.1), 0.5))
    assert found.weights[1] == 0
    assert found.costs[1].value == 0


def test_few_answers_are_only_counted():
    found = told(answers(weighing.FEWEST - 1, (1, 1, 1, 1), 0.1))
    assert (found.n, found.weights, found.weighed, found.holds) == (weighing.FEWEST - 1, (), None, False)


def test_everybody_alike_is_no_ground():
    same = [Eased((0, 0, 0, 0), 5, n % 10, 20) for n in range(10)]
    found = told(same)
    assert (found.weights, found.weighed, found.holds) == ((), None, False)


def moment(n: int, kind: str, minutes: int, customer: int = 1, talk: str = "conversation:1", **facts):
    return moments.Told(
        person=customer, at=AT + timedelta(minutes=minutes), id=UUID(int=n), kind=kind, talk=talk, **facts
    )  # fmt: skip


def test_what_had_been_counted_when_the_answer_came(conn):
    """What the answer brought about is not what it tells of; the last one of a talk counts, an order's does not."""
    ces = {"metric": "ces", "scale": 7.0, "actor": "customer"}
    laid = [
        moment(1, "conversation.opened", 0, actor="customer", inbox=1),
        moment(2, "effort.counted", 1, contacts=1, waits=0, transfers=0, switches=0, inbox=1),
        moment(3, "effort.counted", 5, contacts=1, waits=2, transfers=0, switches=0, inbox=1),
        moment(4, "survey.answered", 8, score=3.0, inbox=1, **ces),
        moment(5, "survey.answered", 9, score=2.0, inbox=1, **ces),
        moment(6, "effort.counted", 11, contacts=3, waits=2, transfers=1, switches=0, inbox=1),
        moment(7, "conversation.opened", 0, 2, "conversation:2", actor="customer", inbox=2),
        moment(8, "survey.answered", 4, 2, "conversation:2", score=7.0, inbox=2, **ces),
        moment(9, "survey.answered", 4, 2, "order:2", score=1.0, **ces),
        moment(10, "survey.answered", 6, 2, "conversation:2", score=4.0, inbox=2, metric="csat", scale=5.0),
    ]
    moments.laid(conn, laid, {})
    found = [(parts, score, n) for parts, score, _fold, n in easing.answers(conn, Sight(), 10)]
    assert sorted(found) == [((0, 0, 0, 0), 7, 1), ((1, 2, 0, 0), 2, 1)]
    [seen] = easing.answers(conn, Sight(inboxes=(2,)), 10)
    assert seen[1] == 7
