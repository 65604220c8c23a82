"""The page of the live board: its figures as words, each the way to its conversations, and who may see it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import transaction

from careline.accounts.actor import SYSTEM
from careline.insights.live import figures
from careline.insights.live.figures import Line, Service
from careline.kit import clock
from careline.service.conversations import actions as talks
from careline.service.routing import actions, placing
from careline.web.board import drawn

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(conversation, bo):
    """Ada waits, and Bo is on."""
    made = actions.keep_queue(actions.Ruling(name="Everything"), actor=SYSTEM)
    actions.set_status(bo.agent_id, "busy", actor=bo)
    with transaction.atomic():
        placing.place([conversation.pk])
    return made


def test_every_number_of_the_board_opens(waiting, conversation, cy, bo, browser_of):
    browser = browser_of(cy)
    page = browser.get("/board").content.decode()
    assert "Harbor Goods, now" in page
    assert re.search(rf'href="/board/waiting\?queue={waiting.pk}"><b>1</b>', page)
    assert "Bo Lindgren" in page
    assert "too few, n 0" in page
    addresses = set(re.findall(r'href="(/board/[^"]+)"', page))
    assert {address.partition("?")[0][7:] for address in addresses} == {
        "waiting", "taken", "late", "given_up", "held", "felt", "arrived", "soon", "overdue", "history", "alerts",
    }  # fmt: skip
    for address in sorted(addresses):
        assert browser.get(address.replace("&amp;", "&")).status_code == 200
    assert f'id="conversation-{conversation.pk}"' in browser.get(f"/board/waiting?queue={waiting.pk}").content.decode()
    talks.assign(conversation.pk, actor=bo, agent_id=bo.agent_id)
    with transaction.atomic():
        placing.place([conversation.pk])
    assert "<b>0</b>" in browser.get("/board").content.decode()
    assert f'id="conversation-{conversation.pk}"' in browser.get(f"/board/held?agent={bo.agent_id}").content.decode()


def test_only_who_may_sees_it(waiting, bo, browser_of):
    browser = browser_of(bo)
    for address in ("/board", "/board/waiting"):
        assert browser.get(address).status_code == 403
    assert 'href="/board"' not in browser.get("/desk").content.decode()


def test_what_is_no_number_of_the_board_is_not_there(waiting, cy, browser_of):
    browser = browser_of(cy)
    for address in ("/board/anything", "/board/waiting?queue=x"):
        assert browser.get(address).status_code == 404


def test_a_lead_acts_from_the_board(waiting, conversation, cy, bo, dee, browser_of):
    from careline.accounts.models import Agent
    from careline.service.conversations.models import Conversation
    from careline.service.routing.models import AgentSkill, Presence

    browser, here = browser_of(cy), f"/board/held?agent={bo.agent_id}"
    at = f"/board/conversations/{conversation.pk}"
    answer = browser.post(f"{at}/assignment", {"agent": bo.agent_id, "back": here})
    assert answer["Location"] == here
    assert Conversation.objects.get(pk=conversation.pk).assignee_id == bo.agent_id
    browser.post(f"{at}/note", {"body": "Offer her the blue one."})
    assert conversation.messages.filter(kind="note").get().body == "Offer her the blue one."
    skill = actions.keep_skill("Arabic", actor=SYSTEM)
    browser.post(f"/board/agents/{bo.agent_id}/status", {"status": "break", "back": "//elsewhere.example"})
    browser.post(f"/board/agents/{bo.agent_id}/skills", {f"level.{skill.pk}": "3"})
    assert Presence.objects.get(agent=bo.agent_id).status == "break"
    assert AgentSkill.objects.get(agent=Agent.objects.get(pk=bo.agent_id)).level == 3
    page = browser.get(here).content.decode()
    assert '<option value="break" selected>' in page
    assert '<option value="3" selected>' in page
    assert browser.post(f"{at}/assignment", {"agent": "me"})["Location"] == f"/desk/{conversation.pk}"
    for path in (f"{at}/note", f"{at}/assignment"):
        assert browser_of(dee).post(path, {"agent": "me", "body": "x"}).status_code == 404
    assert browser_of(dee).post(f"/board/agents/{bo.agent_id}/status", {"status": "ready"}).status_code == 403


def test_on_the_wall_there_is_nothing_but_the_board(waiting, cy, browser_of):
    page = browser_of(cy).get("/board?wall=1").content.decode()
    assert "board-wall" in page
    assert 'class="rail"' not in page


def test_a_service_level_is_told_with_its_doubt_and_missed_only_when_that_is_certain():
    now = clock.now()

    def told(within, taken):
        service = Service(taken=taken, within=within)
        line = Line(1, "Chat", 120, 80, 2, (now - timedelta(seconds=300), now), 130, service)
        return drawn.drawn(figures.Board(now, "Harbor Goods", (line,), (), {}, 0, ())).parts["board-queue-1"]

    sure, unsure = told(50, 100), told(7, 10)
    assert "<b>50 %</b>" in sure
    assert "40–60, n 100" in sure
    assert 'class="late">' in sure
    assert 'class="late">' not in unsure
    assert "Expected wait about 3 min" in sure
    # One of the two waits beyond the upright.
    assert sure.count("stroke w2 rough") == 1


def test_an_alert_is_set_changed_and_shown_once_it_is_passed(waiting, boss, cy, browser_of):
    from careline.insights.models import Alert

    browser = browser_of(boss)
    form = {"figure": "waiting", "limit": "0", "queue": waiting.pk, "recipients": [cy.agent_id], "is_on": "on"}
    assert browser.post("/board/alerts", form | {"limit": "many"}).status_code == 422
    assert browser.post("/board/alerts", form)["Location"] == "/board/alerts"
    made = Alert.objects.get()
    assert "Waiting now in Everything: over 0" in browser.get("/board/alerts").content.decode()
    board = browser.get("/board").content.decode()
    assert f'<a href="/board/waiting?queue={waiting.pk}">' in board
    assert "over 0, now 1" in board
    browser.post(f"/board/alerts/{made.pk}", form | {"limit": "3"})
    assert "over 3" not in browser.get("/board").content.decode()
    browser.post(f"/board/alerts/{made.pk}/removal")
    assert not Alert.objects.exists()


def test_a_day_is_looked_at_and_its_numbers_open(waiting, conversation, cy, browser_of):
    from careline.insights.live import history, minutes

    minutes.keep()
    today = clock.now().astimezone(history.zone()).date()
    browser = browser_of(cy)
    assert "Nothing was kept" in browser.get("/board/history").content.decode()
    page = browser.get(f"/board/history?day={today}&queue={waiting.pk}").content.decode()
    [waited] = set(re.findall(r'href="(/board/history/waiting[^"]+)"', page))
    listed = browser.get(waited.replace("&amp;", "&")).content.decode()
    assert f'id="conversation-{conversation.pk}"' in listed
    [closer] = set(re.findall(r'href="(/board/history\?[^"]+hour=[^"]+)"', page))
    assert "By the minute" in browser.get(closer.replace("&amp;", "&")).content.decode()
    assert browser.get("/board/history?day=someday").status_code == 422
    assert browser.get("/board/history/waiting?from=x&to=y").status_code == 404
