"""Two ways of finding made one."""

from __future__ import annotations

import pytest

from careline.intelligence import ranking


def test_meaning_leads_and_words_decide_where_it_wavers():
    found = ranking.fused({"sku": 9.0}, {"near": 0.71, "sku": 0.70, "far": 0.1})
    assert [key for key, _score in found] == ["sku", "near", "far"]
    assert found[0][1] == pytest.approx(0.8 * 0.6 / 0.61 + 0.2)
    assert ranking.fused({"words": 9.0}, {"near": 0.9, "far": 0.1})[0][0] == "near"


def test_by_weight_either_may_stand_alone():
    lexical, dense = {"a": 2.0, "b": 1.0}, {"b": 0.9, "a": 0.2}
    assert ranking.fused(lexical, dense, weight=0.0)[0][0] == "a"
    assert ranking.fused(lexical, dense, weight=1.0)[0][0] == "b"
    assert ranking.fused(lexical, {}) == [("a", pytest.approx(0.2)), ("b", pytest.approx(0.1))]


def test_of_nothing_it_is_nothing_and_scores_that_are_alike_do_not_break_it():
    assert ranking.fused({}, {}) == []
    assert ranking.fused({"a": 0.0}, {}) == [("a", 0.0)]
    assert [key for key, _score in ranking.fused({"a": 1.0, "b": 1.0}, {"b": 0.5, "a": 0.5})] == ["b", "a"]
