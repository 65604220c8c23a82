"""The matcher in a day that is played in the head, beside what can be known exactly."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from careline.bench import day


def reference():
    folder = os.environ.get("CARELINE_TEST_DATA")
    if not folder:
        pytest.skip("CARELINE_TEST_DATA names no folder")
    return json.loads((Path(folder) / "callcentre-erlang-reference" / "reference.json").read_text())


def test_the_formulas_say_what_the_reference_says():
    known = reference()
    for row in known["erlang_c"]:
        assert day.erlang_c(row["erlangs"], row["agents"]) == pytest.approx(row["p_wait"], abs=1e-6)
    for row in known["erlang_a"]:
        given_up = day.erlang_a(row["calls"] / row["interval_s"], row["aht_s"], row["agents"], row["mean_patience_s"])
        assert given_up == pytest.approx(row["p_abandon"], abs=1e-6)


def test_one_queue_of_one_skill_waits_and_gives_up_as_erlang_says():
    calls, takes, staff = 100 / 1800, 180.0, 12
    waited, left = [], []
    for seed in range(8):
        kept = day.one_queue(seed, calls=1500, per_s=calls, takes_s=takes, agents=staff)
        waited.append(sum(one > 0 for one in kept.waits[200:]) / 1300)
        gone = day.one_queue(seed, calls=1500, per_s=calls, takes_s=takes, agents=staff, patience_s=300)
        left.append(1 - sum(gone.taken[200:]) / 1300)
    for found, exact in ((waited, day.erlang_c(10, 12)), (left, day.erlang_a(calls, takes, staff, 300))):
        mean, half = day.interval(found)
        assert abs(mean - exact) <= half


def test_it_comes_near_the_best_there_is():
    ours, best, knowing = day.against_the_best(60)
    assert 0.97 * best <= ours <= best <= knowing
    # Who leaves nobody idle cannot do better than this, whatever they know.
    assert best < 0.97 * knowing
    assert ours >= 0.95 * knowing


def test_nobody_starves_and_nobody_is_overtaken_by_who_ranks_behind():
    skilled, plain, allowed = day.whole_day(calls=900, agents=20)
    assert skilled.longest() <= plain.longest() + allowed
    assert skilled.passed == 0
    assert all(skilled.taken)
