"""What is told of a mail before we know its name, and what our own mail server refuses at once."""

from __future__ import annotations

from uuid import uuid4

import pytest

from careline.channels import outbox
from careline.channels.email import threads
from careline.channels.models import Outbox, ParkedStatus
from careline.contact.models import Suppression
from careline.service.conversations import actions
from careline.service.conversations.models import Conversation
from tests.channels.email.test_mailbox import arrive, mail, sent
from tests.channels.email.test_returned import desk, mailbox, report, shown

__all__ = ["desk", "mailbox"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_report_that_overtakes_our_own_note_loses_nothing(mailbox, desk, boss):
    """The mail left, its server answered at once, and we have not yet written down by which name it left."""
    arrive(mailbox, mail(Cc="charles@example.com"))
    [talk] = Conversation.objects.all()
    said = actions.reply(talk.pk, actor=boss, body="On its way.")
    name = f"<{threads.message_id(said.message_id, 'shop.example')}>"
    arrive(mailbox, report(name), report(name, "charles@example.com", status="5.1.2", said="smtp; 550 5.1.2 no domain"))
    assert sorted(ParkedStatus.objects.values_list("address", flat=True)) == ["ada@example.com", "charles@example.com"]
    assert not Suppression.objects.exists()
    assert sent(desk)["Message-ID"] == name
    assert not ParkedStatus.objects.exists()
    status, why = shown(said.message_id)
    assert status == "failed"
    assert "ada@example.com: Nobody there has this name." in why
    assert "charles@example.com: There is no such mail domain." in why
    assert sorted(Suppression.objects.values_list("address", "reason", "message_id")) == [
        ("ada@example.com", "user_unknown", said.message_id), ("charles@example.com", "host_unknown", said.message_id),
    ]  # fmt: skip


def test_what_waits_for_its_message_is_given_out_and_erased(mailbox, boss):
    from careline.kit import personal

    arrive(mailbox, mail())
    person = Conversation.objects.get().person_id
    name = f"<{threads.message_id(uuid4(), 'shop.example')}>"
    arrive(mailbox, report(name), report(name, "somebody.else@example.org"))
    [given] = personal.export(person)["channels.ParkedStatus"]
    assert (given["address"], given["status"]) == ("ada@example.com", "failed")
    assert personal.erase(person)["channels.ParkedStatus"] == 1
    assert ParkedStatus.objects.get().address == "somebody.else@example.org"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("550 5.1.1 <ada@example.com>: user unknown", "user_unknown"),
        ("550 5.1.6 moved away", "user_unknown"),
        ("550 5.1.2 no such domain", "host_unknown"),
        ("556 5.1.10 recipient domain accepts no mail", "host_unknown"),
        # Of rules, of the mail, for now, or without a word on whose fault it is: nothing follows for the address.
        ("550 5.7.1 relaying denied, user unknown here", None),
        ("550 5.7.1 see 5.1.1 of our rules", None),
        ("552 5.2.2 mailbox full", None),
        ("550 5.2.1 disabled", None),
        ("450 4.1.1 user unknown for now", None),
        ("550 no such user", None),
    ],
)
def test_what_our_own_server_refuses_is_the_address_only_when_the_status_says_so(mailbox, desk, boss, answer, reason):
    arrive(mailbox, mail())
    desk.answers = {"ada@example.com": answer}
    said = actions.reply(Conversation.objects.get().pk, actor=boss, body="On its way.")
    assert outbox.deliver() == 1
    found = list(Suppression.objects.values_list("address", "reason", "code", "message_id"))
    assert found == ([("ada@example.com", reason, answer.split()[1], said.message_id)] if reason else [])
    assert Outbox.objects.get().state == ("sending" if answer.startswith("4") else "failed")


def test_one_of_several_our_server_refuses_is_suppressed_alone(mailbox, desk, boss):
    arrive(mailbox, mail(Cc="gone@example.com, Late@example.com"))
    desk.answers = {"gone@example.com": "550 5.1.1 no such user", "Late@example.com": "450 4.2.0 later"}
    said = actions.reply(Conversation.objects.get().pk, actor=boss, body="To you all.")
    assert outbox.deliver() == 1
    assert list(Suppression.objects.values_list("address", "message_id")) == [("gone@example.com", said.message_id)]
    assert desk.taken[-1].rcpt_tos == ["ada@example.com"]
