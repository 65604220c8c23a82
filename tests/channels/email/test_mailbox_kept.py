"""What came with a mail and what became of it: files, HTML, colleagues, several recipients, erasure."""

from __future__ import annotations

import pytest
from django.utils import timezone

from careline.channels import outbox
from careline.channels.models import Outbox
from careline.customers.models import Person
from careline.service.conversations import actions
from careline.service.conversations.models import Attachment, Conversation, Message
from tests.channels.email.mailroom import arrive, desk, mail, mailbox, sent

__all__ = ["desk", "mailbox"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_mail_nobody_can_read_is_a_conversation_with_the_original(mailbox):
    arrive(mailbox, b"\xff\xfe no mail at all")
    [talk] = Conversation.objects.all()
    assert "could not be read" in Message.objects.get(conversation=talk).body
    assert Attachment.objects.get().media_type == "message/rfc822"


def test_a_file_that_is_not_taken_keeps_nothing_else_out(mailbox):
    made = mail()
    made.add_attachment(b"MZ\0\0program", maintype="application", subtype="octet-stream", filename="gift.exe")
    made.add_attachment(b"%PDF-1.7 bill", maintype="application", subtype="pdf", filename="bill.pdf")
    arrive(mailbox, made)
    [message] = Message.objects.all()
    assert list(Attachment.objects.values_list("name", flat=True)) == ["bill.pdf"]
    assert list(message.letter["left_out"]) == ["gift.exe"]


def test_html_is_kept_whole_and_clean(mailbox, desk, boss):
    from careline.files import queries as files

    made = mail()
    made.add_alternative(
        "<p>Where is my <b>lamp</b>?</p><script>alert(1)</script><img src=x onerror=alert(1)>", subtype="html"
    )
    arrive(mailbox, made)
    [message] = Message.objects.all()
    whole = files.read(files.by_id(message.letter["original"])).decode()
    assert "<b>lamp</b>" in whole
    assert "script" not in whole
    assert "onerror" not in whole
    actions.reply(message.conversation_id, actor=boss, body="Here.")
    assert "<b>lamp</b>" in sent(desk).get_body(("html",)).get_content()


def test_a_colleague_passes_on_what_a_customer_wrote(mailbox, boss):
    from careline.accounts.models import Agent

    colleague = Agent.objects.get(pk=boss.agent_id).email
    text = (
        "Can you take this?\n\n---------- Forwarded message ---------\nFrom: Ada Lovelace <ada@example.com>\n"
        "Date: Mon, 2 Mar 2026\nSubject: Lamp\nTo: <boss@shop.example>\n\nWhere is my lamp?\n"
    )
    arrive(mailbox, mail(text, From=colleague, Subject="Fwd: Lamp"))
    [talk] = Conversation.objects.select_related("person")
    assert talk.person.name == "Ada Lovelace"


def test_some_have_it_and_the_others_are_tried_again(mailbox, desk, boss):
    arrive(mailbox, mail(Cc="charles@example.com, gone@example.com"))
    [talk] = Conversation.objects.all()
    desk.answers = {"charles@example.com": "450 later", "gone@example.com": "550 5.1.1 no such user"}
    actions.reply(talk.pk, actor=boss, body="To you all.")
    assert outbox.deliver() == 1
    row = Outbox.objects.get()
    assert (row.state, row.payload["only"]) == ("sending", ["charles@example.com"])
    desk.answers = {}
    Outbox.objects.update(next_attempt_at=timezone.now())
    assert outbox.deliver() == 1
    assert desk.taken[-1].rcpt_tos == ["charles@example.com"]
    row.refresh_from_db()
    assert row.state == "failed"
    assert "gone@example.com" in row.error


def test_who_is_erased_is_named_in_nobodys_envelope(mailbox, boss):
    from careline.kit import personal

    arrive(mailbox, mail(Cc="Charles Babbage <charles@example.com>"), mail("Hello.", From="charles@example.com"))
    charles = Person.objects.get(identities__value="charles@example.com")
    personal.erase(charles.pk)
    kept = str(list(Message.objects.values())) + str(list(Conversation.objects.values()))
    assert "charles" not in kept.casefold()
    assert "Ada Lovelace" in kept
