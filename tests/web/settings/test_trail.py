"""The audit log: filtered, and taken along whole."""

from __future__ import annotations

import csv
import io
import json

import pytest

from careline.accounts import actions

pytestmark = pytest.mark.django_db


@pytest.fixture
def trail(boss, cy, bo):
    actions.create_team("Returns", actor=boss)
    actions.create_team("Sales", actor=cy)
    actions.update_profile(bo.agent_id, actor=bo, name="=cmd()")
    actions.update_profile(bo.agent_id, actor=bo, zone="Asia/Tokyo")


def read(answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode())))


def test_the_log_is_narrowed_to_who_and_what(trail, boss, cy, browser_of):
    browser = browser_of(boss)
    page = browser.get("/settings/audit", {"verb": "team.", "who": str(cy.agent_id)}).content.decode()
    assert page.count("team.created") == 1
    assert "agent.updated" not in page
    assert "Nothing of that kind happened" in browser.get("/settings/audit", {"from": "2199-01-01"}).content.decode()
    assert browser.get("/settings/audit", {"from": "someday"}).status_code == 422


def test_it_is_taken_along_as_it_is_narrowed(trail, boss, bo, browser_of):
    browser = browser_of(boss)
    rows = read(browser.get("/settings/audit/export", {"verb": "agent.updated"}))
    assert [(row["verb"], json.loads(row["facts"])) for row in rows] == [
        ("agent.updated", {"fields": ["zone"]}), ("agent.updated", {"fields": ["name"]}),
    ]  # fmt: skip
    # What somebody calls themselves is no formula where the sheet is opened.
    assert {row["actor_name"] for row in rows} == {"'=cmd()"}
    lines = browser.get("/settings/audit/export", {"form": "jsonl"}).getvalue().decode().splitlines()
    assert [json.loads(line)["verb"] for line in lines[:2]] == ["agent.updated", "agent.updated"]
    assert browser_of(bo).get("/settings/audit/export").status_code == 403
