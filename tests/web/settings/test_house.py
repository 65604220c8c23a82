"""The firm, its teams and its roles as somebody in charge changes them."""

from __future__ import annotations

import pytest

from careline.accounts.models import Organization, Role, Team
from tests.web.settings.forms import form

FIRM, TEAMS, ROLES = "/settings/organization", "/settings/teams", "/settings/roles"
GIVEN = {"name": "Harbor & Sons", "zone": "Asia/Jakarta", "country": "ID", "currency": "IDR"}


@pytest.fixture
def browser(boss, browser_of):
    return browser_of(boss)


def test_the_firm_is_changed(browser):
    answer = browser.post(FIRM, {"what": "firm", **GIVEN, "languages": ["id", "en"]}, follow=True)
    html = answer.content.decode()
    assert "Saved." in html
    firm = Organization.objects.get()
    assert (firm.name, firm.zone, firm.country, firm.currency, firm.languages) == (*GIVEN.values(), ["id", "en"])
    assert form(html, "firm")["name"] == ["Harbor & Sons"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": " "}, "Name must not be empty."),
        ({"languages": []}, "At least one language is needed."),
        ({"zone": "Mars/Base"}, "Mars/Base is not a time zone"),
    ],
)
def test_a_firm_that_cannot_be_is_shown_again_as_it_was_written(browser, wrong, told):
    given = {**GIVEN, "languages": ["ar"], **wrong}
    answer = browser.post(FIRM, {"what": "firm", **given})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert html.count(told) == 2, "once for the page, once at the field"
    shown = form(html, "firm")
    assert shown["country"] == ["ID"]
    assert shown["currency"] == ["IDR"]
    assert shown["languages"] == given["languages"]
    assert shown["name"] == [given["name"]]
    assert Organization.objects.get().name == "Harbor Goods"


def test_a_team_is_made_filled_renamed_and_removed(browser, bo, cy):
    browser.post(TEAMS, {"what": "create", "name": "Returns", "agents": [bo.agent_id]})
    team = Team.objects.get()
    assert [agent.pk for agent in team.agents.all()] == [bo.agent_id]
    browser.post(TEAMS, {"what": "members", "team": team.pk, "agents": [cy.agent_id]})
    html = browser.post(TEAMS, {"what": "rename", "team": team.pk, "name": "Refunds"}, follow=True).content.decode()
    assert form(html, "members", team=team.pk)["agents"] == [str(cy.agent_id)]
    assert form(html, "rename", team=team.pk)["name"] == ["Refunds"]
    browser.post(TEAMS, {"what": "delete", "team": team.pk})
    assert not Team.objects.exists()


def test_a_name_that_is_taken_is_shown_again_in_its_own_form(browser, bo):
    returns, refunds = Team.objects.create(name="Returns"), Team.objects.create(name="Refunds")
    answer = browser.post(TEAMS, {"what": "rename", "team": refunds.pk, "name": "Returns"})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "There is already a team with this name." in html
    assert form(html, "rename", team=refunds.pk)["name"] == ["Returns"]
    assert form(html, "rename", team=returns.pk)["name"] == ["Returns"]
    assert form(html, "create")["name"] == [""]
    answer = browser.post(TEAMS, {"what": "create", "name": "Returns", "agents": [bo.agent_id]})
    shown = form(answer.content.decode(), "create")
    assert (shown["name"], shown["agents"]) == (["Returns"], [str(bo.agent_id)])


def test_a_role_is_made_changed_and_removed(browser):
    browser.post(ROLES, {"what": "create", "name": "Night", "permissions": ["conversations.view"]})
    role = Role.objects.get(name="Night")
    given = ["conversations.view", "conversations.reply"]
    html = browser.post(ROLES, {"what": "change", "role": role.pk, "permissions": given}, follow=True).content.decode()
    assert sorted(form(html, "change", role=role.pk)["permissions"]) == sorted(given)
    browser.post(ROLES, {"what": "delete", "role": role.pk})
    assert not Role.objects.filter(name="Night").exists()


def test_a_role_that_cannot_be_is_shown_again_as_it_was_written(browser):
    given = ["conversations.view", "customers.view"]
    answer = browser.post(ROLES, {"what": "create", "name": "lead", "permissions": given})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "There is already a role with this name." in html
    shown = form(html, "create")
    assert (shown["name"], sorted(shown["permissions"])) == (["lead"], sorted(given))


def test_the_owners_role_stays_whole(browser):
    owner = Role.objects.get(name="owner")
    answer = browser.post(ROLES, {"what": "change", "role": owner.pk, "permissions": []})
    assert answer.status_code == 409
    assert "Owners may do everything, always." in answer.content.decode()
