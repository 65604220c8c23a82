"""The page of signing in under attack: too many tries, a planted session, and a way on that leads elsewhere.

Whoever tries too often is told when to come back, in words and in the header that programs read.
"""

from __future__ import annotations

import pytest
from django.test import Client

from careline.accounts import attempts
from careline.accounts.models import Session
from careline.kit import signing
from tests.cast import PASSWORD

LONGEST = int(attempts.WINDOW.total_seconds())


def waits(answer):
    assert answer.status_code == 429
    return 0 < int(answer["Retry-After"]) <= LONGEST


@pytest.mark.parametrize(
    ("path", "form"),
    [("/sign-in", {"email": "bo@harbor.example", "password": "wrong"}), ("/forgotten", {"email": "bo@harbor.example"})],
)
@pytest.mark.django_db(transaction=True)
def test_a_stranger_who_tried_too_often_is_told_when_to_come_back(bo, path, form):
    browser = Client()
    for _n in range(attempts.MOST_FOR_ACCOUNT):
        answer = browser.post(path, form)
        assert answer.status_code != 429
        assert "Retry-After" not in answer
    assert waits(browser.post(path, form))


@pytest.mark.django_db(transaction=True)
def test_so_is_an_agent_who_guesses_at_their_own_password(bo, browser_of):
    browser = browser_of(bo)
    form = {"what": "password", "current": f"not {PASSWORD}", "password": "another good long one"}
    for _n in range(attempts.MOST_FOR_ACCOUNT):
        assert browser.post("/settings/own", form).status_code == 422
    assert waits(browser.post("/settings/own", form))


ELSEWHERE = [
    "https://evil.example/", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "javascript:alert(1)", "http:evil.example", "/\t/evil.example", " //evil.example", "evil.example:80",
    "https:///evil.example", "data:text/html,evil", "//evil.example@localhost", "\x00//evil.example",
]  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_the_way_on_stays_in_the_house(bo):
    for aim in ELSEWHERE:
        answer = Client().post("/sign-in", {"email": "bo@harbor.example", "password": PASSWORD, "next": aim})
        assert (answer.status_code, answer["Location"]) == (302, "/desk"), aim
        asked = Client().get("/sign-in", {"next": aim}).content.decode()
        assert "evil" not in asked, aim
        assert "alert" not in asked, aim


@pytest.mark.django_db(transaction=True)
def test_a_session_somebody_planted_is_not_the_one_that_opens(bo):
    """Neither a made-up key nor one of another person's session becomes that of whoever signs in here."""
    first = Client()
    first.post("/sign-in", {"email": "bo@harbor.example", "password": PASSWORD})
    planted = first.cookies["careline_session"].value
    for key in ("made-up", planted):
        browser = Client()
        browser.cookies["careline_session"] = key
        if key == planted:
            first.post("/sign-out")
        answer = browser.post("/sign-in", {"email": "bo@harbor.example", "password": PASSWORD})
        opened = answer.cookies["careline_session"]
        assert answer.status_code == 302
        assert opened.value != key
        assert (opened["httponly"], opened["samesite"]) == (True, "Lax")
        assert Session.objects.filter(session_key=signing.digest(opened.value), agent_id=bo.agent_id).exists()
        assert not Session.objects.filter(session_key=signing.digest("made-up")).exists()
    assert not Session.objects.filter(session_key=signing.digest(planted)).exists()
