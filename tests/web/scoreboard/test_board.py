"""The scoreboard's screens: what stands beside what, for whom, and that every figure opens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction

from careline import touchpoints
from careline.accounts.actor import SYSTEM, Actor
from careline.customers.models import Person
from careline.insights.metrics import noting
from careline.insights.warehouse.copy import keeping
from careline.kit import clock
from careline.service.conversations import actions
from careline.service.conversations.hot import words
from tests.touchpoints.conftest import wait_for_the_horizon

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def columnar(tmp_path, settings):
    settings.DATA = tmp_path


@pytest.fixture
def lived(ada, inbox, bo):
    """Twelve talks Bo answered after a minute and resolved, and as many answers, one of them bad."""
    begin = clock.now() - timedelta(days=3)
    for n in range(12):
        at = begin + timedelta(hours=n)
        said = actions.open_with(
            actor=Actor.customer(ada.pk, inbox.pk), inbox_id=inbox.pk,
            person=words.who(name=ada.name, email="ada@example.com"), body=f"Question {n}", subject=f"Lamp {n}", at=at,
        )  # fmt: skip
        actions.reply(said.conversation_id, actor=bo, body="Here.", at=at + timedelta(minutes=1))
        actions.resolve(said.conversation_id, actor=bo, at=at + timedelta(minutes=9))
    with transaction.atomic():
        for n in range(12):
            touchpoints.record(
                "survey.answered", person=Person.objects.create(name=f"Person {n}").pk, actor=SYSTEM, source="test",
                occurred_at=begin, survey="after", metric="csat", score=1 if n == 0 else 5, scale_max=5,
                text="Never again." if n == 0 else "",
            )  # fmt: skip
    wait_for_the_horizon()
    keeping.follow()


def page(browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def test_service_stands_beside_experience(lived, cy, browser_of):
    shown = page(browser_of(cy), "/scoreboard")
    service, experience = shown.index('id="side-1"'), shown.index('id="side-2"')
    assert service < shown.index('id="m-first_response_time"') < experience < shown.index('id="m-csat"')
    assert "1 min 0 s" in shown
    assert "92 %" in shown
    assert "too few to compare" in shown
    # What is not kept is not shown: there are no calendars.
    assert 'id="m-first_response_time_business"' not in shown


def test_each_role_has_its_view(lived, cy, bo, browser_of):
    lead, agent = browser_of(cy), browser_of(bo)
    executive = page(lead, "/scoreboard?view=executive")
    assert 'id="m-retention"' in executive
    assert 'id="m-resolution_time"' not in executive
    own = page(agent, "/scoreboard?view=executive")
    assert "your own work" in own
    assert 'id="m-retention"' not in own
    assert "1 min 0 s" in own
    assert agent.get("/scoreboard/annotations").status_code == 403


def test_a_figure_opens_to_people_conversations_and_words(lived, cy, ada, browser_of):
    browser = browser_of(cy)
    answers = page(browser, "/scoreboard/csat?by=survey")
    assert "Never again." in answers
    assert "Person 0" in answers
    assert 'href="/scoreboard/csat?survey=after"' in answers
    talks = page(browser, "/scoreboard/first_response_time")
    assert f'href="/customers/{ada.pk}"' in talks
    assert "Lamp 3" in talks
    assert browser.get("/scoreboard/aht").status_code == 302
    assert browser.get("/scoreboard/wisdom").status_code == 404


def test_what_does_not_go_by_a_channel_says_so(lived, cy, browser_of):
    shown = page(browser_of(cy), "/scoreboard?channel=email")
    assert "Does not go by what is chosen." in shown
    assert "1 min 0 s" not in shown


def test_what_happened_stands_in_the_charts(lived, cy, browser_of):
    browser = browser_of(cy)
    at = (clock.now() - timedelta(days=2)).isoformat()[:16]
    assert browser.post("/scoreboard/annotations", {"at": at, "kind": "price", "words": ""}).status_code == 422
    assert (
        browser.post("/scoreboard/annotations", {"at": at, "kind": "price", "words": "All lamps −10 %"}).status_code
        == 302
    )
    assert "<title>All lamps −10 %</title>" in page(browser, "/scoreboard")
    [note] = noting.noted(cy)
    assert "All lamps" in page(browser, "/scoreboard/annotations")
    browser.post(f"/scoreboard/annotations/{note.pk}/removal")
    assert noting.noted(cy) == []


def test_a_view_is_kept_and_found_again(lived, cy, bo, browser_of):
    browser = browser_of(cy)
    kept = browser.post("/scoreboard/views", {"name": "My chat", "channel": "webchat", "days": "7", "shared": "on"})
    assert kept["Location"] == "/scoreboard?days=7&channel=webchat"
    assert "/scoreboard?days=7&amp;channel=webchat" in page(browser_of(bo), "/scoreboard")
    [view] = noting.views(cy)
    assert browser_of(bo).post(f"/scoreboard/views/{view.pk}/removal").status_code == 403
    assert browser.post(f"/scoreboard/views/{view.pk}/removal").status_code == 302


def test_the_wall_shows_figures_alone(lived, cy, browser_of):
    shown = page(browser_of(cy), "/scoreboard?wall=1")
    assert 'http-equiv="refresh"' in shown
    assert "1 min 0 s" in shown
    assert "<form" not in shown


def test_the_sheet_has_every_figure_with_all_digits(lived, cy, browser_of):
    answer = browser_of(cy).get("/scoreboard/export")
    lines = answer.getvalue().decode().splitlines()
    assert lines[0].startswith("metric,version,unit,row,from,to,value,low,high,n")
    [csat] = [line.split(",") for line in lines if line.startswith("csat,1,percent,period")]
    assert float(csat[6]) == pytest.approx(100 * 11 / 12)
    assert csat[9] == "12"


def test_days_that_are_none_are_refused(cy, browser_of):
    assert browser_of(cy).get("/scoreboard?from=yesterday").status_code == 422
    assert browser_of(cy).get("/scoreboard?from=2026-03-02&to=2026-03-01").status_code == 422
