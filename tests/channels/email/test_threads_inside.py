"""An answer that lost its headers is known by what we signed in its text or its files, and by nothing else there."""

from __future__ import annotations

from email.message import EmailMessage
from uuid import UUID

import pytest
from django.test import override_settings

from careline.channels import actions as inboxes
from careline.channels.email import threads
from careline.channels.email.mail import Attachment
from careline.channels.email.threads import Thread
from careline.service.conversations import actions
from careline.service.conversations.letters import addressing
from careline.service.conversations.models import Conversation, Message
from tests.channels.email.mailroom import arrive, desk, mail, mailbox, sent
from tests.channels.email.test_threads import ELSEWHERE, EVE, MESSAGE, OURS, Rows, verdicts, written

__all__ = ["desk", "mailbox"]

OTHER = UUID("019a8f00-0000-7000-8000-000000000007")
SENT = {MESSAGE: 1042, OTHER: 7}
SEVEN = Thread(conversation=7, here=True, participants=OURS.participants)


def file(content: str, media_type: str = "message/rfc822", name: str = "mail.eml") -> Attachment:
    return Attachment(name=name, media_type=media_type, content=content.encode())


def ours(message: UUID = MESSAGE) -> str:
    return (
        f"Message-ID: <{threads.message_id(message, 'shop.example')}>\r\nSubject: Re: Lamp\r\n\r\nIt is on its way.\r\n"
    )


def answer() -> str:
    name = threads.message_id(MESSAGE, "shop.example")
    return f"From: ada@example.com\r\nIn-Reply-To: <{name}>\r\nReferences: <x@y>\r\n <{name}>\r\n\r\nThanks.\r\n"


@pytest.mark.parametrize(
    "held",
    [
        file(ours()),
        file(answer()),
        file(ours(), "application/octet-stream", "Fwd Lamp.EML"),
        file(f"On Monday we wrote:\n> It is.\n> {threads.marker(1042)}\n", "text/plain", "ATT00001.txt"),
        file(f"To: {threads.reply_address(1042, 'help@shop.example')}\n\nHello\n"),
    ],
    ids=["ours", "an answer to ours", "by its name", "a text", "a reply address"],
)
def test_an_attached_mail_leads_home(held: Attachment):
    match = threads.matched(written(subject="Lamp", attachments=(held,)), Rows(OURS, sent=SENT))
    assert (match.conversation, match.by, match.stranger) == (1042, "attached", False)
    assert match.trace[-1].words().endswith(" in an attached file: conversation 1042")


@pytest.mark.parametrize(
    "text",
    [
        f"From: Lamp Shop <{threads.reply_address(1042, 'help@shop.example')}>\nSent: Monday\n\nIt is on its way.",
        f"> Message-ID: <{threads.message_id(MESSAGE, 'shop.example').upper()}>",
    ],
    ids=["reply address", "id"],
)
def test_what_we_signed_is_found_in_the_text(text: str):
    match = threads.matched(written(text=f"Thanks!\n\n{text}"), Rows(OURS, sent=SENT))
    assert (match.conversation, match.by) == (1042, "text")
    assert match.trace[-1].words().endswith("… in the text: conversation 1042")


@pytest.mark.parametrize("asked", [Rows(OURS, sent=SENT), Rows(ELSEWHERE, sent=SENT)], ids=["here", "elsewhere"])
def test_to_have_what_we_signed_is_not_to_take_part(asked: Rows):
    """Somebody was shown our mail and writes of another matter: in a header it would be believed, here it is not."""
    inside = [{"attachments": (file(ours()),)}, {"text": threads.reply_address(1042, "help@shop.example")}]
    for given in inside:
        match = threads.matched(written(EVE, **given), asked)
        assert match.conversation is None
        assert verdicts(match)[-2][1] == "stranger"


def test_whoever_takes_part_is_believed_in_another_mailbox_too():
    match = threads.matched(written(attachments=(file(ours()),)), Rows(ELSEWHERE, sent=SENT))
    assert match.conversation == 1042


def test_a_bundle_of_mails_answers_none_of_them():
    held = (file(ours()), file(ours(OTHER)))
    match = threads.matched(written(attachments=held), Rows(OURS, SEVEN, sent=SENT))
    assert match.conversation is None
    assert verdicts(match).count(("attached", "several")) == 2
    both = threads.matched(written(attachments=(held[0], file(answer()))), Rows(OURS, SEVEN, sent=SENT))
    assert both.conversation == 1042


def test_a_number_or_a_foreign_id_inside_is_believed_from_nobody():
    text = "Subject: Re: Lamp [#1042]\n\nIn-Reply-To: <known@example.com>\nhelp+1042@shop.example"
    rows = Rows(OURS, stored={"known@example.com": 1042})
    match = threads.matched(written(text=text, attachments=(file(text),)), rows)
    assert match.conversation is None
    assert {verdict for _by, verdict in verdicts(match)} == {"nothing"}


def test_what_another_installation_signed_opens_nothing():
    with override_settings(SECRET_KEY="the key of another house, which is longer than needed"):
        held = file(ours() + threads.reply_address(1042, "help@shop.example"))
    match = threads.matched(written(text=held.content.decode(), attachments=(held,)), Rows(OURS, sent=SENT))
    assert match.conversation is None
    assert ("text", "forged") in verdicts(match)


def test_headers_go_first_and_a_number_comes_last():
    token = written(subject="[#7]", in_reply_to=(threads.message_id(OTHER, "x.example"),), attachments=(file(ours()),))
    assert threads.matched(token, Rows(OURS, SEVEN, sent=SENT)).by == "answered"
    number = written(subject="[#7]", attachments=(file(ours()),))
    assert threads.matched(number, Rows(OURS, SEVEN, sent=SENT)).conversation == 1042


def test_where_the_mailbox_does_not_look_inside_only_headers_count():
    given = written(html=threads.marker(1042), text=threads.marker(1042), attachments=(file(ours()),))
    match = threads.matched(given, Rows(OURS, sent=SENT), inside=False)
    assert match.conversation is None
    assert "Text and attached files: not looked into in this mailbox" in [step.words() for step in match.trace]
    assert threads.matched(written(subject="[#1042]"), Rows(OURS), inside=False).by == "number"


def test_only_the_beginning_of_files_that_hold_words_is_looked_at():
    late = file("x" * 300_000 + ours())
    picture = file(ours(), "image/png", "lamp.png")
    match = threads.matched(written(attachments=(late, picture)), Rows(OURS, sent=SENT))
    assert match.conversation is None


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("looks", [True, False])
def test_a_mail_program_that_attaches_what_it_answers_stays_in_its_thread(mailbox, desk, boss, looks):
    if not looks:
        settings = inboxes.queries.by_id(boss, mailbox.inbox_id).settings
        inboxes.update_inbox(mailbox.inbox_id, actor=boss, settings={**settings, "look_inside": ""})
    arrive(mailbox, mail())
    [talk] = Conversation.objects.all()
    actions.reply(talk.pk, actor=boss, body="It is on its way.")
    answered: EmailMessage = sent(desk)
    again = mail("Thank you, see below.", Subject="Something else")
    again.add_attachment(answered)
    arrive(mailbox, again)
    assert Conversation.objects.count() == (1 if looks else 2)
    letter = addressing.read(Message.objects.get(body__startswith="Thank you"))
    assert letter is not None
    told = [step.words() for step in letter.steps]
    wanted = f"in an attached file: conversation {talk.pk}" if looks else "not looked into in this mailbox"
    assert any(words.endswith(wanted) for words in told)
