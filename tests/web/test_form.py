"""The public contact form: what is written there becomes a conversation, and the answer is an email."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from careline.accounts.actor import SYSTEM
from careline.channels import actions, inbound
from careline.channels.models import Inbound
from careline.customers.models import Identity
from careline.service.conversations.models import Attachment, Conversation, Message

pytestmark = pytest.mark.django_db

WORDS = {"name": "Ada Lovelace", "address": "ada@example.com", "subject": "Lamp", "text": "Where is my lamp?"}


@pytest.fixture
def mailbox(organization: Any):
    settings = {"address": "help@shop.example", "sender": "Lamp Shop", "form": "on"}
    return actions.create_inbox(actor=SYSTEM, kind="email", name="Help", settings=settings)


@pytest.fixture
def stranger() -> Client:
    return Client(enforce_csrf_checks=True)


def page(stranger: Client, mailbox: Any) -> str:
    """The name of a page as it is drawn."""
    html = stranger.get(f"/contact/{mailbox.key}").content.decode()
    found = re.search(r'name="page" value="([^"]+)"', html)
    assert found is not None
    return found[1]


def send(stranger: Client, mailbox: Any, **given: Any) -> Any:
    return stranger.post(f"/contact/{mailbox.key}", {"page": page(stranger, mailbox), **WORDS, **given})


def take() -> None:
    while inbound.take():
        pass


def test_what_is_written_becomes_a_conversation_with_its_files(mailbox, stranger):
    files = [SimpleUploadedFile("bill.pdf", b"%PDF-1.4 bill", "application/pdf"), SimpleUploadedFile("a.txt", b"note")]
    answer = send(stranger, mailbox, files=files)
    assert (answer.status_code, answer["Location"]) == (303, f"/contact/{mailbox.key}/sent")
    assert "Your message has arrived" in stranger.get(answer["Location"]).content.decode()
    take()
    [talk] = Conversation.objects.all()
    assert (talk.subject, talk.channel, talk.inbox_id, talk.person.name) == (
        "Lamp", "email", mailbox.pk, "Ada Lovelace",
    )  # fmt: skip
    [said] = Message.objects.all()
    assert said.body.strip() == "Where is my lamp?"
    assert [one.name for one in Attachment.objects.order_by("position")] == ["bill.pdf", "a.txt"]
    [identity] = Identity.objects.filter(person=talk.person)
    assert (identity.kind, identity.value, identity.verified) == ("email", "ada@example.com", False)
    assert "by-form" in said.letter["remarks"]
    assert said.letter["sender"] == {"address": "ada@example.com", "name": "Ada Lovelace"}


def test_the_same_page_sent_twice_is_one_message_and_other_words_are_another(mailbox, stranger):
    given = {"page": page(stranger, mailbox), **WORDS}
    for _time in range(2):
        assert stranger.post(f"/contact/{mailbox.key}", given).status_code == 303
    assert Inbound.objects.count() == 1
    stranger.post(f"/contact/{mailbox.key}", given | {"text": "And my kettle?"})
    take()
    assert sorted(one.body.strip() for one in Message.objects.all()) == ["And my kettle?", "Where is my lamp?"]


@pytest.mark.parametrize(
    ("wrong", "field", "told"),
    [
        ({"address": "ada"}, "address", "email address"),
        ({"address": " "}, "address", "Say where we can answer you."),
        ({"address": "ada@example.com\nBcc: eve@example.com"}, "address", "email address"),
        ({"text": "  "}, "text", "Your message must not be empty."),
        ({"text": "x" * 20_001}, "text", "may have at most 20000 characters"),
        ({"subject": "x" * 201}, "subject", "may have at most 200 characters"),
        ({"files": [SimpleUploadedFile(f"{n}.txt", b"x") for n in range(6)]}, "files", "At most 5 files"),
        ({"files": [SimpleUploadedFile("a.bin", b"x" * (10 * 1024 * 1024 + 1))]}, "files", "at most 10 MB"),
        ({"files": [SimpleUploadedFile("run.exe", b"MZ\x90\0")]}, "files", "are not accepted"),
    ],
)
def test_what_cannot_be_taken_is_said_and_nothing_is_lost(mailbox, stranger, wrong, field, told):
    answer = send(stranger, mailbox, **wrong)
    html = answer.content.decode()
    assert answer.status_code in {413, 422}
    assert told in html
    assert "Ada Lovelace" in html
    assert 'role="alert"' in html
    assert f'id="f-{field}-error"' in html
    assert not Inbound.objects.exists()


def test_a_program_that_fills_in_everything_leaves_nothing(mailbox, stranger):
    assert send(stranger, mailbox, website="https://spam.example").status_code == 303
    assert not Inbound.objects.exists()


def test_a_page_that_was_not_drawn_here_sends_nothing(mailbox, stranger):
    answer = stranger.post(f"/contact/{mailbox.key}", {**WORDS, "page": "made-up"})
    assert answer.status_code in {403, 422}
    assert not Inbound.objects.exists()


def test_who_writes_too_often_waits(mailbox, stranger):
    answers = [send(stranger, mailbox, text=f"Message {n}").status_code for n in range(6)]
    assert answers == [303] * 5 + [429]
    assert Inbound.objects.count() == 5


def test_a_form_that_is_off_is_not_there(mailbox, stranger, boss):
    settings = {"address": "help@shop.example"}
    actions.update_inbox(mailbox.pk, actor=boss, name="Help", language="en", settings=settings)
    for method in (stranger.get, stranger.post):
        assert method(f"/contact/{mailbox.key}").status_code == 404
    assert stranger.get("/contact/no-such-key").status_code == 404


def test_it_speaks_the_language_of_its_inbox_and_may_stand_in_other_pages(mailbox, stranger, boss):
    mailbox.language = "ar"
    mailbox.save()
    answer = stranger.get(f"/contact/{mailbox.key}?subject=Lamp&text=%3Cb%3E", headers={"accept-language": "id"})
    html = answer.content.decode()
    assert '<html lang="ar" dir="rtl"' in html
    assert 'value="Lamp"' in html
    assert "&lt;b&gt;" in html
    assert "frame-ancestors *" in answer["Content-Security-Policy"]


def test_settings_show_the_address_and_what_to_put_into_a_page(mailbox, browser_of, boss):
    html = browser_of(boss).get(f"/settings/inboxes/{mailbox.pk}").content.decode()
    assert f"/contact/{mailbox.key}" in html
    assert "&lt;iframe" in html
