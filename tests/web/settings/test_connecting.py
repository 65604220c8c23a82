"""An inbox is connected on its screens: from an address, with what is known of its provider, and tried."""

from __future__ import annotations

import re
from typing import Any

import pytest

from careline.channels import queries, trials
from careline.channels.adapter import Check
from careline.channels.email.adapter import Email
from careline.channels.models import Inbox, Trial
from tests.web.settings.connecting import INBOXES, alone, browser, kept, mailbox, open_inbox
from tests.web.settings.forms import form

__all__ = ["alone", "browser", "mailbox", "open_inbox"]

pytestmark = pytest.mark.django_db


def test_an_address_is_enough_for_a_mailbox_at_a_known_provider(browser):
    answer = browser.post(INBOXES, {"what": "create", "kind": "email", "name": "Help", "language": "id"}, follow=True)
    [(address, _status)] = answer.redirect_chain
    assert address == f"{INBOXES}/new/email?name=Help&language=id"
    shown = form(answer.content.decode(), "begin")
    assert (shown["name"], shown["language"]) == (["Help"], ["id"])
    given = {"what": "begin", "field.address": "Shop@GMail.com", "name": "Help", "language": "id"}
    answer = browser.post(address, given, follow=True)
    made = Inbox.objects.get(name="Help")
    assert answer.redirect_chain == [(f"{INBOXES}/{made.pk}/connection", 302)]
    assert (made.settings["imap_host"], made.settings["smtp_host"]) == ("imap.gmail.com", "smtp.gmail.com")
    html = answer.content.decode()
    assert "This mailbox is at Gmail. Its servers are filled in." in html
    assert "myaccount.google.com/apppasswords" in html
    # Nobody knocks before there is something to open the door with.
    assert not queries.visits.is_fetched_from(made)


def test_without_a_name_the_address_is_the_name(browser):
    browser.post(f"{INBOXES}/new/email", {"what": "begin", "field.address": "help@posteo.de", "name": ""})
    assert Inbox.objects.get(kind="email").name == "help@posteo.de"


@pytest.mark.parametrize(
    ("address", "told"), [("", "must not be empty"), ("nobody", "does not look like an email address")]
)
def test_an_address_that_cannot_be_is_shown_again(browser, address, told):
    answer = browser.post(f"{INBOXES}/new/email", {"what": "begin", "field.address": address, "name": "Help"})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert re.search(rf'id="f-field.address-error">.*?{told}', html, re.DOTALL)
    assert form(html, "begin")["name"] == ["Help"]
    assert not Inbox.objects.filter(kind="email").exists()


def test_a_channel_that_needs_nothing_has_no_such_page(browser, inbox):
    assert browser.get(f"{INBOXES}/new/webchat").status_code == 422
    assert browser.get(f"{INBOXES}/new/pigeon").status_code == 404
    assert browser.get(f"{INBOXES}/{inbox.pk}/connection").status_code == 404


def connect(browser: Any, inbox_id: int, **given: str) -> Any:
    page = f"{INBOXES}/{inbox_id}/connection"
    shown = form(browser.get(page).content.decode(), "connect")
    filled = {name: values[0] for name, values in shown.items() if values}
    return browser.post(page, {**filled, **{f"field.{name}": one for name, one in given.items()}}, follow=True)


def test_one_button_saves_and_tries(browser, mailbox, monkeypatch, django_capture_on_commit_callbacks):
    page = f"{INBOXES}/{mailbox.inbox_id}/connection"
    html = connect(browser, mailbox.inbox_id, imap_host="mail.shop.example", smtp_host="mail.shop.example").content
    row = Trial.objects.get()
    assert Inbox.objects.get(kind="email").settings["smtp_host"] == "mail.shop.example"
    assert "It begins in a moment." in html.decode()
    assert f'hx-get="{page}"' in html.decode()
    assert '<noscript><meta http-equiv="refresh" content="2"></noscript>' in html.decode()

    def checks(_self: Any, inbox: Any) -> Any:
        yield Check("sending", "Sending", "running", "Signing in.")
        assert "under way" in browser.get(page).content.decode()
        yield Check("sending", "Sending", "good", f"{inbox.settings['smtp_host']} lets this mailbox in.")
        yield Check("receiving", "Receiving", "wrong", "No.", "Do this.", "https://help.example/imap")

    monkeypatch.setattr(Email, "checks", checks)
    trials.run(mailbox.inbox_id, str(row.key))
    html = browser.get(page).content.decode()
    assert "mail.shop.example lets this mailbox in." in html
    assert "Do this." in html
    assert 'href="https://help.example/imap"' in html
    assert "does not work" in html
    assert 'hx-trigger="every 1s"' not in html
    assert "http-equiv" not in html


