"""A mailbox in use: what comes in becomes conversations, what is answered reaches the customer's own thread."""

from __future__ import annotations

from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

import pytest
from django.utils import timezone

from careline.channels import inbound, outbox
from careline.channels.letters import Letter, Party
from careline.channels.models import Inbound, Outbox
from careline.customers.models import Person
from careline.service.conversations import actions
from careline.service.conversations.models import Attachment, Conversation, Message
from careline.touchpoints.models import Touchpoint
from tests.channels.email.letters import parsed
from tests.channels.email.servers import PASSWORD, Desk, serving

pytestmark = pytest.mark.django_db(transaction=True)


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
    assert answer["Subject"] == "Re: Another"
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
