"""How a moment felt: an answer before words, and words by how they ended."""

from __future__ import annotations

import pytest

from careline.touchpoints import feelings


def weighed(*scores: float) -> list[tuple[str, dict[str, object]]]:
    return [("message.weighed", {"score": score}) for score in scores]


ANSWER = ("survey.answered", {"metric": "csat", "score": 5, "scale_max": 5})


@pytest.mark.parametrize(
    ("scores", "level"),
    [
        ([-0.6], -2), ([-0.59], -1), ([-0.05], -1), ([0.0], 0), ([0.05], 1), ([0.59], 1), ([0.6], 2), ([], None),
        # Of three the last counts, of four the last two, of six the last two.
        ([-0.9, -0.9, 0.7], 2), ([0.9, 0.9, -0.3, -0.1], -1), ([0.9, 0.9, 0.9, 0.9, -0.7, -0.9], -2),
    ],
)  # fmt: skip
def test_words_are_taken_by_how_they_ended(scores, level):
    assert feelings.of_words(scores) == level


def test_an_answer_goes_before_words_wherever_it_stands():
    assert feelings.felt([ANSWER, *weighed(-0.9)]) == feelings.Felt(2, "answer")
    assert feelings.felt(weighed(-0.9)) == feelings.Felt(-2, "words")
    assert feelings.felt([("message.received", {})]) is None


@pytest.mark.parametrize(("total", "level"), [(0, 0), (1, 1), (2, 2), (3, 2), (4, 3), (12, 3)])
def test_effort_has_four_levels(total, level):
    assert feelings.hard(total) == level


@pytest.mark.parametrize(("score", "level"), [(1, 0), (2, 0), (3, 1), (4, 2), (5, 3)])
def test_the_older_question_asks_how_hard_it_was_and_not_how_it_felt(score, level):
    said = ("survey.answered", {"metric": "ces1", "score": score, "scale_max": 5})
    assert feelings.effort([said]) == feelings.Effort(level, "answer")
    assert feelings.felt([said]) is None


def test_what_the_customer_said_of_effort_goes_before_what_was_counted():
    counted = ("effort.counted", {"effort": 2, "waits": 2})
    said = ("survey.answered", {"metric": "ces", "score": 7, "scale_max": 7})
    assert feelings.effort([said, counted]) == feelings.Effort(0, "answer")
    assert feelings.effort([counted]) == feelings.Effort(
        2, "behavior", 2, {"contacts": 0, "waits": 2, "transfers": 0, "switches": 0}
    )
    assert feelings.effort([ANSWER]) is None