def test_what_works_is_said_with_the_way_on(browser, mailbox, monkeypatch):
    monkeypatch.setattr(Email, "checks", lambda _self, _inbox: iter([Check("sending", "Sending", "good", "Well.")]))
    browser.post(f"{INBOXES}/{mailbox.inbox_id}/connection", {"what": "again"})
    trials.run(mailbox.inbox_id, str(Trial.objects.get().key))
    html = browser.get(f"{INBOXES}/{mailbox.inbox_id}/connection").content.decode()
    assert "The mailbox is connected." in html


def test_a_trial_begun_anew_ends_the_one_before(browser, mailbox, monkeypatch):
    page = f"{INBOXES}/{mailbox.inbox_id}/connection"
    browser.post(page, {"what": "again"})
    first = Trial.objects.get().key

    def checks(_self: Any, _inbox: Any) -> Any:
        yield Check("sending", "Sending", "running", "The first.")
        browser.post(page, {"what": "again"})
        yield Check("sending", "Sending", "good", "The first.")
        raise AssertionError("it goes on")

    monkeypatch.setattr(Email, "checks", checks)
    trials.run(mailbox.inbox_id, str(first))
    row = Trial.objects.get()
    assert (row.key != first, row.steps, row.ended_at) == (True, [], None)


def test_a_trial_that_falls_over_says_so(browser, mailbox, monkeypatch):
    def checks(_self: Any, _inbox: Any) -> Any:
        yield Check("sending", "Sending", "running", "Begun.")
        raise RuntimeError

    monkeypatch.setattr(Email, "checks", checks)
    browser.post(f"{INBOXES}/{mailbox.inbox_id}/connection", {"what": "again"})
    trials.run(mailbox.inbox_id, str(Trial.objects.get().key))
    html = browser.get(f"{INBOXES}/{mailbox.inbox_id}/connection").content.decode()
    assert "Something went wrong here: RuntimeError" in html


def test_a_password_is_never_shown_and_stays_when_nothing_is_typed(browser, mailbox):
    for page in (f"{INBOXES}/{mailbox.inbox_id}", f"{INBOXES}/{mailbox.inbox_id}/connection"):
        html = browser.get(page).content.decode()
        assert "s3cret" not in html
        assert "It is kept and never shown" in html
    connect(browser, mailbox.inbox_id, imap_password="")
    assert kept(mailbox.inbox_id)["imap_password"] == "s3cret"
    connect(browser, mailbox.inbox_id, imap_password="n3w")
    assert kept(mailbox.inbox_id)["imap_password"] == "n3w"


def test_what_cannot_be_is_shown_again_at_its_field(browser, mailbox):
    answer = connect(browser, mailbox.inbox_id, imap_port="many", imap_user="else")
    assert answer.status_code == 422
    html = answer.content.decode()
    assert re.search(r'id="f-field.imap_port-error">.*?whole number', html, re.DOTALL)
    assert form(html, "connect")["field.imap_user"] == ["else"]
    assert not Trial.objects.exists()


def test_settings_are_kept_that_stand_on_other_screens(browser, mailbox):
    inbox_id = mailbox.inbox_id
    page = f"{INBOXES}/{inbox_id}"
    shown = {name: one[0] for name, one in form(browser.get(page).content.decode(), "settings").items() if one}
    browser.post(page, {**shown, "field.signature": "The shop"})
    connect(browser, inbox_id, smtp_host="smtp.shop.example")
    found = Inbox.objects.get(kind="email").settings
    assert (found["signature"], found["imap_host"], found["smtp_host"], found["quote"]) == (
        "The shop", "imap.shop.example", "smtp.shop.example", True,
    )  # fmt: skip


def test_a_suggestion_that_only_a_provider_s_door_opens_shows_that_door_first(browser, open_inbox):
    inbox = open_inbox("email", address="help@outlook.com")
    html = browser.get(f"{INBOXES}/{inbox.inbox_id}/connection").content.decode()
    assert "takes no passwords from programs" in html
    assert html.index("Let Careline in at the provider") < html.index("With a password instead")
    assert "http://127.0.0.1:8000/settings/inboxes/connected" in html
