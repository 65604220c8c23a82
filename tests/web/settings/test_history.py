"""Mail of earlier years on its screen and by the API: brought, watched, and what was left out is said."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from careline.channels import actions as channels
from careline.service.conversations.history import waiting
from careline.service.conversations.models import History, Message

pytestmark = pytest.mark.django_db
MAIL = (
    "From x Mon Mar  2 09:00:00 2026\nFrom: Ada <ada@example.com>\nTo: support@shop.example\n"
    "Date: Mon, 02 Mar 2026 09:00:00 +0000\nMessage-ID: <{0}@example.com>\nSubject: No. {0}\n\nHello.\n\n"
)
OWN = MAIL.replace("Ada <ada@example.com>", "support@shop.example")


@pytest.fixture
def mailbox(boss):
    return channels.create_inbox(actor=boss, kind="email", name="Support", settings={"address": "support@shop.example"})


@pytest.fixture
def browser(boss, mailbox, browser_of):
    return browser_of(boss)


def test_a_file_is_uploaded_watched_and_reported(browser, mailbox):
    here = f"/settings/inboxes/{mailbox.pk}/history"
    assert here in browser.get(f"/settings/inboxes/{mailbox.pk}").content.decode()
    file = SimpleUploadedFile("years.mbox", (MAIL.format(1) + MAIL.format(2) + OWN.format(3)).encode())
    answer = browser.post(here, {"what": "begin", "way": "upload", "open_days": "14", "file": file})
    one = History.objects.get()
    assert answer["Location"] == f"{here}/{one.pk}"
    page = browser.get(f"{here}/{one.pk}").content.decode()
    assert "every 1s" in page
    waiting.run_waiting()
    page = browser.get(f"{here}/{one.pk}").content.decode()
    assert "every 1s" not in page
    assert "Every mail was looked at." in page
    assert "It was written by this mailbox to nobody else." in page
    assert Message.objects.count() == 2
    assert "years.mbox" in browser.get(here).content.decode()
    browser.post(f"{here}/{one.pk}", {"what": "drop"})
    assert not History.objects.exists()
    assert Message.objects.count() == 2


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"way": "upload"}, "Choose a file."),
        ({"way": "upload", "open_days": "99999"}, "Choose a file."),
        ({"way": "account", "open_days": "99999"}, "Days are a number"),
        ({"way": "nothing"}, "Choose what is to be brought."),
    ],
)
def test_what_cannot_be_brought_is_said_at_its_form(browser, mailbox, given, said):
    answer = browser.post(f"/settings/inboxes/{mailbox.pk}/history", {"what": "begin", "open_days": "14"} | given)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not History.objects.exists()


def test_an_account_that_cannot_be_reached_breaks_off_with_a_sentence_and_can_go_on(browser, mailbox):
    here = f"/settings/inboxes/{mailbox.pk}/history"
    browser.post(here, {"what": "begin", "way": "account", "open_days": "0"})
    waiting.run_waiting()
    one = History.objects.get()
    assert (one.state, one.error) == ("failed", "This mailbox has no server for receiving.")
    assert one.error in browser.get(f"{here}/{one.pk}").content.decode()
    browser.post(f"{here}/{one.pk}", {"what": "go_on"})
    assert History.objects.get().state == "waiting"
    browser.post(f"{here}/{one.pk}", {"what": "stop"})
    assert History.objects.get().state == "stopped"
