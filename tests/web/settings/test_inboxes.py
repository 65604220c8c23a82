"""Inboxes and what stands in them, as somebody in charge sets them up."""

from __future__ import annotations

import re

import pytest

from careline.channels.models import Inbox, Membership
from careline.contact.models import Breaker
from careline.kit import clock
from tests.web.settings.forms import form

INBOXES = "/settings/inboxes"


@pytest.fixture
def browser(boss, browser_of):
    return browser_of(boss)


def test_an_inbox_is_made_and_opens(browser):
    answer = browser.post(INBOXES, {"what": "create", "kind": "webchat", "name": "Help", "language": "id"}, follow=True)
    made = Inbox.objects.get(name="Help")
    assert answer.redirect_chain == [(f"{INBOXES}/{made.pk}", 302)]
    assert f"/chat/{made.key}" in answer.content.decode()
    assert made.language == "id"


def test_an_inbox_that_cannot_be_is_shown_again_as_it_was_written(browser):
    answer = browser.post(INBOXES, {"what": "create", "kind": "api", "name": " ", "language": "ar"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert re.search(r'id="f-name-error">.*?Name must not be empty\.', html, re.DOTALL)
    shown = form(html, "create")
    assert (shown["kind"], shown["language"], shown["name"]) == (["api"], ["ar"], [" "])


def test_settings_of_an_inbox_are_kept(browser, inbox):
    given = {"name": "Shop", "language": "ar", "field.greeting": "Hello", "field.origins": "https://shop.example"}
    html = browser.post(f"{INBOXES}/{inbox.pk}", {"what": "settings", **given}, follow=True).content.decode()
    assert "Saved." in html
    shown = form(html, "settings")
    assert {name: shown[name][0].strip() for name in given} == given
    inbox.refresh_from_db()
    assert (inbox.name, inbox.settings["origins"]) == ("Shop", ["https://shop.example"])


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"field.greeting": "x" * 1001}, "Greeting may have at most 1000 characters; this has 1001."),
        ({"field.origins": "shop.example"}, "shop.example is not the address of a site"),
        ({"name": ""}, "Name must not be empty."),
    ],
)
def test_settings_that_cannot_be_are_shown_again_as_they_were_written(browser, inbox, wrong, told):
    given = {"name": "Shop", "language": "ar", "field.title": "Harbor", "field.greeting": "Hello"} | wrong
    answer = browser.post(f"{INBOXES}/{inbox.pk}", {"what": "settings", **given})
    assert answer.status_code == 422
    html = answer.content.decode()
    [field] = wrong
    assert re.search(rf'id="f-{field}-error">.*?{re.escape(told)}', html, re.DOTALL)
    shown = form(html, "settings")
    assert {name: shown[name][0].strip() for name in given} == given
    inbox.refresh_from_db()
    assert inbox.name == "Shop chat"


def test_people_join_and_leave_and_the_address_is_closed_and_opened(browser, inbox, dee):
    page = f"{INBOXES}/{inbox.pk}"
    browser.post(page, {"what": "join", "agent": dee.agent_id})
    assert Membership.objects.filter(inbox=inbox, agent_id=dee.agent_id).exists()
    browser.post(page, {"what": "leave", "agent": dee.agent_id})
    assert not Membership.objects.filter(inbox=inbox, agent_id=dee.agent_id).exists()
    browser.post(page, {"what": "archive"})
    answer = browser.post(page, {"what": "archive"})
    assert (answer.status_code, "already archived" in answer.content.decode()) == (409, True)
    browser.post(page, {"what": "restore"})
    inbox.refresh_from_db()
    assert inbox.archived_at is None


def test_a_new_secret_replaces_the_old_and_the_way_out_is_tried(browser, inbox):
    page = f"{INBOXES}/{inbox.pk}"
    was = bytes(inbox.secret)
    browser.post(page, {"what": "rotate"})
    inbox.refresh_from_db()
    assert bytes(inbox.secret) != was
    assert "Web chat needs no way out" in browser.post(page, {"what": "test"}).content.decode()


def test_automatic_answers_that_were_stopped_are_let_go_on(browser, inbox):
    at = f"{INBOXES}/{inbox.pk}"
    assert "Let it answer again" not in browser.get(at).content.decode()
    Breaker.objects.create(place=f"inbox:{inbox.pk}", tripped_at=clock.now())
    html = browser.get(at).content.decode()
    assert "Automatic answers are stopped since" in html
    assert form(html, "answer") is not None
    html = browser.post(at, {"what": "answer"}, follow=True).content.decode()
    assert "Automatic answers are stopped since" not in html
    assert Breaker.objects.get().tripped_at is None
    # Somebody else was first.
    assert "Automatic answers are not stopped here." in browser.post(at, {"what": "answer"}).content.decode()
