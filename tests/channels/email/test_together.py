"""Mails are taken in together: few statements for each, and trouble with one harms none beside it."""

from __future__ import annotations

import errno
import os
from email.message import EmailMessage

import pytest
from django.db import IntegrityError, connection
from django.test.utils import CaptureQueriesContext

from careline.channels import inbound
from careline.channels.models import Inbound
from careline.files import queries as files
from careline.files.models import StoredFile
from careline.service.conversations.models import Attachment, Conversation, Message
from tests.channels.email.mailroom import desk, mail, mailbox

__all__ = ["desk", "mailbox"]

pytestmark = pytest.mark.django_db(transaction=True)


def numbered(number: int, **headers: str) -> EmailMessage:
    made = mail(f"Words {number}", From=f"Guest {number} <guest.{number}@example.com>", **headers)
    made.add_alternative(f"<p>Words <b>{number}</b></p>", subtype="html")
    made.add_attachment(b"%%PDF-1.7 bill %d" % number, maintype="application", subtype="pdf", filename="bill.pdf")
    return made


def keep(inbox_id: int, *mails: EmailMessage) -> None:
    for one in mails:
        inbound.keep(inbox_id, f"key-{Inbound.objects.count()}", bytes(one), {})


def test_a_mail_costs_less_than_two_statements(mailbox):
    keep(mailbox.inbox_id, *map(numbered, range(3)))
    inbound.take()
    keep(mailbox.inbox_id, *map(numbered, range(3, 23)))
    with CaptureQueriesContext(connection) as asked:
        assert inbound.take() == 20
    assert Message.objects.count() == 23
    assert len(asked) <= 20 + 15, [one["sql"][:80] for one in asked]


def test_answers_in_the_same_round_find_what_came_before_them(mailbox):
    first = numbered(1, Message_ID="<1@x.example>")
    second = mail("And?", From="Guest 1 <guest.1@example.com>", Message_ID="<2@x.example>", References="<1@x.example>")
    third = mail("Yes?", From="Guest 1 <guest.1@example.com>", Message_ID="<3@x.example>", In_Reply_To="<2@x.example>")
    keep(mailbox.inbox_id, first, second, third)
    assert inbound.take() == 3
    [talk] = Conversation.objects.all()
    assert [one.body.strip() for one in Message.objects.filter(conversation=talk).order_by("seq")] == [
        "Words 1", "And?", "Yes?"
    ]  # fmt: skip
    assert talk.participants == ["guest.1@example.com", "help@shop.example"]


def test_what_comes_by_two_ways_is_one_and_costs_its_neighbors_nothing(mailbox, monkeypatch):
    rounds = []
    round_of = inbound._round
    monkeypatch.setattr(inbound, "_round", lambda *given, **how: rounds.append(how) or round_of(*given, **how))
    same = numbered(2, Message_ID="<2@x.example>")
    again = numbered(2, Message_ID="<2@x.example>", X_Way="another")
    keep(mailbox.inbox_id, numbered(1), same, again, numbered(3))
    assert inbound.take() == 4
    assert rounds == [{"each_alone": False}]
    assert (Message.objects.count(), Attachment.objects.count(), StoredFile.objects.count()) == (3, 3, 6)
    assert set(Inbound.objects.values_list("state", "attempts", "error")) == {("taken", 0, "")}
    [person] = set(
        Inbound.objects.filter(pk__in=Inbound.objects.order_by("pk")[1:3]).values_list("person_id", flat=True)
    )
    assert person == Message.objects.get(external_id="2@x.example").conversation.person_id


def test_what_somebody_else_writes_at_the_same_moment_is_found_at_the_second_look(mailbox, monkeypatch):
    intake, refused = inbound._intake, []

    def racing(inbox_id, item):
        if item.text.strip() == "Words 2" and len(refused) < 2:  # in the round of all, and once alone
            refused.append(item)
            raise IntegrityError("somebody of this address has just been made")
        return intake(inbox_id, item)

    monkeypatch.setattr(inbound, "_intake", racing)
    keep(mailbox.inbox_id, *map(numbered, range(1, 4)))
    assert inbound.take() == 3
    assert (len(refused), Message.objects.count(), Attachment.objects.count()) == (2, 3, 3)
    assert set(Inbound.objects.values_list("state", "attempts", "error")) == {("taken", 0, "")}


def test_on_a_full_disk_the_words_come_in_and_their_files_are_named(mailbox, monkeypatch):
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    keep(mailbox.inbox_id, *map(numbered, range(1, 3)))
    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", full)
        assert inbound.take() == 2
    assert not StoredFile.objects.exists()
    assert not Attachment.objects.exists()
    for message in Message.objects.all():
        assert list(message.letter["left_out"]) == ["bill.pdf"]
        assert "disk is full" in message.letter["left_out"]["bill.pdf"]
        assert "original" not in message.letter


def test_every_file_is_its_own_persons(mailbox):
    keep(mailbox.inbox_id, *map(numbered, range(1, 4)))
    inbound.take()
    for message in Message.objects.select_related("conversation"):
        number = message.body.split()[1]
        [bill] = Attachment.objects.filter(message=message)
        file = files.by_id(bill.file_id)
        assert file.person_id == message.conversation.person_id
        assert files.read(file).endswith(number.encode())
        assert f"<b>{number}</b>" in files.read(files.by_id(message.letter["original"])).decode()
