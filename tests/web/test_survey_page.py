"""A survey is answered on a page that needs no script, by whoever has its link, and by nobody who only looks."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from careline.experience.surveys import actions, asking, beginnings, links
from careline.experience.surveys.models import Response
from careline.experience.surveys.shapes import Form, Option, Question

OPTIONS = [Option(key=key, words={"en": key.upper()}) for key in "abc"]
CSAT = Question(
    key="csat", type="csat", words={"en": "Satisfied?", "ar": "راض؟"}, required=True, comment={"en": "Why?"}
)  # fmt: skip


class Visitor:
    """Reads pages and fills in forms as a browser without script does."""

    def __init__(self, path: str, **headers: str) -> None:
        self.browser = Client()
        self.headers = headers
        self.get(path)

    def get(self, path: str) -> Any:
        self.answer = self.browser.get(path, headers=self.headers)
        self.path = path
        return self.answer

    @property
    def html(self) -> str:
        return self.answer.content.decode()

    @property
    def hidden(self) -> dict[str, str]:
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.html))

    def send(self, **fields: Any) -> Any:
        self.answer = self.browser.post(self.path.partition("?")[0], self.hidden | fields, headers=self.headers)
        if self.answer.status_code == 303:
            self.get(self.answer["Location"])
        return self.answer


@pytest.fixture
def open_survey(boss):
    def open_survey(*questions: Question, **more: Any) -> str:
        given = {"languages": ["en", "ar"], "title": {"en": "About us"}, "thanks": {"en": "Thanks, {name|friend}."}}
        survey = actions.create("About us", Form(questions=[*questions], **given | more), actor=boss)
        actions.publish(survey.pk, actor=boss)
        return links.path("open", survey.pk)

    return open_survey


@pytest.mark.parametrize("beginning", beginnings.BEGINNINGS, ids=lambda one: one.key)
def test_what_a_survey_begins_with_is_answered_to_its_end(boss, beginning):
    survey = actions.create(beginning.key, beginnings.form(beginning, "en"), actor=boss)
    actions.publish(survey.pk, actor=boss)
    visitor = Visitor(links.path("open", survey.pk))
    for _step in survey.form.questions:
        if 'name="question"' not in visitor.html:
            break
        given = dict.fromkeys(re.findall(r'name="(row\.\w+)"', visitor.html), "good")
        given |= {place: str(n) for n, place in enumerate(re.findall(r'name="(place\.\w+)"', visitor.html), 1)}
        if first := re.search(r'type="(?:radio|checkbox)" name="value" value="([^"]*)"', visitor.html):
            given["value"] = first[1]
        elif "<textarea" in visitor.html:
            given["value"] = "Words"
        assert visitor.send(**given).status_code == 200
    kept = Response.objects.get()
    assert kept.state == "complete"
    assert set(kept.given) == {one.key for one in asking.path(survey.form, kept.given, {})}
    assert "Thank you. Your answer helps us to do better." in visitor.html


def test_looking_keeps_nothing_and_proposes_what_the_link_says(open_survey):
    visitor = Visitor(open_survey(CSAT) + "?answer=2")
    assert re.search(r'value="2" checked', visitor.html)
    assert "You chose this" in visitor.html
    assert not Response.objects.exists()
    visitor.send(value="2")
    assert Response.objects.get().given["csat"].value == 2


@pytest.mark.parametrize("proposed", ["0", "6", "x", "²", "9" * 5000, "", "1 "])
def test_a_link_proposes_only_what_can_be_answered(open_survey, proposed):
    visitor = Visitor(open_survey(CSAT) + f"?answer={proposed}")
    assert visitor.answer.status_code == 200
    assert "checked" not in visitor.html


def test_nought_is_proposed_kept_and_shown_again(open_survey):
    nps = Question(key="nps", type="nps", words={"en": "Recommend?"})
    visitor = Visitor(open_survey(nps, CSAT) + "?answer=0")
    assert re.search(r'value="0" checked', visitor.html)
    visitor.send(value="0")
    visitor.get(re.search(r'href="([^"]*q=nps)"', visitor.html)[1])
    assert re.search(r'value="0" checked', visitor.html)
    assert not re.search(r'value="10" checked', visitor.html)


def test_what_does_not_fit_comes_back_as_it_was_written(open_survey):
    visitor = Visitor(open_survey(CSAT))
    visitor.send(value="", words="It was <b>late</b>")
    assert visitor.answer.status_code == 422
    assert "This question needs an answer." in visitor.html
    assert "It was &lt;b&gt;late&lt;/b&gt;" in visitor.html
    assert not Response.objects.exists()


def test_sent_twice_it_is_one_answer(open_survey):
    visitor = Visitor(open_survey(CSAT))
    form = visitor.hidden | {"value": "4"}
    places = {visitor.browser.post(visitor.path, form)["Location"] for _ in range(2)}
    assert (len(places), Response.objects.count()) == (1, 1)


def test_a_hidden_field_comes_along(open_survey):
    visitor = Visitor(open_survey(CSAT, fields=["order"]) + "?order=A-17&other=x")
    visitor.send(value="4")
    assert Response.objects.get().fields == {"order": "A-17"}


def test_what_may_be_passed_over_is_and_the_way_back_is_open(open_survey):
    text = Question(key="text", type="text", words={"en": "About {answer:csat}?"})
    visitor = Visitor(open_survey(CSAT, text))
    assert 'name="skip"' not in visitor.html
    visitor.send(value="3", words="Hm")
    assert "About 3?" in visitor.html
    visitor.get(re.search(r'href="([^"]*q=csat)"', visitor.html)[1])
    assert (re.search(r'value="3" checked', visitor.html) is not None, ">Hm</textarea>" in visitor.html) == (True, True)
    visitor.send(value="5")
    visitor.send(skip="1")
    kept = Response.objects.get()
    assert (kept.state, kept.given["csat"].value, kept.given["text"].is_given) == ("complete", 5, False)


def test_an_order_with_two_at_one_place_is_refused(open_survey):
    rank = Question(key="rank", type="ranking", words={"en": "Order?"}, options=OPTIONS)
    visitor = Visitor(open_survey(rank))
    visitor.send(**{"place.a": "1", "place.b": "1", "place.c": "2"})
    assert (visitor.answer.status_code, "Give each its own place." in visitor.html) == (422, True)
    visitor.send(**{"place.a": "2", "place.b": "3", "place.c": "1"})
    assert Response.objects.get().given["rank"].value == ["c", "a", "b"]


def test_files_are_kept_and_a_program_is_not(open_survey):
    ask = Question(key="file", type="file", words={"en": "A picture?"}, required=True)
    visitor = Visitor(open_survey(ask))
    visitor.send(files=SimpleUploadedFile("x.exe", b"MZ" + b"\0" * 100))
    assert visitor.answer.status_code == 422
    visitor.send(files=[SimpleUploadedFile("a.txt", b"hello"), SimpleUploadedFile("b.txt", b"again")])
    assert len(Response.objects.get().given["file"].value) == 2


def test_it_speaks_what_is_asked_for_and_writes_from_the_right(open_survey):
    path = open_survey(CSAT)
    for visitor in (Visitor(path, accept_language="ar-EG,en;q=0.5"), Visitor(f"{path}?lang=ar")):
        assert '<html lang="ar" dir="rtl"' in visitor.html
        assert "راض؟" in visitor.html
    visitor.send(value="4")
    assert Response.objects.get().language == "ar"
    assert '<html lang="en" dir="ltr"' in Visitor(path, accept_language="fr").html


def test_whose_link_it_is_is_greeted_and_a_second_visit_says_thanks(open_survey, ada, boss):
    path = open_survey(CSAT)
    survey_id = links.read(path.rpartition("/")[2]).number
    own = links.path("own", actions.invite(survey_id, ada.pk, actor=boss).pk)
    Visitor(own).send(value="4")
    assert "Thanks, Ada Moreau." in Visitor(own).html
    assert Visitor(own).browser.post(own, {"question": "csat", "value": "1"}).status_code == 200
    assert Response.objects.get().given["csat"].value == 4


def test_a_closed_survey_and_a_forged_link_say_so(open_survey, boss):
    path = open_survey(CSAT)
    actions.close(links.read(path.rpartition("/")[2]).number, actor=boss)
    closed = Client().get(path)
    assert (closed.status_code, "This survey is closed." in closed.content.decode()) == (409, True)
    assert Client().get("/s/s1-aaaaaaaaaaaaaaaaaaaa").status_code == 404


def test_a_trial_says_it_is_one(boss):
    survey = actions.create("Draft", Form(languages=["en"], title={"en": "T"}, questions=[CSAT]), actor=boss)
    visitor = Visitor(links.path("trial", survey.pk))
    assert "A trial" in visitor.html
    visitor.send(value="1")
    assert Response.objects.get().is_test
    assert "It was a trial" in visitor.html


def test_nothing_runs_that_is_not_ours_and_nobody_is_told_where_it_came_from(open_survey):
    answer = Visitor(open_survey(CSAT)).answer
    assert "script-src 'self'; style-src 'self'" in answer["Content-Security-Policy"]
    assert (answer["Referrer-Policy"], answer["X-Robots-Tag"]) == ("no-referrer", "noindex")
    assert "Set-Cookie" not in answer
