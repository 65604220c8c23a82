"""A mailbox with its mail server, and mails of a customer."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

import pytest

from careline.channels import inbound, outbox
from careline.channels.models import Inbound
from careline.service.conversations.models import Message
from tests.channels.email.letters import parsed
from tests.channels.email.servers import PASSWORD, Desk, serving


@pytest.fixture
def desk(settings: Any):
    """The mailbox's mail server: what we send arrives here."""
    settings.CARELINE_ALLOW_PRIVATE_HTTP = True
    desk = Desk()
    with serving(desk) as port:
        desk.port = port  # type: ignore[attr-defined]
        yield desk


@pytest.fixture
def mailbox(desk: Any, open_inbox: Any):
    return open_inbox(
        "email", address="help@shop.example", aliases="sales@shop.example", smtp_host="127.0.0.1",
        smtp_port=str(desk.port), smtp_security="none", smtp_user="help@shop.example", smtp_password=PASSWORD,
        signature="Your Lamp Shop", quote="on",
    )  # fmt: skip


def mail(text: str = "Where is my lamp?", **headers: str) -> EmailMessage:
    made = EmailMessage()
    given = {
        "From": "Ada Lovelace <ada@example.com>", "To": "help@shop.example", "Subject": "Lamp",
        "Message-ID": make_msgid(domain="example.com"), "Date": "Mon, 02 Mar 2026 09:30:00 +0000",
    }  # fmt: skip
    for name, value in (given | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        made[name] = value
    made.set_content(text)
    return made


def arrive(inbox: Any, *mails: EmailMessage | bytes) -> None:
    for one in mails:
        raw = one if isinstance(one, bytes) else bytes(one)
        inbound.keep(inbox.inbox_id, f"key-{hash(raw)}-{Inbound.objects.count()}", raw, {})
    while inbound.take():
        pass
    assert not Inbound.objects.filter(state="failed").values_list("error", flat=True)


def everything() -> list[tuple[int, str, str]]:
    return [(one.conversation_id, one.kind, one.body) for one in Message.objects.order_by("conversation_id", "seq")]


def sent(desk: Any) -> EmailMessage:
    while outbox.deliver():
        pass
    return parsed(desk.taken[-1].content)
