"""Reports by mail on the screen: made, changed, sent to oneself, taken away; and the board on paper."""

from __future__ import annotations

from typing import Any

import pytest

from careline.insights.models import Report, Sending

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def columnar(tmp_path, settings):
    settings.DATA = tmp_path


@pytest.fixture
def form(cy) -> dict[str, Any]:
    return {
        "name": "Weekly", "every": "month", "weekday": "2", "monthday": "5", "hour": "6", "days": "28",
        "view": "executive", "formats": ["pdf", "csv"], "recipients": [str(cy.agent_id)],
    }  # fmt: skip


def test_a_report_is_made_changed_sent_and_taken_away(browser_of, cy, form):
    browser = browser_of(cy)
    address = browser.post("/scoreboard/reports/new", form)["Location"]
    report = Report.objects.get()
    assert (report.every, report.day, report.hour, report.days) == ("month", 5, 6, 28)
    assert (report.chosen, report.formats, report.recipients) == ({"view": "executive"}, ["pdf", "csv"], [cy.agent_id])
    browser.post(address, form | {"every": "week"})
    report.refresh_from_db()
    assert (report.every, report.day, report.is_on) == ("week", 2, False)
    assert "switched off" in browser.get("/scoreboard/reports").content.decode()
    browser.post(address, {"what": "send"})
    assert Sending.objects.get().agent_id == cy.agent_id
    assert "on its way" in browser.get(address).content.decode()
    assert browser.get(f"{address}/file.pdf").content.startswith(b"%PDF-")
    assert browser.get(f"{address}/file.csv").content.startswith(b"metric,")
    assert browser.post(address, {"what": "remove"})["Location"] == "/scoreboard/reports"
    assert not Report.objects.exists()


def test_what_cannot_be_is_said_at_its_field_and_nothing_is_lost(browser_of, cy, form):
    answer = browser_of(cy).post("/scoreboard/reports/new", form | {"recipients": []})
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert "Choose the colleagues it goes to." in shown
    assert 'value="Weekly"' in shown
    assert not Report.objects.exists()


def test_the_board_is_on_paper_as_it_is_looked_at(browser_of, cy):
    answer = browser_of(cy).get("/scoreboard/paper?days=7&view=cx")
    assert (answer["Content-Type"], answer.content[:5]) == ("application/pdf", b"%PDF-")
