"""A mailbox nobody has connected, and a browser beside it."""

from __future__ import annotations

from typing import Any

import pytest

from careline.channels import fields, looking, queries
from careline.channels.email import setting_up
from careline.channels.email.adapter import Email
from careline.channels.models import Inbox

INBOXES = "/settings/inboxes"


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
