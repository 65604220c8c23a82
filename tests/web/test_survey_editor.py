"""A survey is written in the browser, with or without script: kept by itself, in one language at a time."""

from __future__ import annotations

import re
from typing import Any

import pytest

from careline.experience.surveys import actions, beginnings, queries
from careline.experience.surveys.links import Link


@pytest.fixture
def survey(boss):
    return actions.create("How we stand", beginnings.form(beginnings.named("relationship"), "en"), actor=boss)


@pytest.fixture
def written(browser_of, boss, survey):
    """Sends the form as it stands on the page, with what somebody changed in it."""
    browser = browser_of(boss)

    def written(to: str = "", language: str = "en", **changed: Any) -> Any:
        page = browser.get(f"/surveys/{survey.pk}?language={language}").content.decode()
        form: dict[str, Any] = {}
        for tag in re.findall(r"<input [^>]*>", page):
            if 'name="p.' in tag or (re.search(r'type="(radio|checkbox)"', tag) and " checked" not in tag):
                continue
            if name := re.search(r' name="([^"]+)"', tag):
                value = re.search(r' value="([^"]*)"', tag)
                form.setdefault(name[1], []).append(value[1] if value else "on")
        for name, value in re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>([^<]*)</textarea>', page):
            form[name] = value
        for name, inside in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', page):
            chosen = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', inside)
            form[name] = (chosen[1] or chosen[2]) if chosen else ""
        return browser.post(f"/surveys/{survey.pk}{to}", form | changed)

    return written


def form_of(boss, survey):
    return queries.survey(boss, survey.pk).form


def test_sent_as_it_stands_nothing_changes(written, boss, survey):
    before = survey.form
    assert written().status_code == 302
    assert form_of(boss, survey) == before


def test_words_change_in_one_language_and_stay_in_the_others(written, boss, survey):
    written(language="ar", **{"q.0.words": "هل توصي بنا؟"})
    words = form_of(boss, survey).questions[0].words
    assert (words["ar"], words["en"]) == (
        "هل توصي بنا؟", "How likely are you to recommend us to a friend or colleague?",
    )  # fmt: skip


def test_questions_are_added_moved_and_taken_away(written, boss, survey):
    answer = written("/draft", do="add", add_type="matrix")
    assert 'id="builder"' in answer.content.decode()
    written("/draft", do="up:3")
    written("/draft", do="drop:0")
    assert [one.type for one in form_of(boss, survey).questions] == ["text", "matrix", "text"]
    written("/draft", do="option:1")
    written("/draft", do="row:1")
    written("/draft", do="condition:1")
    matrix = form_of(boss, survey).questions[1]
    assert (len(matrix.options), len(matrix.rows), len(matrix.when)) == (3, 2, 1)
    keys = {one.key for one in matrix.options}
    written("/draft", do="drop_option:1.0")
    written("/draft", do="option:1")
    assert len(keys | {one.key for one in form_of(boss, survey).questions[1].options}) == 4


def test_while_somebody_types_only_the_preview_is_drawn(written, boss, survey):
    shown = written("/draft", title="A question <about> us").content.decode()
    assert ('id="preview"' in shown, 'id="builder"' in shown) == (True, False)
    assert "A question &lt;about&gt; us" in shown
    assert 'name="revision" value="2"' in shown


def test_who_comes_second_is_told_and_overwrites_nothing(written, boss, survey):
    actions.change(survey.pk, name="Theirs", actor=boss)
    answer = written("/draft", revision="1", title="Mine")
    assert (answer.status_code, "Somebody else changed" in answer.content.decode()) == (409, True)
    assert form_of(boss, survey).title["en"] != "Mine"


def test_languages_fields_and_looks(written, boss, survey):
    written(languages=["en", "id"], more_languages="de, he", fields="order, plan", theme="plum", anonymous="on")
    form = form_of(boss, survey)
    assert (form.languages, form.fields, form.theme, form.anonymous) == (
        ["en", "id", "de", "he"], ["order", "plan"], "plum", True,
    )  # fmt: skip


@pytest.mark.parametrize(
    "nonsense",
    [{"q.count": "²"}, {"q.count": "99999999"}, {"q.0.key": "NO KEY"}, {"theme": "neon"}, {"fields": "a-b"},
     {"do": "drop:99"}, {"do": "up:x"}, {"do": "option:0.0.0"}, {"q.0.points": "-3"}, {"title": "x" * 2001},
     {"title": "\0"}, {"q.0.c.count": "3"}, {"name": "n" * 101}],
    ids=str,
)  # fmt: skip
def test_nonsense_is_refused_or_left_alone(written, boss, survey, nonsense):
    before = form_of(boss, survey).questions
    assert written("/draft", **nonsense).status_code in (200, 422)
    assert len(form_of(boss, survey).questions) <= len(before)


def test_published_it_is_open_and_closed_it_is_not(browser_of, boss, survey):
    browser = browser_of(boss)
    path = f"/surveys/{survey.pk}"
    browser.post(f"{path}/publication")
    assert "/s/s" in browser.get(path).content.decode()
    browser.post(f"{path}/closure")
    assert "Open again" in browser.get(path).content.decode()


def test_what_cannot_be_published_says_why(browser_of, boss):
    empty = actions.create("Empty", beginnings.form(None, "en"), actor=boss)
    answer = browser_of(boss).post(f"/surveys/{empty.pk}/publication")
    assert (answer.status_code, "at least one question" in answer.content.decode()) == (422, True)


def test_a_lead_sees_the_survey_and_no_way_to_change_it(browser_of, cy, survey):
    shown = browser_of(cy).get(f"/surveys/{survey.pk}").content.decode()
    assert ("How likely are you" in shown, "survey-form" in shown, "Publish" in shown) == (True, True, False)


def test_an_answer_shows_person_words_score_and_conversation(browser_of, boss, survey, ada, conversation):
    actions.publish(survey.pk, actor=boss)
    asked = actions.invite(survey.pk, None, conversation=conversation.pk, actor=boss)
    from careline.experience.surveys import links
    from tests.web.test_survey_page import Visitor

    visitor = Visitor(links.path("own", asked.pk))
    visitor.send(value="0", words="Never <again>")
    visitor.send(value="Everything")
    browser = browser_of(boss)
    assert Link("own", asked.pk) == links.read(links.token("own", asked.pk))
    for path in (f"/surveys/{survey.pk}/answers", f"/surveys/answers/{asked.pk}"):
        shown = browser.get(path).content.decode()
        for said in ("Ada Moreau", "<b>0</b>", "Never &lt;again&gt;", "Everything", f"/desk/{conversation.pk}"):
            assert said in shown, (path, said)
    assert f"/surveys/answers/{asked.pk}" in browser.get(f"/customers/{ada.pk}").content.decode()
