"""The status above the list, offers that are taken there, and the pages where queues are set up."""

from __future__ import annotations

import pytest
from django.db import transaction

from careline.accounts.actor import SYSTEM
from careline.service.conversations.models import Conversation
from careline.service.routing import actions, engine, placing
from careline.service.routing.models import Offer, Presence, Queue, Skill

pytestmark = pytest.mark.django_db
HTMX = {"headers": {"hx-request": "true"}}


@pytest.fixture
def offered(conversation, bo, browser_of):
    """Bo says in his browser that he is ready, and Ada is offered to him."""
    actions.keep_queue(actions.Ruling(name="Everything"), actor=SYSTEM)
    browser = browser_of(bo)
    assert "Ready" in browser.put("/desk/status", "status=ready", **HTMX).content.decode()
    with transaction.atomic():
        placing.place([conversation.pk])
    assert engine.turn().decided == 1
    return browser


def test_without_a_queue_the_desk_says_nothing_of_it(conversation, bo, browser_of):
    page = browser_of(bo).get("/desk").content.decode()
    assert 'id="own-status"' not in page


def test_an_offer_stands_above_the_list_and_is_taken(offered, conversation, bo):
    shown = offered.get("/desk").content.decode()
    assert "Ada Moreau" in shown
    assert "My order is late." in shown
    assert "the only one free who can" in shown
    number = Offer.objects.get().pk
    answer = offered.post(f"/desk/offers/{number}/acceptance", **HTMX)
    assert f"/desk/{conversation.pk}" in answer["HX-Trigger"]
    assert Conversation.objects.get(pk=conversation.pk).assignee_id == bo.agent_id
    thread = offered.get(f"/desk/{conversation.pk}").content.decode()
    assert "Everything gave this to Bo Lindgren: waited" in thread


def test_what_is_gone_is_said_and_what_is_refused_goes(offered, conversation, cy):
    number = Offer.objects.get().pk
    assert 'class="offer"' not in offered.post(f"/desk/offers/{number}/refusal", **HTMX).content.decode()
    answer = offered.post(f"/desk/offers/{number}/acceptance", **HTMX)
    assert "offered to somebody else meanwhile" in answer.content.decode()


def test_a_lead_sets_up_queues_and_skills_and_statuses(browser_of, boss, bo):
    browser = browser_of(boss)
    browser.post("/settings/skills", {"what": "keep", "name": "Arabic", "language": "ar"})
    skill = Skill.objects.get()
    browser.post("/settings/skills", {"what": "know", "agent": bo.agent_id, f"level.{skill.pk}": "3", "capacity": "4"})
    assert Presence.objects.get(agent=bo.agent_id).capacity == 4
    form = {
        "what": "keep", "name": "Arabic", "is_on": "on", "asks": "on", "by_language": "on", "spread": "best_skilled",
        f"level.{skill.pk}": "2", "answer": "20", "last": "", "leave": "", "head_start": "5",
        "target": "60", "percent": "90", "after": ["60", ""],
        "ease": ["level", ""], "over": ["", ""], "if.how": "all", "if.count": "1", "if.0.field": "channel",
        "if.0.op": "is", "if.0.value": "webchat",
    }  # fmt: skip
    assert browser.post("/settings/queues/queue", form).status_code == 302
    kept = Queue.objects.get()
    assert (kept.last_s, kept.leave_minutes, kept.head_start_minutes) == (None, None, 5)
    assert kept.conditions == {"all": [{"field": "channel", "op": "is", "value": "webchat"}]}
    assert kept.steps == [{"after_s": 60, "ease": "level"}]
    listed = browser.get("/settings/queues").content.decode()
    assert "level 2 of Arabic" in listed
    again = browser.post(f"/settings/queues/queue?queue={kept.pk}", {**form, "answer": "soon"})
    assert again.status_code == 422
    assert "Write a whole number." in again.content.decode()
    browser.post("/settings/statuses", {"what": "keep", "name": "Lunch", "status": "break"})
    assert "Lunch" in browser_of(bo).get("/desk").content.decode()


def test_whoever_never_said_a_word_of_it_is_off(organization, bo, browser_of):
    actions.keep_queue(actions.Ruling(name="Everything"), actor=SYSTEM)
    page = browser_of(bo).get("/desk").content.decode()
    assert 'id="own-status"' in page
    assert "since" not in page.partition('id="own-status"')[2].partition("</form>")[0]
