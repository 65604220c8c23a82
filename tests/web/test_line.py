"""The drawn line: which touchpoints are moments, what each says, and where it runs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careline.touchpoints import feelings
from careline.touchpoints.kinds import DERIVED, KINDS
from careline.web import faces, grouping, line, marks
from tests.web.samples import NOW, moments, touch, touches


def heads(drawn):
    return [moment.head for moment in drawn]


def test_what_one_conversation_left_in_a_row_is_one_moment():
    assert heads(moments()) == [
        "Read 2 pages",
        "Ordered Kettle, 1.2 l",
        "“Where is my parcel? It should be here.”",
        "Delivered 6 days late",
        "“Kettle lovely, delivery was not”",
        "Came by",
        "Answered a survey",
        "Cracked kettle",
    ]
    talk = moments()[2]
    assert talk.notes == ["2 messages", "resolved"]
    assert talk.url == "/conversations/984/"


def test_what_came_at_one_instant_stands_as_it_came():
    """Programs send in batches: a page, a name and an order of the same millisecond."""
    batch = [touch(kind, 1) for kind in ("page.viewed", "visit.checked-in", "order.placed")]
    assert heads(line.draw(batch[::-1])) == ["Read a page", "Came by", "Ordered"]
    assert heads(line.draw(batch[::-1], newest_first=True)) == ["Ordered", "Came by", "Read a page"]


def test_the_conversation_now_open_is_marked():
    assert [moment.current for moment in moments()] == [False] * 7 + [True]


def test_how_it_felt_is_known_only_where_somebody_said_so():
    assert [moment.level for moment in moments() if moment.felt_by] == [-1, 2]
    assert {moment.level for moment in moments() if not moment.felt_by} == {0}


def test_the_last_answer_says_how_it_felt():
    answers = [("survey.answered", {"metric": "csat", "score": score, "scale_max": 5}) for score in (5, 1)]
    assert feelings.felt([*answers, ("page.viewed", {})]) == feelings.Felt(-2, "answer")


@pytest.mark.parametrize(("ease", "weight"), [(7, 0), (5, 1), (3, 2), (1, 3)])
def test_an_answer_about_effort_gives_the_line_its_weight_and_no_level(ease, weight):
    [moment] = line.draw([touch("survey.answered", 1, metric="ces", score=ease, scale_max=7)])
    assert (moment.effort, moment.felt_by) == (weight, "")


def test_the_short_form_is_heavier_where_it_took_effort_and_says_where_that_comes_from():
    drawn = marks.scrap([0, 0, -1], [0, 1, 3])
    assert drawn.count("<path") == 2
    assert drawn.index('class="stroke w1"') < drawn.index('class="stroke w3 rough"')
    words = "Last 3 moments: now poor, lowest poor; effort, from behavior: up to very hard"
    assert drawn.count(words) == 2, "for those who listen, and for those who point"
    assert "up to very hard, from behavior" in marks.effort_at_most([0, 1, 3])
    easy = marks.scrap([0, 0, -1], [0, 0, 0])
    assert easy == marks.scrap([0, 0, -1])
    assert "effort" not in easy
    assert marks.effort_at_most([0, 0]) == marks.effort_at_most([]) == ""


def test_each_stretch_runs_to_the_level_of_the_next():
    drawn = moments()
    assert [moment.onward for moment in drawn] == [0, 0, 0, -1, 0, 2, 0, 0]
    assert [moment.quiet for moment in drawn] == [0, 9, 0, 0, 15, 20, 12, 0]


def test_turned_round_the_stretches_are_the_same_ones():
    forth, back = moments(), moments(newest_first=True)
    assert heads(back) == heads(forth)[::-1]
    assert [moment.quiet for moment in back] == [*[moment.quiet for moment in forth[:-1]][::-1], 0]
    assert back[-1].onward is None
    assert line.stretch(back[-1]) == ""


def test_silence_up_to_now_is_told_when_now_is_given():
    [moment] = line.draw([touch("visit.checked-in", 30)], now=NOW)
    assert moment.quiet == 30
    assert "stroke quiet" in line.stretch(moment)


def test_the_house_talking_about_itself_is_no_moment():
    kinds = ("agent.status-changed", "conversation.assigned", "message.noted", "delivery.updated")
    assert line.draw([touch(kind, 1) for kind in kinds]) == []


@pytest.mark.parametrize("kind", sorted(set(KINDS) - grouping.UNDRAWN - set(DERIVED)))
def test_every_kind_of_moment_has_words(kind):
    source = "conversation:7" if KINDS[kind].journey == "conversation" else ""
    [moment] = line.draw([touch(kind, 1, source)])
    assert moment.head
    assert moment.way
    assert "." not in moment.head


def test_a_long_silence_parts_one_conversation_in_two():
    said = [touch("message.received", days, "conversation:1", channel="webchat") for days in (40, 2)]
    assert len(line.draw(said)) == 2


def test_moments_stand_in_the_order_they_happened():
    assert heads(line.draw(touches()[::-1])) == heads(line.draw(touches()))


def test_a_scrap_says_aloud_what_it_draws():
    assert 'aria-label="Last 3 moments: now bad, lowest bad"' in marks.scrap([1, 0, -2])
    assert 'aria-label="1 moment, felt good"' in marks.scrap([1])
    assert "No moments on the line yet" in marks.scrap([])


def test_a_scrap_draws_friction_in_rust_and_effort_in_weight():
    drawn = marks.scrap([1, -2, -2], [0, 2, 2])
    assert '<path class="stroke w2"' in drawn
    assert '<path class="stroke w2 rough"' in drawn
    assert "mark ring rough" in drawn


def test_the_curve_never_overshoots():
    assert marks.curve(0, 10, 10, 2) == "C5 10 5 2 10 2"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Noor Haddad", "NH"), ("bo", "BO"), ("Ana de la Cruz", "AC"), ("نور حداد", "نو"), ("", "?"), ("+44 20 7946", "?"),
     ("李小龙", "李小"), ("1 Ada Ray", "AR")],
)  # fmt: skip
def test_a_face_has_the_letters_of_its_name(name, letters):
    assert faces.initials(name) == letters


def test_a_face_keeps_its_tint():
    assert faces.tint("Noor Haddad") == faces.tint("Noor Haddad")
    assert {faces.tint(str(k)) for k in range(50)} == {1, 2, 3, 4, 5}


def test_moments_a_second_apart_do_not_count_as_silence():
    assert line.silence(NOW, NOW + timedelta(seconds=1)) == 0
