"""The page of answers by themselves, what the desk shows of one, and who answers at the same moment."""

from __future__ import annotations

import pytest

from careline.service.assist import earning
from careline.service.assist.earning import answering
from careline.service.assist.models import Trust, Use
from tests.service.assist import earned

PAGE, PIECE = "/settings/earned", {"HX-Request": "true"}


@pytest.fixture
def asks(inbox):
    return earned.asker(inbox)


@pytest.fixture
def ready(boss, bo, asks):
    kept = earned.house(boss)
    earned.taken(bo, kept)
    return kept


def test_an_intent_is_switched_on_looked_at_and_switched_off_by_one_wrong(ready, boss, asks, browser_of):
    browser = browser_of(boss)
    shown = browser.get(PAGE).content.decode()
    assert "may be switched on" in shown
    assert "5 of 5" in shown
    assert "0 of 5" in shown
    browser.post(PAGE, {"what": "switch", "intent": "order_status", "on": "1"})
    number = asks(earned.ASKED)
    sample = answering.answer(number)
    thread = browser.get(f"/desk/{number}", headers=PIECE).content.decode()
    assert "Sent by itself: “Where my order is”, 5 of 5 taken as they stood." in thread
    assert f"sample-{sample.pk}" in browser.get(PAGE).content.decode()
    browser.post(PAGE, {"what": "review", "sample": sample.pk, "right": "0"})
    assert "switched off since a wrong one" in browser.get(PAGE).content.decode()
    assert not Trust.objects.get().is_on


def test_what_is_not_earned_cannot_be_switched_on_and_says_why(ready, boss, browser_of):
    answer = browser_of(boss).post(PAGE, {"what": "switch", "intent": "gift_cards", "on": "1"})
    assert answer.status_code == 409
    assert "It has not earned this yet: 0 of 0" in answer.content.decode()


@pytest.mark.parametrize("least", ["", "4", "²", "twenty", "1001"])
def test_numbers_have_their_bounds(boss, browser_of, least):
    answer = browser_of(boss).post(PAGE, {"what": "keep", "least": least, "every": "3"})
    assert answer.status_code == 422
    assert "Give a number from 5 to 1000." in answer.content.decode()
    assert browser_of(boss).post(PAGE, {"what": "keep", "least": "12", "every": "3"}).status_code == 302
    assert earning.bounds() == earning.Bounds(12, 3)


def test_the_page_is_for_who_manages_bots(bo, browser_of):
    assert browser_of(bo).get(PAGE).status_code == 403
    assert browser_of(bo).post(PAGE, {"what": "keep", "least": "9", "every": "3"}).status_code == 403


def test_what_was_held_stands_as_a_suggestion_to_be_reviewed(ready, boss, bo, asks, browser_of):
    earning.keep(earning.Bounds(5, 2), actor=boss)
    earning.switch("order_status", on=True, actor=boss)
    answering.answer(asks(earned.ASKED))
    number = asks(earned.ASKED, name="Lin Park")
    answering.answer(number)
    browser = browser_of(bo)
    shown = browser.get(f"/desk/{number}/suggestions", headers=PIECE).content.decode()
    assert "To be reviewed" in shown
    assert f'name="top" value="saved:{ready}"' in shown
    browser.post(f"/desk/{number}/suggestions/saved/{ready}/dismissal?top", headers=PIECE)
    assert Use.objects.get(conversation_id=number, act="dismissed").on_top


def test_who_writes_while_it_goes_is_told_and_decides(ready, boss, bo, asks, browser_of):
    earning.switch("order_status", on=True, actor=boss)
    number = asks(earned.ASKED)
    answering.answer(number)
    given = {"kind": "reply", "body": "By hand", "client_id": "a", "top": f"saved:{ready}"}
    refused = browser_of(bo).post(f"/desk/{number}/messages", {**given, "seen": "1"}, headers=PIECE)
    assert (refused.status_code, refused["Seen-Seq"]) == (409, "2")
    assert "answered by itself a moment ago" in refused.content.decode()
    said = browser_of(bo).post(f"/desk/{number}/messages", {**given, "seen": "2"}, headers=PIECE)
    assert said.status_code == 201
    assert [one.author_kind for one in earned.replies(number)] == ["bot", "agent"]
