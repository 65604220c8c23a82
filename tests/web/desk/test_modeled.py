"""With a language model the reply has a menu and messages a translation; without one there is nothing of it."""

from __future__ import annotations

import pytest

from careline.service.assist import drafting, saving
from careline.service.conversations import actions
from careline.service.conversations.models import Message
from careline.web.desk import drafting as marking
from careline.web.desk import modeled
from tests.intelligence.endpoints import Endpoint, raw, words

PIECE = {"HX-Request": "true"}


@pytest.fixture
def endpoint(settings, monkeypatch):
    drafting.forget()
    monkeypatch.setattr(drafting, "PATIENCE", 60.0)  # never waited for
    made = Endpoint()
    settings.CARELINE_LLM = {"url": made.url, "model": "tests", "key": "sesame"}
    yield made
    made.close()
    drafting.forget()


def opened(browser, conversation):
    return browser.get(f"/desk/{conversation.pk}", headers=PIECE).content.decode()


def test_without_a_model_nothing_speaks_of_one(conversation, bo, browser_of, settings):
    settings.CARELINE_LLM = {}
    shown = opened(browser_of(bo), conversation)
    assert 'id="reply-words"' not in shown
    assert 'id="translates"' not in shown
    answer = browser_of(bo).post(f"/desk/{conversation.pk}/drafts", {"how": "draft"}, headers=PIECE)
    assert answer.status_code == 200


def test_words_come_for_the_reply_and_nothing_is_sent(conversation, endpoint, bo, browser_of):
    browser = browser_of(bo)
    assert 'id="reply-words"' in opened(browser, conversation)
    endpoint.says = [words("I am sorry for the wait.")]
    made = browser.post(f"/desk/{conversation.pk}/drafts", {"how": "kinder", "body": "It is late."}, headers=PIECE)
    assert 'data-words="I am sorry for the wait."' in made.content.decode()
    assert not Message.objects.filter(conversation=conversation, kind="reply").exists()
    assert browser.post(f"/desk/{conversation.pk}/drafts", {"how": "louder"}, headers=PIECE).status_code == 422


def test_a_message_is_translated_below_itself(conversation, endpoint, bo, browser_of):
    message = Message.objects.get(conversation=conversation, kind="incoming")
    endpoint.says = [words("Pesanan <b>saya</b> terlambat.")]
    made = browser_of(bo).post(f"/desk/{conversation.pk}/messages/{message.pk}/translation", headers=PIECE)
    assert "Pesanan &lt;b&gt;saya&lt;/b&gt; terlambat." in made.content.decode()


def test_a_model_that_fails_is_told_of_in_a_word_and_the_desk_goes_on(conversation, endpoint, bo, browser_of):
    browser = browser_of(bo)
    endpoint.says = [raw(b"{}", status=500)]
    for _time in range(2):
        made = browser.post(f"/desk/{conversation.pk}/drafts", {"how": "kinder", "body": "Late."}, headers=PIECE)
        assert "does not answer now" in made.content.decode()
    given = {"kind": "reply", "body": "We look into it.", "client_id": "a"}
    assert browser.post(f"/desk/{conversation.pk}/messages", given, headers=PIECE).status_code == 201


def test_every_verdict_has_its_word():
    from careline.intelligence.port import Verdict

    assert {*Verdict, "busy"} - {Verdict.ANSWERED} <= modeled.reasons().keys()


def test_a_long_thread_is_summed_up_and_a_short_one_is_not(conversation, bo, browser_of):
    browser = browser_of(bo)
    assert 'id="summary"' not in opened(browser, conversation)
    for n in range(drafting.LONG):
        actions.reply(conversation.pk, actor=bo, body=f"We asked the courier about parcel {n}.")
    assert 'id="summary"' in opened(browser, conversation)
    shown = browser.get(f"/desk/{conversation.pk}/summary", headers=PIECE).content.decode()
    assert "My order is late." in shown


def test_a_draft_is_marked_where_a_browser_counts(conversation, bo, browser_of):
    made = browser_of(bo).post(f"/desk/{conversation.pk}/voice", {"body": "🙂 We guarantee it."}, headers=PIECE)
    shown = made.content.decode()
    assert 'data-start="3" data-end="15"' in shown
    assert "Promises what nobody can" in shown
    assert marking.reasons().keys() >= {"blank", "word", "money"}


def test_a_word_of_the_house_is_replaced(conversation, bo, cy, boss, browser_of):
    page = browser_of(cy).post(
        "/settings/voice", {"what": "keep", "manner": "any", "words": "ETA = arrival", "most": "0"}
    )
    assert page.status_code == 302
    made = browser_of(bo).post(f"/desk/{conversation.pk}/voice", {"body": "The ETA is open."}, headers=PIECE)
    assert 'data-replaces="arrival"' in made.content.decode()
    wrong = browser_of(cy).post("/settings/voice", {"what": "keep", "manner": "any", "most": "much"})
    assert wrong.status_code == 422
    assert browser_of(bo).get("/settings/voice").status_code == 403


def test_replies_are_kept_changed_and_removed(cy, inbox, browser_of):
    browser = browser_of(cy)
    given = {"what": "keep", "reply": "", "name": "Late", "body": "Sorry, {customer}.", "language": "en"}
    assert browser.post("/settings/replies", {**given, "inbox": [str(inbox.pk)]}).status_code == 302
    [one] = saving.every(cy)
    assert (one.name, one.inbox_ids) == ("Late", [inbox.pk])
    again = browser.post("/settings/replies", given)
    assert again.status_code == 409
    assert "There is a reply of that name already." in again.content.decode()
    browser.post("/settings/replies", {**given, "reply": str(one.pk), "body": "So sorry."})
    assert saving.one(cy, one.pk).body == "So sorry."
    browser.post("/settings/replies", {"what": "drop", "reply": str(one.pk)})
    assert not saving.every(cy).exists()
