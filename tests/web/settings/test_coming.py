"""What lets a mailbox in, what the DNS says, and what came of its deliveries."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from careline.channels import looking
from careline.channels.adapter import Finding
from careline.channels.email import oauth
from careline.channels.email.adapter import Email
from careline.channels.models import Inbound, Inbox, Trial, Visit
from tests.web.settings.connecting import INBOXES, alone, browser, kept, mailbox, open_inbox

__all__ = ["alone", "browser", "mailbox", "open_inbox"]

pytestmark = pytest.mark.django_db


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


def test_what_could_not_be_read_is_listed_with_its_conversation(browser, mailbox):
    from careline.service.conversations.models import Conversation
    from tests.channels.email.arriving import arrive

    page = f"{INBOXES}/{mailbox.inbox_id}"
    assert "What could not be read" not in browser.get(page).content.decode()
    arrive(mailbox.inbox_id, b"no mail at all")
    html = browser.get(page).content.decode().partition('id="unread"')[2].partition("</section>")[0]
    assert "This does not begin like a mail: there are no headers." in html
    assert f'href="/desk/{Conversation.objects.get().pk}"' in html
    raw = re.search(r'href="([^"]+/deliveries/\d+)"', html)
    assert raw is not None
    assert browser.get(raw[1]).content == b"no mail at all"
