"""Agents, invitations, tokens and the audit log as somebody in charge uses them."""

from __future__ import annotations

import re

import pytest

AGENTS, TOKENS = "/settings/agents", "/settings/tokens"


@pytest.fixture
def browser(boss, browser_of):
    return browser_of(boss)


def row_of(html: str, name: str) -> str:
    [row] = [row for row in re.findall(r"<tr>.*?</tr>", html, re.DOTALL) if f"<bdi>{name}</bdi>" in row]
    return row


def test_nobody_is_offered_to_shut_themselves_out(browser, bo):
    html = browser.get(AGENTS).content.decode()
    assert "<form" not in row_of(html, "Rosa Varga")
    assert "owner" in row_of(html, "Rosa Varga")
    assert 'value="deactivate"' in row_of(html, "Bo Lindgren")
    assert 'name="role"' in row_of(html, "Bo Lindgren")


def test_a_token_acts_for_oneself_unless_another_is_chosen(browser, boss, bo):
    html = browser.get(TOKENS).content.decode()
    assert re.findall(r'<option value="(\d+)" selected>', html) == [str(boss.agent_id)]
