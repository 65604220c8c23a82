"""What comes back of our letters: statuses in words, addresses nothing more is sent to, nothing a stranger made up."""

from __future__ import annotations

from typing import Any

import pytest

from careline import contact
from careline.accounts.actor import SYSTEM
from careline.channels import inbound, outbox
from careline.channels.letterbox import mailboxes
from careline.channels.letters import Letter, Party
from careline.channels.models import Inbound, Outbox
from careline.contact import reasons
from careline.contact.models import Suppression
from careline.customers.models import Identity
from careline.kit.sentences import told
from careline.service.conversations import actions
from careline.service.conversations.models import Conversation, Message
from careline.service.conversations.reactions import show_delivery
from careline.touchpoints.models import Touchpoint
from tests.channels.email.mailboxes import until
from tests.channels.email.servers import PASSWORD, Desk, serving
from tests.channels.email.test_mailbox import arrive, mail, sent
from tests.channels.letterbox.posted import listening
from tests.mail import postfix

pytestmark = pytest.mark.django_db(transaction=True)
UNKNOWN = "smtp; 550 5.1.1 no such user"
NOT_SENT = (
    "Mail to this address came back: nobody there has this name. It was not tried again; once the address works, lift "
    "it under Settings, Suppressed addresses."
)


@pytest.fixture
def desk(settings: Any):
    settings.CARELINE_ALLOW_PRIVATE_HTTP = True
    desk = Desk()
    with serving(desk) as port:
        desk.port = port  # type: ignore[attr-defined]
        yield desk


@pytest.fixture
def mailbox(desk: Any, open_inbox: Any):
    return open_inbox(
        "email", address="help@shop.example", smtp_host="127.0.0.1", smtp_port=str(desk.port), smtp_security="none",
        smtp_user="help@shop.example", smtp_password=PASSWORD,
    )  # fmt: skip


@pytest.fixture
def answered(mailbox, desk, boss):
    """A reply that left, and its Message-ID."""
    arrive(mailbox, mail())
    [talk] = Conversation.objects.all()
    said = actions.reply(talk.pk, actor=boss, body="On its way.")
    return said, sent(desk)["Message-ID"]


_numbers = iter(range(10_000))


def report(about: str, address="ada@example.com", action="failed", status="5.1.1", said=UNKNOWN) -> bytes:
    return f"""Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: help@shop.example\r
Subject: Undelivered\r\nMessage-ID: <b{next(_numbers)}@mx.example>\r\nMIME-Version: 1.0\r
Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r
--b\r\nContent-Type: text/plain\r\n\r\nThis is a report about your mail.\r
--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r
Final-Recipient: rfc822; {address}\r\nAction: {action}\r\nStatus: {status}\r\nDiagnostic-Code: {said}\r\n\r
--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {about}\r\n\r\n--b--\r\n""".encode()


def complaint(about: str, whom: str = "") -> bytes:
    named = f"Original-Rcpt-To: {whom}\r\n" if whom else ""
    return f"""Return-Path: <>\r\nFrom: fbl@provider.example\r\nTo: help@shop.example\r\nSubject: Feedback\r
Message-ID: <c{next(_numbers)}@provider.example>\r\nMIME-Version: 1.0\r
Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n\r
--b\r\nContent-Type: text/plain\r\n\r\nAn abuse report.\r
--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n{named}\r
--b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {about}\r\nFrom: help@shop.example\r
Subject: Re: Lamp\r\n\r\nOn its way.\r\n--b--\r\n""".encode()


def shown(message_id: Any) -> tuple[str, str]:
    """As it stands at the message."""
    show_delivery(list(Touchpoint.objects.filter(kind="delivery.updated").order_by("recorded_at", "id")))
    status, reason = Message.objects.values_list("status", "status_reason").get(pk=message_id)
    return status, told(reason)


