"""A survey on a tablet at the counter and behind a QR code; and what keeps a script from filling it."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html import unescape

import pytest
import time_machine
from django.test import Client

from careline.accounts.actor import Actor
from careline.experience.surveys import actions, ageing, links
from careline.experience.surveys.links import Link
from careline.experience.surveys.models import Response
from careline.experience.surveys.shapes import Form, Question
from careline.kit import clock
from careline.touchpoints.models import Touchpoint
from careline.web.surveys import counter

CSAT = Question(key="csat", type="csat", words={"en": "Satisfied?"}, required=True)
WHY = Question(key="why", type="text", words={"en": "Why?"})


@pytest.fixture
def survey(boss):
    made = actions.create("Visit", Form(languages=["en"], title={"en": "Visit"}, questions=[CSAT, WHY]), actor=boss)
    actions.publish(made.pk, actor=boss)
    counter._posts.clear()
    return made


def hidden(html: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', html))


def test_after_the_last_answer_the_next_person_begins(survey, client):
    path = f"{links.path('open', survey.pk)}?at=counter"
    first = client.get(path).content.decode()
    assert ("counter.js" in first, "http-equiv" in first) == (True, False)
    spare = json.loads(unescape(re.search(r'data-spare="([^"]+)"', first)[1]))
    after = client.post(path, hidden(first) | {"value": "2"}, follow=True)
    second = after.content.decode()
    again = re.search(r'<meta http-equiv="refresh" content="90;url=([^"]+)">', second)[1]
    assert unescape(again) == path
    own = after.redirect_chain[-1][0]
    last = client.post(own, hidden(second) | {"value": "Slow"}, follow=True).content.decode()
    assert f'content="8;url={path}"' in last
    # What waited on the tablet comes later, under a name of its own, and once.
    for _twice in range(2):
        client.post(path, hidden(first) | {"page": spare[0], "value": "5"})
    kept = list(Response.objects.order_by("pk").values_list("channel", "state"))
    assert kept == [("counter", "complete"), ("counter", "partial")]


def test_elsewhere_it_begins_nothing_anew(survey, client):
    page = client.get(links.path("open", survey.pk)).content.decode()
    assert not re.search("counter|http-equiv=.refresh", page)


def test_too_many_from_one_address_are_refused_for_a_while(survey, client, monkeypatch):
    monkeypatch.setattr(counter, "MOST", 2)
    path = links.path("open", survey.pk)
    statuses = [client.post(path, {"question": "csat", "value": "3"}).status_code for _n in range(3)]
    assert statuses == [303, 303, 429]
    assert client.post(path, {"question": "csat", "value": "3"}, REMOTE_ADDR="10.0.0.9").status_code == 303
    assert client.get(path).status_code == 200


@pytest.mark.parametrize(("form", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
def test_the_code_is_drawn_for_print(survey, browser_of, boss, form, begins):
    page = browser_of(boss)
    answer = page.get(f"/surveys/{survey.pk}/code.{form}")
    assert answer.content.startswith(begins)
    assert f"/surveys/{survey.pk}/code.{form}" in page.get(f"/surveys/{survey.pk}").content.decode()
    assert page.get(f"/surveys/{survey.pk}/code.gif").status_code == 404
    assert Client().get(f"/surveys/{survey.pk}/code.{form}").status_code == 302


def test_answers_grow_old_and_the_line_keeps_its_figure(survey, ada, boss):
    answered, waiting = (actions.invite(survey.pk, ada.pk, actor=boss) for _n in range(2))
    somebody = Actor(kind="customer", id=None, name="")
    for key, value in (("csat", 2), ("why", "Slow")):
        actions.answer(Link("own", answered.pk), key, value, actor=somebody)
    later = clock.now() + timedelta(days=40)
    with time_machine.travel(later, tick=False):
        young = actions.invite(survey.pk, ada.pk, actor=boss)
        cut = later - timedelta(days=30)
        assert (ageing._going(cut).rows, ageing._going(cut).people) == (2, 1)
        assert (ageing._remove(cut, 100).rows, ageing._remove(cut, 100).rows) == (2, 0)
    assert [one.pk for one in Response.objects.all()] == [young.pk]
    assert Touchpoint.objects.get(kind="survey.answered").facts["score"] == 2
    assert waiting.pk != young.pk
