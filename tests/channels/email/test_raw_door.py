"""Raw mails over HTTP: shown the mailbox's secret, kept as they came, once, up to 40 MB."""

from __future__ import annotations

import pytest

from careline.channels import backlog, inbound
from careline.channels.email.adapter import LARGEST
from careline.channels.models import Inbound
from careline.config import asgi
from careline.service.conversations.models import Conversation

MAIL = (
    b"From: Ada <ada@example.com>\r\nTo: help@shop.example\r\nMessage-ID: <1@example.com>\r\n"
    b"Subject: Tea\r\n\r\nIs there tea?\r\n"
)


@pytest.fixture
def deliver(open_inbox, client):
    mailbox = open_inbox("email", address="help@shop.example")

    def deliver(raw=MAIL, *, secret=mailbox.secret, media="message/rfc822", scheme="Bearer", key=mailbox.key):
        headers = {"authorization": f"{scheme} {secret}"} if secret else {}
        return client.generic("POST", f"/channels/email/{key}", raw, content_type=media, headers=headers)

    return deliver


def test_a_mail_is_kept_at_once_once_and_becomes_a_conversation(deliver):
    first, again = deliver(), deliver()
    assert (first.status_code, first.json()["repeated"]) == (200, False)
    assert again.json() == first.json() | {"repeated": True}
    assert backlog.raw_of(Inbound.objects.get()) == MAIL
    assert "authorization" not in Inbound.objects.get().headers
    inbound.take()
    assert (Conversation.objects.get().subject, Inbound.objects.get().state) == ("Tea", "taken")


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"secret": ""}, 401), ({"secret": "guess"}, 401), ({"secret": "ü"}, 401), ({"scheme": "Basic"}, 401),
        ({"media": "application/json"}, 422), ({"raw": b" \r\n"}, 422), ({"key": "another-inbox"}, 404),
    ],
)  # fmt: skip
def test_what_is_not_the_mailboxes_own_is_refused(deliver, wrong, status):
    answer = deliver(**wrong)
    assert answer.status_code == status, answer.content
    assert not Inbound.objects.exists()


def test_a_mail_of_forty_megabytes_is_taken_and_a_larger_one_is_not(deliver):
    large = MAIL + b"a" * (LARGEST - len(MAIL))
    assert deliver(large).status_code == 200
    assert backlog.raw_of(Inbound.objects.get()) == large
    refused = deliver(large + b"a")
    assert (refused.status_code, refused.json()["detail"]) == (413, "A request may have at most 40 MB.")


def test_only_whoever_shows_a_secret_may_send_so_much():
    def most(path: str, *names: bytes) -> int:
        return asgi._most({"path": path, "headers": [(name, b"x") for name in names]})

    assert most("/channels/email/k", b"authorization") == LARGEST
    assert most("/channels/email/k") == most("/channels/none/k", b"authorization") == 2 * asgi.MB
    assert most("/channels/api/k", b"authorization") == 2 * asgi.MB
