"""Settings, Intelligence: how each language is read, and a language model that is asked whether it is there."""

from __future__ import annotations

import pytest
from django.test import Client

from careline.intelligence.models import Call
from tests.intelligence.endpoints import Endpoint, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(boss, organization):
    from tests.web.test_url_walk import signed_in

    return signed_in(boss)


def test_it_says_how_each_language_is_read_and_that_no_model_is_needed(desk: Client):
    page = desk.get("/settings/meaning").content.decode()
    assert "by meaning, with the model that comes with Careline" in page
    assert "by words and letters alone" in page
    assert "None is configured" in page


def test_a_model_is_asked_whether_it_is_there_and_its_call_is_listed(desk: Client, settings):
    endpoint = Endpoint()
    settings.CARELINE_LLM = {"url": endpoint.url, "model": "small", "key": "none"}
    endpoint.says = [words("I am here.")]
    try:
        page = desk.post("/settings/meaning").content.decode()
    finally:
        endpoint.close()
    assert "It is there and said: I am here." in page
    assert [one.purpose for one in Call.objects.all()] == ["knock"]
    assert "knock" in page


def test_nobody_there_is_said_in_a_word(desk: Client, settings):
    settings.CARELINE_LLM = {"url": "http://127.0.0.1:9/v1", "model": "small", "key": "none"}
    answer = desk.post("/settings/meaning")
    assert answer.status_code == 200
    assert "It did not answer: not reached." in answer.content.decode()
