"""From a mail server's visit to a conversation: which mailbox an address leads to, and that a mail comes in once."""

from __future__ import annotations

import pytest

from careline.accounts.actor import SYSTEM
from careline.channels import actions, backlog, inbound
from careline.channels.letterbox import mailboxes
from careline.channels.models import Inbound
from careline.service.conversations.models import Conversation, Message
from tests.channels.letterbox.posted import MAIL, listening, visit


@pytest.fixture
def mailbox(open_inbox):
    return open_inbox("email", address="Help@shop.example", aliases="sales@shop.example\nhilfe@lädchen.example")


@pytest.mark.parametrize(
    "address",
    [
        "help@shop.example", "HELP@SHOP.EXAMPLE", "help+1042.k3nq@shop.example", "sales+x+y@shop.example",
        "hilfe@lädchen.example", "hilfe@xn--ldchen-bua.example",
    ],
)  # fmt: skip
def test_a_mailbox_is_found_by_each_of_its_addresses(mailbox, address):
    found = mailboxes.find(address)
    assert found is not None
    assert (found.inbox_id, found.kind, found.address) == (mailbox.inbox_id, "email", address)


@pytest.mark.parametrize(
    "address",
    [
        "", "@", "help", "help@", "@shop.example", "+x@shop.example", "help@elsewhere.example", "helper@shop.example",
        "help\0@shop.example", "help\udcff@shop.example", "%@shop.example", "help@shop.example.", "help@" + "x" * 300,
    ],
)  # fmt: skip
def test_everybody_elses_addresses_lead_nowhere(mailbox, address):
    assert mailboxes.find(address) is None


def test_an_archived_mailbox_takes_nothing_and_an_address_of_its_own_comes_before_anothers_alias(mailbox, open_inbox):
    sales = open_inbox("email", address="sales@shop.example")
    found = mailboxes.find("sales@shop.example")
    assert found is not None
    assert found.inbox_id == sales.inbox_id
    actions.archive_inbox(sales.inbox_id, actor=SYSTEM)
    found = mailboxes.find("sales@shop.example")
    assert found is not None
    assert found.inbox_id == mailbox.inbox_id


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_is_brought_twice_is_one_message_of_a_conversation(mailbox):
    with listening(mailboxes.slot()) as (smtp, _lmtp):
        for _again in range(2):
            with visit(smtp) as client:
                client.sendmail("ada@example.com", ["help+x@shop.example", "sales@shop.example"], MAIL)
                assert client.rcpt("nobody@shop.example")[0] in {503, 550}
    [kept] = Inbound.objects.all()
    assert backlog.raw_of(kept).endswith(MAIL)
    while inbound.take():
        pass
    assert (Conversation.objects.get().subject, Message.objects.get().body.strip()) == ("Tea", "Hello")
