"""Which question comes next, what fits it, and what it recalls: without a database."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careline.experience.surveys import asking
from careline.experience.surveys.counting import SATISFIED, group
from careline.experience.surveys.recalling import Recall
from careline.experience.surveys.shapes import (
    Answer,
    Condition,
    Form,
    Option,
    Question,
    answers_of,
    bounds,
    form_of,
    stored,
)
from careline.kit.refusals import Refused

OPTIONS = [Option(key=key, words={"en": key.upper(), "ar": f"ع{key}"}) for key in "abc"]


def form(*questions: Question, **more: object) -> Form:
    return Form(languages=["en", "ar"], questions=[*questions], **more)


def ask(key: str, type: str = "text", **more: object) -> Question:
    return Question(key=key, type=type, words={"en": f"{key}?"}, **more)


@pytest.mark.parametrize(
    ("condition", "value", "holds"),
    [
        (Condition(of="q", test="is", value="a"), "a", True),
        (Condition(of="q", test="is", value="a"), ["b", "a"], True),
        (Condition(of="q", test="is_not", value="a"), "b", True),
        (Condition(of="q", test="is_not", value="a"), None, False),
        (Condition(of="q", test="is", value=0), 0, True),
        (Condition(of="q", test="at_most", value=6), 0, True),
        (Condition(of="q", test="at_least", value=0), 0, True),
        (Condition(of="q", test="at_least", value=7), 6, False),
        (Condition(of="q", test="at_least", value=7), "words", False),
        (Condition(of="q", test="answered"), 0, True),
        (Condition(of="q", test="not_answered"), 0, False),
        (Condition(of="q", test="not_answered"), None, True),
    ],
)
def test_a_question_is_asked_when_its_condition_holds(condition, value, holds):
    found = asking.path(form(ask("q"), ask("r", when=[condition])), {"q": Answer(value)}, {})
    assert [one.key for one in found] == (["q", "r"] if holds else ["q"])


def test_of_several_conditions_all_or_any_hold():
    when = [Condition(of="q", value="a"), Condition(of="field:plan", value="gold")]
    for any_of, asked in ((False, ["q"]), (True, ["q", "r"])):
        found = asking.path(form(ask("q"), ask("r", when=when, any=any_of)), {"q": Answer("a")}, {"plan": "tin"})
        assert [one.key for one in found] == asked


def test_an_answer_that_is_not_on_the_way_opens_nothing():
    second = ask("b", when=[Condition(of="a", value="yes")])
    third = ask("c", when=[Condition(of="b", test="answered")])
    found = asking.path(form(ask("a"), second, third), {"a": Answer("no"), "b": Answer("left over")}, {})
    assert [one.key for one in found] == ["a"]


def test_what_was_passed_over_is_not_asked_again():
    whole = form(ask("a"), ask("b"))
    assert asking.following(whole, {"a": Answer()}, {}).key == "b"
    assert asking.following(whole, {"a": Answer(), "b": Answer()}, {}) is None


@pytest.mark.parametrize(
    ("question", "value", "kept"),
    [
        (ask("q", "nps"), "0", 0), (ask("q", "nps"), 10, 10), (ask("q", "scale", start=0, points=5), "0", 0),
        (ask("q", "single", options=OPTIONS), "b", "b"),
        (ask("q", "multiple", options=OPTIONS), ["c", "a"], ["a", "c"]),
        (ask("q", "ranking", options=OPTIONS), ["c", "a", "b"], ["c", "a", "b"]),
        (ask("q", "matrix", options=OPTIONS, rows=OPTIONS), {"b": "a", "a": "c"}, {"a": "c", "b": "a"}),
        (ask("q"), " so \r\n so ", "so \n so"), (ask("q"), "  ", None), (ask("q", "nps"), "", None),
        (ask("q"), "0", "0"),
    ],
)  # fmt: skip
def test_what_fits_is_kept(question, value, kept):
    assert asking.checked(question, value).value == kept


@pytest.mark.parametrize(
    ("question", "value"),
    [
        (ask("q", "nps"), 11), (ask("q", "nps"), -1), (ask("q", "nps"), 6.5), (ask("q", "nps"), "٣"),
        (ask("q", "ces"), 0),
        (ask("q", "single", options=OPTIONS), "z"), (ask("q", "multiple", options=OPTIONS), "a"),
        (ask("q", "multiple", options=OPTIONS), ["a", "z"]), (ask("q", "ranking", options=OPTIONS), ["a", "a", "b"]),
        (ask("q", "ranking", options=OPTIONS), ["a"]), (ask("q", "matrix", options=OPTIONS, rows=OPTIONS), {"z": "a"}),
        (ask("q", "matrix", options=OPTIONS, rows=OPTIONS, required=True), {"a": "a"}), (ask("q"), "x" * 5001),
        (ask("q"), "a\0b"), (ask("q"), 7), (ask("q", "file"), ["no-id"]), (ask("q", required=True), " "),
        (ask("q", "nps", required=True), None),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_refused(question, value):
    with pytest.raises(Refused):
        asking.checked(question, value)


def test_a_question_recalls_what_is_known():
    pick = ask("pick", "multiple", options=OPTIONS)
    words = {"en": "{name|There}, {answer:pick}: {answer:mark}/{field:order|none}{field:gone}", "ar": "{answer:pick}؟"}
    answers = {"pick": Answer(["a", "c"]), "mark": Answer(0)}
    whole = form(pick, ask("mark", "nps"), fields=["order"])
    assert Recall(whole, "en", answers, {"order": "<b>"}, name="Ada")(words) == "Ada, A, C: 0/<b>"
    assert Recall(whole, "en", {}, {})(words) == "There, : /none"
    assert Recall(whole, "ar", answers, {})(words) == "عa, عc؟"
    nobody = form(pick, anonymous=True)
    assert Recall(nobody, "en", {}, {}, name="Ada")({"en": "{name|there}"}) == "there"


@given(st.sampled_from(["nps", "csat", "ces"]), st.sampled_from(sorted(SATISFIED)), st.data())
def test_every_score_belongs_to_exactly_one_part_of_its_scale(type, points, data):
    question = ask("q", type, points=points)
    low, high = bounds(question)
    score = data.draw(st.floats(low, high))
    parts = {"nps": 3, "csat": 2, "ces": 2}[type]
    named = {group(question, n) for n in range(low, high + 1)}
    assert len(named) == parts
    assert group(question, score) in named


@given(st.dictionaries(st.sampled_from("abcd"), st.sampled_from([0, 3, 10, None]), max_size=4), st.randoms())
def test_the_way_ends_and_never_asks_twice(given_answers, random):
    """Whatever was answered and whatever depends on it, answering what comes next reaches the end."""
    keys = "abcd"
    questions = [
        ask(key, "nps", when=[Condition(of=random.choice(keys[:n]), test="at_most", value=5)] if n else [])
        for n, key in enumerate(keys)
    ]
    whole, answers = form(*questions), {key: Answer(value) for key, value in given_answers.items()}
    asked = []
    while (question := asking.following(whole, answers, {})) is not None:
        asked.append(question.key)
        answers[question.key] = Answer(random.choice([0, 7, None]))
    assert len(asked) == len(set(asked))
    assert all(key in answers for key in (one.key for one in asking.path(whole, answers, {})))


def test_what_is_kept_reads_back_as_it_was():
    whole = form(
        ask("q", "matrix", options=OPTIONS, rows=OPTIONS, when=[Condition(of="field:x", value=0)]), fields=["x"]
    )
    assert form_of(stored(whole)) == whole
    answers = {"q": Answer({"a": "b"}, "words"), "n": Answer(0), "s": Answer()}
    assert answers_of(stored(answers)) == answers
