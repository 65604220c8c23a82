"""One's own settings: look, language, password, and where one is signed in."""

from __future__ import annotations

import re

import pytest

from careline.accounts import sessions
from careline.accounts.models import Agent, Session
from tests.cast import PASSWORD
from tests.web.settings.forms import form

OWN = "/settings/own"
GIVEN = {"name": "Bo L.", "language": "id", "zone": "Asia/Jakarta", "theme": "dark", "density": "compact"}


@pytest.fixture
def browser(bo, browser_of):
    return browser_of(bo)


def test_a_profile_is_changed_and_the_page_speaks_the_new_language(browser, bo):
    html = browser.post(OWN, {"what": "profile", **GIVEN}, follow=True).content.decode()
    assert 'lang="id"' in html
    assert 'data-theme="dark"' in html
    agent = Agent.objects.get(pk=bo.agent_id)
    assert {name: getattr(agent, name) for name in GIVEN} == GIVEN


def test_a_profile_that_cannot_be_is_shown_again_as_it_was_written(browser, bo):
    answer = browser.post(OWN, {"what": "profile", **GIVEN, "name": ""})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert re.search(r'id="f-name-error">.*?Name must not be empty\.', html, re.DOTALL)
    shown = form(html, "profile")
    assert {name: shown[name] for name in GIVEN} == {name: [value] for name, value in (GIVEN | {"name": ""}).items()}


@pytest.mark.parametrize(
    ("current", "password", "field", "told"),
    [
        ("wrong", "a new and longer one", "current", "The current password is not right."),
        (PASSWORD, "short", "password", "too short"),
    ],
)
def test_a_password_is_not_changed_without_a_reason_and_never_shown(browser, bo, current, password, field, told):
    answer = browser.post(OWN, {"what": "password", "current": current, "password": password})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert re.search(rf'id="f-{field}-error">.*?{told}', html, re.DOTALL)
    assert (form(html, "password")["current"], form(html, "password")["password"]) == ([""], [""])
    assert Agent.objects.get(pk=bo.agent_id).check_password(PASSWORD)


def test_a_new_password_ends_the_other_sessions(browser, bo):
    agent = Agent.objects.get(pk=bo.agent_id)
    sessions.open_session(agent, user_agent="Telephone")
    browser.post(OWN, {"what": "password", "current": PASSWORD, "password": "a new and longer one"})
    agent.refresh_from_db()
    assert agent.check_password("a new and longer one")
    assert Session.objects.filter(agent=agent).count() == 1
    assert browser.get(OWN).status_code == 200


def test_another_session_is_ended_and_ones_own_is_not_offered(browser, bo):
    agent = Agent.objects.get(pk=bo.agent_id)
    sessions.open_session(agent, user_agent="Telephone")
    html = browser.get(OWN).content.decode()
    assert len(re.findall(r'name="what" value="end"', html)) == 1
    other = form(html, "end")["session"][0]
    browser.post(OWN, {"what": "end", "session": other})
    assert "Telephone" not in browser.get(OWN).content.decode()


def test_a_signature_is_kept_and_shown_as_it_will_stand(browser, bo):
    html = browser.get(OWN).content.decode()
    assert "You work in no mailbox, so nobody sees it yet." in html
    html = browser.post(OWN, {"what": "signature", "signature": "Bo\r\nDirect line 12"}, follow=True).content.decode()
    assert form(html, "signature")["signature"] == ["Bo\nDirect line 12"]
    refused = browser.post(OWN, {"what": "signature", "signature": "x" * 2001})
    assert refused.status_code == 422
    assert form(refused.content.decode(), "signature")["signature"] == ["x" * 2001]


def test_what_is_typed_is_shown_below_a_mail_before_it_is_kept(bo, boss, organization, browser_of):
    from careline.accounts.actor import SYSTEM
    from careline.channels import actions as channels

    given = {"address": "help@shop.example", "signature": "{name}\n{signature}\nLamp Shop"}
    made = channels.create_inbox(actor=SYSTEM, kind="email", name="Mail", settings=given)
    channels.create_inbox(actor=SYSTEM, kind="email", name="Sales", settings=given | {"signature": "The sales team"})
    browser = browser_of(boss)
    shown = browser.post(OWN, {"what": "signing", "signature": "<b>Line 9</b>"}).content.decode()
    assert f"-- \n{boss.name}\n&lt;b&gt;Line 9&lt;/b&gt;\nLamp Shop" in shown
    assert "The sales team" in shown
    assert shown.count("The signature of this mailbox has no place for yours.") == 1
    assert not Agent.objects.exclude(signature="").exists()
    at = f"/settings/inboxes/{made.pk}"
    assert f"-- \n{boss.name}\nLamp Shop" in browser.get(at).content.decode()
    shown = browser.post(at, {"what": "signing", "field.signature": "Yours, {name}"}).content.decode()
    assert f"-- \nYours, {boss.name}<" in shown
