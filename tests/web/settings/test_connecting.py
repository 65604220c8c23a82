"""An inbox is connected on its screens: from an address, with what is known of its provider, and tried."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from careline.channels import fields, looking, queries, trials
from careline.channels.adapter import Check, Finding
from careline.channels.email import oauth, setting_up
from careline.channels.email.adapter import Email
from careline.channels.models import Inbound, Inbox, Trial, Visit
from tests.web.settings.forms import form

INBOXES = "/settings/inboxes"
pytestmark = pytest.mark.django_db


@pytest.fixture
def browser(boss, browser_of):
    return browser_of(boss)


@pytest.fixture(autouse=True)
def alone(monkeypatch):
    """No test asks the net, and none runs a job."""
    known = setting_up.suggested
    monkeypatch.setattr(setting_up, "suggested", lambda address, look: known(address, look=False))
    monkeypatch.setattr(Email, "findings", lambda _self, _inbox: [])
    looking._asked.clear()


@pytest.fixture
def open_inbox(organization):
    from careline.accounts.actor import SYSTEM
    from careline.channels import actions

    def open_inbox(kind: str, **settings: Any) -> Any:
        made = actions.create_inbox(actor=SYSTEM, kind=kind, name=f"Our {kind}", settings=settings)
        return queries.endpoint(made.pk)

    return open_inbox


@pytest.fixture
def mailbox(open_inbox):
    return open_inbox("email", address="help@shop.example", imap_host="imap.shop.example", imap_password="s3cret")


def kept(inbox_id: int) -> dict[str, str]:
    return fields.opened(bytes(Inbox.objects.get(pk=inbox_id).credentials))


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


def test_the_provider_lets_the_mailbox_in(browser, mailbox, monkeypatch):
    asked: dict[str, Any] = {}

    def exchange(client: oauth.Client, *, code: str, redirect: str, verifier: str) -> oauth.Grant:
        asked.update(client=client, code=code, redirect=redirect, verifier=verifier)
        return oauth.Grant("access", 3600.0, "lasting")

    monkeypatch.setattr(oauth, "exchange", exchange)
    page = f"{INBOXES}/{mailbox.inbox_id}/connection"
    given = {"field.sign_in": "google", "field.client_id": "id-7", "field.client_secret": "hush", "field.tenant": ""}
    html = browser.post(page, {"what": "consent", **given}, follow=True).content.decode()
    assert f'href="{INBOXES}/{mailbox.inbox_id}/consent"' in html
    away = browser.get(f"{INBOXES}/{mailbox.inbox_id}/consent")
    query = parse_qs(urlsplit(away["Location"]).query)
    assert (query["client_id"], query["login_hint"]) == (["id-7"], ["help@shop.example"])
    assert query["redirect_uri"] == ["http://127.0.0.1:8000/settings/inboxes/connected"]
    back = browser.get(f"{INBOXES}/connected", {"state": query["state"][0], "code": "c0de"})
    assert back["Location"] == f"{page}#trial"
    assert kept(mailbox.inbox_id)["refresh_token"] == "lasting"
    assert (asked["code"], asked["client"].client_secret) == ("c0de", "hush")
    assert asked["verifier"] not in query["state"][0]
    assert Trial.objects.exists()


def test_a_consent_of_another_browser_or_without_one_opens_nothing(browser, mailbox, boss, browser_of):
    page = f"{INBOXES}/{mailbox.inbox_id}/connection"
    browser.post(page, {"what": "consent", "field.sign_in": "google", "field.client_id": "id-7"})
    state = parse_qs(urlsplit(browser.get(f"{INBOXES}/{mailbox.inbox_id}/consent")["Location"]).query)["state"][0]
    assert browser_of(boss).get(f"{INBOXES}/connected", {"state": state, "code": "c"}).status_code == 422
    assert browser.get(f"{INBOXES}/connected", {"state": "forged", "code": "c"}).status_code == 403
    assert browser.get(f"{INBOXES}/connected").status_code == 403
    refused = browser.get(f"{INBOXES}/connected", {"state": state, "error": "access_denied"})
    assert refused.status_code == 422
    assert "The provider did not let us in: access_denied" in refused.content.decode()
    assert "refresh_token" not in kept(mailbox.inbox_id)


def test_without_a_client_id_nobody_is_asked(browser, mailbox):
    browser.post(f"{INBOXES}/{mailbox.inbox_id}/connection", {"what": "consent", "field.sign_in": "google"})
    answer = browser.get(f"{INBOXES}/{mailbox.inbox_id}/consent")
    assert answer.status_code == 422


def test_the_dns_is_explained_with_what_to_publish(browser, mailbox, monkeypatch):
    found = [
        Finding(record="spf", state="missing", words="No SPF.", name="shop.example", publish="v=spf1 mx ~all"),
        Finding(record="dmarc", state="good", words="Fine.", found="v=DMARC1; p=none"),
    ]
    monkeypatch.setattr(Email, "findings", lambda _self, _inbox: found)
    html = browser.get(f"{INBOXES}/{mailbox.inbox_id}/records").content.decode()
    for word in ("No SPF.", "v=spf1 mx ~all", "Fine.", "v=DMARC1; p=none", "missing", "Make a DKIM key"):
        assert word in html
    # Kept for minutes; asked again only when somebody wants it.
    monkeypatch.setattr(Email, "findings", lambda _self, _inbox: found[:1])
    assert "Fine." in browser.get(f"{INBOXES}/{mailbox.inbox_id}/records").content.decode()
    assert "Fine." not in browser.get(f"{INBOXES}/{mailbox.inbox_id}/records?anew").content.decode()


def test_name_servers_that_are_silent_hold_no_page_up(browser, mailbox, monkeypatch):
    import threading

    over = threading.Event()
    monkeypatch.setattr(looking, "PATIENCE", 0.05)
    monkeypatch.setattr(Email, "findings", lambda _self, _inbox: over.wait(5) and [])
    html = browser.get(f"{INBOXES}/{mailbox.inbox_id}/records").content.decode()
    assert "The name servers are being asked." in html
    assert 'hx-trigger="load delay:1s"' in html
    over.set()


def test_a_key_is_made_kept_and_told_to_be_published(browser, mailbox):
    page = f"{INBOXES}/{mailbox.inbox_id}/records"
    browser.post(page, {"what": "key"})
    first = kept(mailbox.inbox_id)["dkim_key"]
    selector = Inbox.objects.get(kind="email").settings["dkim_selector"]
    assert first.startswith("-----BEGIN PRIVATE KEY-----")
    assert re.fullmatch(r"careline\d{6}", selector)
    assert "PRIVATE" not in browser.get(page).content.decode()
    browser.post(page, {"what": "key"})
    assert kept(mailbox.inbox_id)["dkim_key"] != first
    assert Inbox.objects.get(kind="email").settings["dkim_selector"] != selector


def test_the_last_looks_are_listed_with_what_was_left_and_why(browser, mailbox):
    at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    Visit.objects.create(
        inbox_id=mailbox.inbox_id, started_at=at, ended_at=at, seen=5, new=2,
        skipped=[{"folder": "INBOX", "uid": 7, "why": "known", "n": 1}, {"uid": 9, "why": "before", "n": 2}],
    )  # fmt: skip
    Visit.objects.create(inbox_id=mailbox.inbox_id, error="imap.shop.example is not known.")
    html = browser.get(f"{INBOXES}/{mailbox.inbox_id}").content.decode()
    assert "2: It was there before the mailbox was connected." in html
    assert "1: It was here already." in html
    assert "imap.shop.example is not known." in html


def test_fetching_at_once_is_told_to_the_workers(browser, mailbox, django_capture_on_commit_callbacks):
    from careline.kit import bus

    heard: list[Any] = []
    leave = bus.subscribe("inboxes", lambda _topic, message: heard.append(message))
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"{INBOXES}/{mailbox.inbox_id}", {"what": "look"})
    leave()
    assert heard == [{"inbox": mailbox.inbox_id, "look": True}]
    Inbox.objects.filter(kind="email").update(archived_at=datetime(2026, 3, 2, tzinfo=UTC))
    assert browser.post(f"{INBOXES}/{mailbox.inbox_id}", {"what": "look"}).status_code == 409


@pytest.fixture
def nothing(mailbox):
    from careline.channels import inbound

    raw = b"From: notices@example.com\r\nTo: help@shop.example\r\nSubject: Notice\r\nMessage-ID: <n@x>\r\n\r\nHi.\r\n"
    row = Inbound.objects.get(pk=inbound.keep(mailbox.inbox_id, "n", raw, {}).id)
    row.state, row.error = "taken", "A machine answered."
    row.save()
    return row


def test_what_came_to_nothing_is_read_as_it_came_and_made_a_conversation(browser, mailbox, nothing):
    from careline.channels import inbound
    from careline.service.conversations.models import Conversation

    page = f"{INBOXES}/{mailbox.inbox_id}"
    assert "A machine answered." in browser.get(page).content.decode()
    raw = browser.get(f"{page}/deliveries/{nothing.pk}")
    assert raw.content.endswith(b"\r\n\r\nHi.\r\n")
    assert raw["Content-Disposition"] == f'attachment; filename="delivery-{nothing.pk}.eml"'
    assert browser.post(page, {"what": "insist", "delivery": nothing.pk}).status_code == 302
    while inbound.take():
        pass
    assert Conversation.objects.get().subject == "Notice"
    assert browser.post(page, {"what": "insist", "delivery": nothing.pk}).status_code == 409


def test_nobody_reads_deliveries_who_may_not_manage_inboxes(nothing, mailbox, browser_of, bo, dee):
    for agent in (bo, dee):
        answer = browser_of(agent).get(f"{INBOXES}/{mailbox.inbox_id}/deliveries/{nothing.pk}")
        assert answer.status_code in (403, 404)


def test_what_got_stuck_is_tried_again(browser, mailbox, nothing):
    Inbound.objects.update(state="failed", error="It fell over.")
    page = f"{INBOXES}/{mailbox.inbox_id}"
    assert "It fell over." in browser.get(page).content.decode()
    browser.post(page, {"what": "retry", "delivery": nothing.pk})
    assert Inbound.objects.get().state == "new"
