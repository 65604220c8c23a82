"""A conversation's attributes beside the thread: shown, changed in their place or on a page, by who may."""

from __future__ import annotations

import pytest

from careline.accounts.models import Agent, Role
from careline.customers import actions as customers
from careline.service.conversations import actions
from careline.service.conversations.models import Conversation

PIECE = {"HX-Request": "true"}


@pytest.fixture
def at(conversation, boss) -> str:
    reasons = ["late", "lost"]
    for name, type, choices in (("order", "text", []), ("amount", "number", []), ("reason", "choice", reasons)):
        customers.define_attribute(name, f"The {name}", type, choices, of="conversation", actor=boss)
    customers.define_attribute("plan", "Their plan", "boolean", actor=boss)
    return f"/desk/{conversation.pk}/attributes"


def kept(conversation) -> dict:
    return Conversation.objects.get(pk=conversation.pk).attributes


def test_they_stand_beside_the_thread_by_their_labels(at, conversation, ada, bo, browser_of):
    actions.describe(conversation.pk, {"order": "A-17 <b>"}, actor=bo)
    customers.set_attributes(ada.pk, {"plan": True}, actor=bo)
    part = browser_of(bo).get(f"/desk/{conversation.pk}", headers=PIECE).content.decode()
    assert '<dt><bdi>The order</bdi></dt><dd dir="auto">A-17 &lt;b&gt;</dd>' in part
    assert "The amount" not in part
    assert "<dt>Their plan</dt>" in part.replace("<bdi>", "").replace("</bdi>", "")


def test_a_form_in_their_place_keeps_only_what_was_changed_in_it(at, conversation, bo, cy, browser_of):
    browser = browser_of(bo)
    form = browser.get(at, headers=PIECE).content.decode()
    assert "<html" not in form
    assert 'name="was.order" value=""' in form
    # Meanwhile somebody else fills in another field.
    actions.describe(conversation.pk, {"reason": "late"}, actor=cy)
    sent = {"was.order": "", "was.amount": "", "was.reason": "", "attribute.order": "A-17", "attribute.amount": "",
            "attribute.reason": ""}  # fmt: skip
    answer = browser.post(at, sent, headers=PIECE)
    assert answer.status_code == 200
    assert "A-17" in answer.content.decode()
    assert kept(conversation) == {"order": "A-17", "reason": "late"}
    wrong = browser.post(at, sent | {"attribute.amount": "1,5"}, headers=PIECE)
    assert wrong.status_code == 422
    assert "amount must be a number." in wrong.content.decode()
    assert 'value="1,5"' in wrong.content.decode()


def test_without_scripts_the_form_is_a_page(at, conversation, bo, browser_of):
    browser = browser_of(bo)
    assert "<html" in browser.get(at).content.decode()
    assert browser.post(at, {"attribute.reason": "lost"})["Location"] == f"/desk/{conversation.pk}"
    assert kept(conversation) == {"reason": "lost"}


def test_who_may_only_look_is_shown_no_form(at, conversation, bo, dee, browser_of):
    reader = Role.objects.create(name="reader", permissions=["conversations.view", "customers.view"])
    Agent.objects.filter(pk=bo.agent_id).update(role=reader)
    browser = browser_of(bo)
    assert at not in browser.get(f"/desk/{conversation.pk}", headers=PIECE).content.decode()
    assert browser.get(at).status_code == 403
    assert browser.post(at, {"attribute.order": "x"}).status_code == 403
    assert browser.get(f"{at}?shown=1", headers=PIECE).status_code == 200
    assert browser_of(dee).get(at).status_code == 404
    assert kept(conversation) == {}


def test_nothing_is_shown_where_nothing_is_defined(conversation, bo, browser_of):
    browser = browser_of(bo)
    part = browser.get(f"/desk/{conversation.pk}", headers=PIECE).content.decode()
    assert "This conversation" not in part
    assert (
        "No attribute of conversations is defined yet."
        in browser.get(f"/desk/{conversation.pk}/attributes").content.decode()
    )


def test_whoever_resolves_is_asked_in_the_form_and_keeps_and_resolves_in_one_step(
    at, conversation, bo, boss, browser_of
):
    actions.ask_attribute("reason", {}, actor=boss)
    late = {"all": [{"field": "attribute:reason", "op": "is", "value": "late"}]}
    actions.ask_attribute("order", late, actor=boss)
    browser, closure = browser_of(bo), f"/desk/{conversation.pk}/closure"
    answer = browser.put(closure, headers=PIECE)
    form = answer.content.decode()
    assert (answer["HX-Retarget"], form.count("Asked before it is resolved")) == ("#talk-facts", 1)
    assert 'aria-describedby="f-attribute.reason-hint" required autofocus' in form
    assert browser.post(closure)["Location"] == f"{at}?resolve"
    assert 'name="resolve"' in browser.get(f"{at}?resolve").content.decode()
    # What is said brings the next question; what was said is kept.
    sent = {"was.reason": "", "attribute.reason": "late", "resolve": "1"}
    again = browser.post(at, sent, headers=PIECE)
    assert (again.status_code, kept(conversation)) == (422, {"reason": "late"})
    assert 'aria-describedby="f-attribute.order-hint" required value=""' in again.content.decode()
    ended = browser.post(at, {"was.order": "", "attribute.order": "A-17", "resolve": "1"}, headers=PIECE)
    assert "A-17" in ended.content.decode()
    assert Conversation.objects.get(pk=conversation.pk).state == "resolved"