def test_an_address_nobody_has_is_told_in_words_and_suppressed(answered, mailbox, desk, boss):
    said, name = answered
    arrive(mailbox, report(name), report(name))
    assert shown(said.message_id) == ("failed", "Nobody there has this name. (550 5.1.1 no such user)")
    [dead] = Suppression.objects.all()
    assert (dead.address, dead.reason, dead.code, dead.message_id) == (
        "ada@example.com", "user_unknown", "5.1.1", said.message_id,
    )  # fmt: skip
    assert "no such user" in dead.words
    assert Conversation.objects.count() == 1
    # The next one fails at once, and says how to go on.
    taken = len(desk.taken)
    again = actions.reply(said.conversation_id, actor=boss, body="Hello?")
    while outbox.deliver():
        pass
    assert len(desk.taken) == taken
    assert shown(again.message_id) == ("failed", NOT_SENT)
    contact.lift(dead.pk, actor=SYSTEM)
    third = actions.reply(said.conversation_id, actor=boss, body="Now?")
    assert sent(desk)["To"] == "Ada Lovelace <ada@example.com>"
    assert shown(third.message_id)[0] == "sent"


def test_a_full_mailbox_fails_the_message_and_suppresses_nobody(answered, mailbox):
    said, name = answered
    arrive(mailbox, report(name, status="5.2.2", said="smtp; 552 5.2.2 mailbox full"))
    assert shown(said.message_id) == ("failed", "The mailbox there is full. (552 5.2.2 mailbox full)")
    assert not Suppression.objects.exists()


def test_a_delay_is_told_and_is_no_failure_and_what_follows_is_told_too(answered, mailbox):
    said, name = answered
    late = report(name, action="delayed", status="4.4.1", said="smtp; 451 4.4.1 connection timed out")
    arrive(mailbox, late, late)
    status, why = shown(said.message_id)
    assert status == "sent"
    assert why.startswith("Not there yet, and being tried again. The other side could not be reached in time.")
    assert Touchpoint.objects.filter(kind="delivery.updated", facts__status="sent").count() == 2
    arrive(mailbox, report(name, action="delivered", status="2.0.0", said="smtp; 250 ok"))
    assert shown(said.message_id) == ("delivered", "")
    assert not Suppression.objects.exists()


def test_a_complaint_says_it_arrived_and_stops_what_nobody_asked_for(answered, mailbox, desk, boss):
    said, name = answered
    arrive(mailbox, complaint(name))
    assert shown(said.message_id) == ("delivered", "It arrived, and somebody there called it spam.")
    [kept] = Suppression.objects.all()
    assert (kept.address, kept.reason) == ("ada@example.com", "complaint")
    person = Conversation.objects.get().person_id
    assert contact.decide(person, "newsletter", "email", "1").reason == reasons.COMPLAINED
    actions.reply(said.conversation_id, actor=boss, body="Sorry.")
    assert "Sorry." in str(sent(desk))


def test_of_several_recipients_each_is_told_by_itself(mailbox, desk, boss):
    arrive(mailbox, mail(Cc="charles@example.com"))
    [talk] = Conversation.objects.all()
    said = actions.reply(talk.pk, actor=boss, body="On its way.")
    name = sent(desk)["Message-ID"]
    arrive(mailbox, report(name, "Charles@Example.com"), report(name, action="delivered", status="2.0.0"))
    status, why = shown(said.message_id)
    assert (status, why) == (
        "failed", "Not delivered to Charles@Example.com: Nobody there has this name. (550 5.1.1 no such user)",
    )  # fmt: skip
    arrive(mailbox, report(name))
    assert shown(said.message_id)[1].endswith("; ada@example.com: Nobody there has this name. (550 5.1.1 no such user)")
    assert sorted(Suppression.objects.values_list("address", flat=True)) == ["ada@example.com", "charles@example.com"]
    contact.lift(Suppression.objects.get(address="ada@example.com").pk, actor=SYSTEM)
    # Whoever can still be reached is; the other is named.
    again = actions.reply(talk.pk, actor=boss, body="Anybody?")
    answer = sent(desk)
    assert desk.taken[-1].rcpt_tos == ["ada@example.com"]
    assert (answer["To"], answer["Cc"]) == ("Ada Lovelace <ada@example.com>", "charles@example.com")
    assert shown(again.message_id) == (
        "failed",
        f"The others have it. Not delivered to charles@example.com: {NOT_SENT}",
    )


