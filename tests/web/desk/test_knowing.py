"""Above the reply box: what they have told us, how they feel, what is alike; and a draft that asks again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careline.accounts.actor import Actor
from careline.customers.models import Person
from careline.service.assist.given import keeping
from careline.service.assist.models import Given, Label, Linked
from careline.service.conversations import actions as talks
from careline.service.conversations.hot import words
from careline.service.conversations.models import Message
from tests.service.assist.told import heard

pytestmark = pytest.mark.django_db
PIECE = {"HX-Request": "true"}


@pytest.fixture
def told(conversation, ada, inbox, nine):
    """Ada has told her order's number, with something that is none of ours to draw."""
    body = "Order A-1042 <b>please</b>. I love the lamp. My address is 12 <i>Harbor</i> Lane, London"
    at = nine + timedelta(minutes=1)
    talks.hear(conversation.pk, actor=Actor.customer(ada.pk, inbox.pk, name=ada.name), body=body, at=at)
    keeping.listen(heard("message.received"))
    return conversation.pk


def test_the_strip_comes_after_the_thread_and_leads_to_the_words(told, bo, browser_of):
    browser = browser_of(bo)
    thread = browser.get(f"/desk/{told}", headers=PIECE).content.decode()
    assert f'hx-get="/desk/{told}/known"' in thread
    assert "A-1042</bdi>" not in thread, "the thread waits for nothing"
    strip = browser.get(f"/desk/{told}/known", headers=PIECE).content.decode()
    said = Message.objects.filter(conversation=told).order_by("-seq")[0]
    assert f'<a href="#message-{said.pk}" title="A-1042"><bdi>A-1042</bdi></a>' in strip
    assert "<i>Harbor</i>" not in strip
    assert "Mood" in strip
    assert browser.get(f"/desk/{told}/known")["Location"] == f"/desk/{told}"


def test_a_draft_that_asks_again_is_told_so(told, bo, browser_of):
    browser = browser_of(bo)
    asks = {"body": "Could you send me your order number?", "kind": "reply"}
    warned = browser.post(f"/desk/{told}/asked-again", asks, headers=PIECE).content.decode()
    assert "already given on" in warned
    assert "A-1042" in warned
    note = browser.post(f"/desk/{told}/asked-again", asks | {"kind": "note"}, headers=PIECE).content.decode()
    assert note.strip() == "", "the team may ask itself"
    fine = browser.post(f"/desk/{told}/asked-again", {"body": "It is on its way."}, headers=PIECE)
    assert fine.content.decode().strip() == ""


def test_what_is_put_away_is_gone_and_can_be_taken_back(told, bo, browser_of):
    browser, one = browser_of(bo), Given.objects.get(kind="order")
    answer = browser.delete(f"/desk/{told}/known/{one.pk}", headers=PIECE)
    assert "A-1042" not in answer.content.decode()
    assert "undo=1" in answer["HX-Trigger"]
    browser.post(f"/desk/{told}/known/{one.pk}?undo=1", headers=PIECE)
    assert "A-1042" in browser.get(f"/desk/{told}/known", headers=PIECE).content.decode()


def test_an_agent_says_how_it_reads(told, bo, browser_of):
    answer = browser_of(bo).put(f"/desk/{told}/mood", "label=negative", headers=PIECE)
    assert answer.status_code == 200
    assert Label.objects.get().label == "negative"


def test_the_same_trouble_from_the_strip_to_one_answer(told, bo, inbox, browser_of):
    browser, numbers = browser_of(bo), []
    for name in ("Lin", "Ola"):
        person = Person.objects.create(name=f"{name} Berg", search=name.casefold(), language="en")
        customer = Actor.customer(person.pk, inbox.pk, name=person.name)
        said = talks.open_with(
            actor=customer, inbox_id=inbox.pk, person=words.who(name=person.name), client_id=name,
            body="The courier has not delivered my parcel today",
        )  # fmt: skip
        numbers.append(said.conversation_id)
    lin, ola = numbers
    assert f"/desk/{lin}/alike" in browser.get(f"/desk/{lin}/known", headers=PIECE).content.decode()
    listed = browser.get(f"/desk/{lin}/alike").content.decode()
    assert f'value="{ola}"' in listed
    refused = browser.post(f"/desk/{lin}/alike", {"conversations": [ola], "name": " "})
    assert refused.status_code == 422
    linked = browser.post(f"/desk/{lin}/alike", {"conversations": [ola], "name": "Courier"})
    page = linked["Location"]
    assert Linked.objects.count() == 2
    preview = browser.post(f"{page}/answer", {"body": "Sorry {name}", "once": "a"}).content.decode()
    assert "Sorry Lin" in preview
    assert not Message.objects.filter(kind="reply").exists(), "nothing leaves before it was seen"
    for _again in range(2):
        browser.post(f"{page}/answer", {"body": "Sorry {name}", "once": "a", "sure": "1"})
    assert sorted(Message.objects.filter(kind="reply").values_list("body", flat=True)) == ["Sorry Lin", "Sorry Ola"]
    assert "sent to 2" in browser.get(page).content.decode()
    browser.post(f"{page}/closure")
    assert "Courier" in browser.get("/incidents").content.decode()
