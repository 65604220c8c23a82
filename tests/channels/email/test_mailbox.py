"""A mailbox in use: what comes in becomes conversations, what is answered reaches the customer's own thread."""

from __future__ import annotations

import pytest
from django.utils import timezone

from careline.channels.letters import Letter, Party
from careline.channels.models import Inbound, Outbox
from careline.customers.models import Person
from careline.service.conversations import actions
from careline.service.conversations.models import Conversation, Message
from careline.touchpoints.models import Touchpoint
from tests.channels.email.mailroom import arrive, desk, everything, mail, mailbox, sent

__all__ = ["desk", "mailbox"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_three_times_each_way_stays_one_conversation_here_and_there(mailbox, desk, boss):
    first = mail()
    arrive(mailbox, first)
    [talk] = Conversation.objects.all()
    assert (talk.subject, talk.channel, talk.state) == ("Lamp", "email", "open")
    asked = first
    for turn in range(3):
        actions.reply(talk.pk, actor=boss, body=f"It is on its way {turn}.")
        answer = sent(desk)
        assert answer["In-Reply-To"] == asked["Message-ID"]
        assert asked["Message-ID"] in answer["References"]
        assert first["Message-ID"] in answer["References"]
        assert answer["Subject"] == "Re: Lamp"
        assert answer["To"] == "Ada Lovelace <ada@example.com>"
        assert answer["From"] == '"Our email" <help@shop.example>' or "help@shop.example" in answer["From"]
        text = answer.get_body(("plain",)).get_content()
        assert "Your Lamp Shop" in text
        assert "> " in text
        asked = mail(
            f"Thank you {turn}!\n\nOn Mon, help@shop.example wrote:\n> It is on its way {turn}.",
            Subject="Re: Lamp", In_Reply_To=answer["Message-ID"],
            References=f"{answer['References']} {answer['Message-ID']}",
        )  # fmt: skip
        arrive(mailbox, asked)
    talk.refresh_from_db()
    bodies = [one.body for one in Message.objects.filter(conversation=talk, kind="incoming").order_by("seq")]
    assert [body.strip() for body in bodies] == ["Where is my lamp?", "Thank you 0!", "Thank you 1!", "Thank you 2!"]
    assert Conversation.objects.count() == 1
    assert talk.participants == ["ada@example.com", "help@shop.example"]
    statuses = Message.objects.filter(kind="reply").values_list("letter__message_id", flat=True)
    assert all(str(name).startswith("tl.") for name in statuses)
    assert set(Outbox.objects.values_list("state", flat=True)) == {"sent"}


def test_the_trace_and_the_envelope_stand_at_the_message(mailbox, desk, boss):
    arrive(mailbox, mail(Cc="Charles <charles@example.com>, sales@shop.example"))
    [talk] = Conversation.objects.all()
    actions.reply(talk.pk, actor=boss, body="Yes.")
    answer = sent(desk)
    assert answer["Cc"] == "Charles <charles@example.com>"
    arrive(mailbox, mail("I am Charles.", From="charles@example.com", In_Reply_To=answer["Message-ID"]))
    last = Message.objects.filter(kind="incoming").order_by("seq").last()
    assert last is not None
    assert (last.conversation_id, last.author_name) == (talk.pk, "charles@example.com")
    assert [(step["by"], step["verdict"]) for step in last.letter["steps"]] == [
        ("token", "nothing"), ("answered", "taken"),
    ]  # fmt: skip
    assert last.letter["sender"]["address"] == "charles@example.com"


def test_chosen_recipients_are_kept_to(mailbox, desk, boss):
    arrive(mailbox, mail(Cc="charles@example.com"))
    [talk] = Conversation.objects.all()
    chosen = Letter(to=(Party("ada@example.com"),), bcc=(Party("boss@shop.example"),), subject="Another")
    actions.reply(talk.pk, actor=boss, body="Only you.", letter=chosen)
    answer = sent(desk)
    assert (answer["To"], answer["Cc"], answer["Bcc"]) == ("ada@example.com", None, None)
    assert answer["Subject"] == "Another"
    assert desk.taken[-1].rcpt_tos == ["ada@example.com", "boss@shop.example"]


@pytest.mark.parametrize("field", ["to", "cc", "bcc"])
def test_an_address_that_is_none_is_refused(mailbox, boss, field):
    from careline.kit.refusals import Refused

    arrive(mailbox, mail())
    [talk] = Conversation.objects.all()
    with pytest.raises(Refused):
        actions.reply(talk.pk, actor=boss, body="x", letter=Letter(**{field: (Party("nobody"),)}))


def test_the_same_mail_by_two_ways_is_one_message(mailbox):
    one = mail()
    arrive(mailbox, one, b"Received: by another.example; Mon, 2 Mar 2026 09:31:00 +0000\r\n" + bytes(one))
    assert [row[1:] for row in everything()] == [("incoming", "Where is my lamp?\n")]


def test_to_one_mailbox_and_copy_to_another_is_a_conversation_in_each(mailbox, open_inbox):
    other = open_inbox("email", address="billing@shop.example")
    one = mail(Cc="billing@shop.example")
    arrive(mailbox, one)
    arrive(other, one)
    assert sorted(Conversation.objects.values_list("inbox_id", flat=True)) == [mailbox.inbox_id, other.inbox_id]
    assert Person.objects.count() == 1


def test_the_same_subject_is_another_matter(mailbox):
    arrive(mailbox, mail(), mail("Another lamp."), mail("Spam?", From="eve@example.com"))
    assert Conversation.objects.count() == 3


def test_an_id_of_a_thread_opens_nothing_to_a_stranger(mailbox, desk, boss):
    first = mail()
    arrive(mailbox, first, mail("Let me in.", From="eve@example.com", In_Reply_To=first["Message-ID"]))
    assert Conversation.objects.count() == 2


def test_an_answer_long_after_the_end_begins_anew_and_is_linked(mailbox, desk, boss):
    first = mail()
    arrive(mailbox, first)
    [talk] = Conversation.objects.all()
    actions.resolve(talk.pk, actor=boss)
    arrive(mailbox, mail("Once more.", In_Reply_To=first["Message-ID"]))
    talk.refresh_from_db()
    assert talk.state == "open"
    actions.resolve(talk.pk, actor=boss)
    Conversation.objects.filter(pk=talk.pk).update(resolved_at=timezone.now() - timezone.timedelta(days=31))
    arrive(mailbox, mail("Months later.", In_Reply_To=first["Message-ID"]))
    later = Conversation.objects.exclude(pk=talk.pk).get()
    assert later.follows_id == talk.pk


def test_out_of_office_stands_in_its_thread_and_changes_nothing(mailbox, desk, boss):
    arrive(mailbox, mail())
    [talk] = Conversation.objects.all()
    actions.reply(talk.pk, actor=boss, body="On its way.")
    answer = sent(desk)
    actions.resolve(talk.pk, actor=boss)
    away = mail("I am away.", Subject="Out of office: Re: Lamp", Auto_Submitted="auto-replied",
                In_Reply_To=answer["Message-ID"])  # fmt: skip
    arrive(mailbox, away, away)
    talk.refresh_from_db()
    assert (talk.state, talk.waiting_on) == ("resolved", "customer")
    [note] = Message.objects.filter(letter__automatic="out-of-office")
    assert note.conversation_id == talk.pk
    assert Touchpoint.objects.filter(kind="autoreply.received").count() == 1
    assert Touchpoint.objects.filter(kind="message.received").count() == 1
    nothing = mail("I am away.", Subject="Out of office", Auto_Submitted="auto-replied", In_Reply_To="<x@y.example>")
    arrive(mailbox, nothing)
    assert Conversation.objects.count() == 1
    assert Inbound.objects.get(state="taken", error__gt="").error.startswith("A machine answered")


def test_a_notice_of_a_machine_opens_a_conversation_of_its_own(mailbox):
    arrive(mailbox, mail("Order 7 was paid.", From="noreply@pay.example", Auto_Submitted="auto-generated",
                         In_Reply_To="<order-7@pay.example>"))  # fmt: skip
    [talk] = Conversation.objects.all()
    assert talk.state == "open"


def test_a_bounce_fails_its_message_and_opens_nothing(mailbox, desk, boss):
    arrive(mailbox, mail())
    [talk] = Conversation.objects.all()
    said = actions.reply(talk.pk, actor=boss, body="On its way.")
    answer = sent(desk)
    report = f"""Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: help@shop.example\r
Subject: Undelivered\r\nMessage-ID: <b1@mx.example>\r\nMIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r
--b\r\nContent-Type: text/plain\r\n\r\nYour mail could not be delivered.\r
--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r
Final-Recipient: rfc822; ada@example.com\r\nAction: failed\r\nStatus: 5.1.1\r
Diagnostic-Code: smtp; 550 5.1.1 no such user\r\n\r
--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {answer["Message-ID"]}\r\n\r\n--b--\r\n"""
    forged = report.replace(answer["Message-ID"], "<tl.019a8f00-0000-7000-8000-000000000001.aaaaaaaaaa@shop.example>")
    arrive(mailbox, report.encode(), forged.replace("<b1@", "<b2@").encode())
    row = Outbox.objects.get(message_id=said.message_id)
    assert row.state == "failed"
    assert "no such user" in row.error
    assert Conversation.objects.count() == 1