def test_nobody_is_suppressed_by_a_report_about_somebody_it_was_not_sent_to(answered, mailbox):
    said, name = answered
    arrive(mailbox, report(name, "victim@example.com"), complaint(name, "victim@example.com"))
    assert not Suppression.objects.exists()
    assert shown(said.message_id)[0] == "failed"


@pytest.mark.parametrize("name", ["<tl.019a8f00-0000-7000-8000-000000000001.aaaaaaaaaa@shop.example>", "<x@y.example>"])
def test_a_report_about_a_mail_we_did_not_sign_changes_nothing(answered, mailbox, name):
    said, _name = answered
    arrive(mailbox, report(name), complaint(name))
    assert shown(said.message_id)[0] == "sent"
    assert not Suppression.objects.exists()
    assert Conversation.objects.count() == 1
    errors = set(Inbound.objects.exclude(error="").values_list("error", flat=True))
    assert errors == {"A mail server reports on a mail that is not of this installation."}


def test_another_mailbox_hears_nothing_of_it(answered, mailbox, open_inbox):
    said, name = answered
    arrive(open_inbox("email", address="other@shop.example"), report(name))
    assert shown(said.message_id)[0] == "sent"
    assert not Suppression.objects.exists()


def test_a_hidden_copy_that_is_dead_keeps_the_letter_from_nobody(mailbox, desk, boss):
    contact.suppress("gone@example.com", "host_unknown")
    arrive(mailbox, mail())
    [talk] = Conversation.objects.all()
    chosen = Letter(to=(Party("ada@example.com"),), bcc=(Party("Gone@example.com"),))
    actions.reply(talk.pk, actor=boss, body="Yes.", letter=chosen)
    assert sent(desk)["To"] == "ada@example.com"
    assert desk.taken[-1].rcpt_tos == ["ada@example.com"]
    assert Outbox.objects.get().state == "failed"


def test_what_is_decided_goes_to_an_address_that_works(mailbox, desk):
    arrive(mailbox, mail())
    person = Conversation.objects.get().person_id
    Identity.objects.create(person_id=person, kind="email", value="ada@work.example", original="Ada@work.example")
    contact.suppress("ada@example.com", "user_unknown")
    decision = contact.decide(person, "conversation", "email", "1")
    outbox.enqueue(decision, inbox_id=mailbox.inbox_id, person_id=person, words="News.")
    assert sent(desk)["To"] == "Ada@work.example"


def test_what_a_real_postfix_cannot_deliver_comes_back_to_its_message(open_inbox, settings, hire):
    """Our mail leaves by it, it is refused at the next door, and the report comes in by ours."""
    settings.CARELINE_ALLOW_PRIVATE_HTTP = True
    with (
        listening(mailboxes.slot()) as (_smtp, lmtp),
        postfix.serving({"shop.example": f"lmtp:inet:127.0.0.1:{lmtp}"}) as server,
    ):
        ours = open_inbox(
            "email", address="help@shop.example", smtp_host="127.0.0.1", smtp_port=str(server.port),
            smtp_security="none",
        )  # fmt: skip
        arrive(ours, mail(From="Ada <nobody@shop.example>"))
        bea = hire("Bea Boss", role="admin").as_actor((ours.inbox_id,))
        said = actions.reply(Conversation.objects.get().pk, actor=bea, body="On its way.")
        while outbox.deliver():
            pass
        assert shown(said.message_id)[0] == "sent"
        server.until_logged("sender non-delivery notification")
        told = until(lambda: (inbound.take(), Suppression.objects.first())[1])
    assert (told.address, told.reason, told.message_id) == ("nobody@shop.example", "user_unknown", said.message_id)
    status, why = shown(said.message_id)
    assert status == "failed"
    assert why.startswith("Nobody there has this name. (")
    assert "There is no such mailbox here" in why
    assert Conversation.objects.count() == 1
