"""Whoever tries too often is told when to come back, in words and in the header that programs read."""

from __future__ import annotations

import pytest
from django.test import Client

from careline.accounts import attempts
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
