"""Agents, invitations, tokens and the audit log as somebody in charge uses them."""

from __future__ import annotations

import re

import pytest

from careline.accounts.models import Agent, Invitation, Role, Team, Token
from tests.web.settings.forms import form

AGENTS, TOKENS, AUDIT = "/settings/agents", "/settings/tokens", "/settings/audit"


@pytest.fixture
def browser(boss, browser_of):
    return browser_of(boss)


@pytest.fixture
def lead_role():
    return Role.objects.get(name="lead").pk


def row_of(html: str, name: str) -> str:
    [row] = [row for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL) if f"<bdi>{name}</bdi>" in row]
    return row


def test_nobody_is_offered_to_shut_themselves_out(browser, bo):
    html = browser.get(AGENTS).content.decode()
    assert "<form" not in row_of(html, "Rosa Varga")
    assert "owner" in row_of(html, "Rosa Varga")
    assert 'value="deactivate"' in row_of(html, "Bo Lindgren")
    assert 'name="role"' in row_of(html, "Bo Lindgren")


def test_an_invitation_is_sent_and_its_link_shown(browser, lead_role):
    answer = browser.post(AGENTS, {"what": "invite", "email": "nia@harbor.example", "name": "Nia", "role": lead_role})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert "/invitations/" in html
    assert "Invited: nia@harbor.example" in html
    assert form(html, "invite")["email"] == [""]
    made = Invitation.objects.get(email="nia@harbor.example")
    assert browser.post(AGENTS, {"what": "revoke", "invitation": made.pk}).status_code == 302
    assert not Invitation.objects.exists()


def test_an_invitation_that_cannot_be_is_shown_again_as_it_was_written(browser, bo, lead_role):
    team = Team.objects.create(name="Returns")
    given = {"email": "Bo@harbor.example", "name": "Bo again", "role": lead_role, "team": team.pk}
    answer = browser.post(AGENTS, {"what": "invite", **given})
    html = answer.content.decode()
    assert answer.status_code == 409
    assert re.search(r'class="error" id="f-email-error">.*?already', html, re.DOTALL)
    shown = form(html, "invite")
    assert {name: shown[name] for name in given} == {name: [str(value)] for name, value in given.items()}


def test_an_agent_gets_another_role_leaves_and_comes_back(browser, bo, lead_role):
    browser.post(AGENTS, {"what": "role", "agent": bo.agent_id, "role": lead_role})
    assert Agent.objects.get(pk=bo.agent_id).role_id == lead_role
    answer = browser.post(AGENTS, {"what": "deactivate", "agent": bo.agent_id}, follow=True)
    assert "Saved." in answer.content.decode()
    assert "left" in row_of(answer.content.decode(), "Bo Lindgren")
    assert not Agent.objects.get(pk=bo.agent_id).is_active
    browser.post(AGENTS, {"what": "reactivate", "agent": bo.agent_id})
    assert Agent.objects.get(pk=bo.agent_id).is_active


def test_the_last_owner_stays(browser, boss):
    answer = browser.post(AGENTS, {"what": "deactivate", "agent": boss.agent_id})
    assert answer.status_code == 409
    assert "the last owner" in answer.content.decode()
    assert Agent.objects.get(pk=boss.agent_id).is_active


def test_a_token_acts_for_oneself_unless_another_is_chosen(browser, boss, bo):
    assert form(browser.get(TOKENS).content.decode(), "create")["agent"] == [str(boss.agent_id)]


def test_a_token_is_shown_once_and_can_be_revoked(browser, bo):
    html = browser.post(TOKENS, {"what": "create", "name": "Shop", "agent": bo.agent_id}).content.decode()
    [secret] = re.findall(r"\bcl_[\w-]{43}", html)
    assert form(html, "create")["name"] == [""]
    assert secret not in browser.get(TOKENS).content.decode()
    token = Token.objects.get(name="Shop")
    assert token.agent_id == bo.agent_id
    assert browser.post(TOKENS, {"what": "revoke", "token": token.pk}).status_code == 302
    assert Token.objects.get(pk=token.pk).revoked_at is not None


def test_a_token_that_cannot_be_is_shown_again_as_it_was_written(browser, bo):
    answer = browser.post(TOKENS, {"what": "create", "name": "x" * 121, "agent": bo.agent_id})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert "Name may have at most 120 characters; this has 121." in html
    shown = form(html, "create")
    assert (shown["name"], shown["agent"]) == (["x" * 121], [str(bo.agent_id)])
    assert not Token.objects.exists()


def test_the_audit_log_tells_who_did_what(browser, bo, lead_role):
    browser.post(AGENTS, {"what": "role", "agent": bo.agent_id, "role": lead_role})
    html = browser.get(AUDIT).content.decode()
    [line] = [row for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL) if f"agent:{bo.agent_id}" in row]
    assert "Rosa Varga" in line
    answer = browser.get(AUDIT, {"before": "yesterday"})
    assert answer.status_code == 422
    assert "cannot be found" in answer.content.decode()
