"""What is passed on to somebody else: it leaves, it is no answer, and what they say comes back as theirs."""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any
from uuid import uuid4

import pytest

from careline.channels import outbox
from careline.channels.letters import Letter, Party
from careline.channels.models import Outbox
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.service.conversations import actions, queries
from careline.service.conversations.models import Attachment, Conversation, Message
from tests.channels.email.arriving import arrive, written
from tests.channels.email.letters import parsed
from tests.channels.email.servers import PASSWORD, Desk, serving

pytestmark = pytest.mark.django_db(transaction=True)
WAREHOUSE = Letter(to=(Party("bo@warehouse.example", "Bo"),), subject="Fwd: Lamp")


@pytest.fixture
def desk(settings: Any):
    settings.CARELINE_ALLOW_PRIVATE_HTTP = True
    desk = Desk()
    with serving(desk) as port:
        desk.port = port  # type: ignore[attr-defined]
        yield desk


@pytest.fixture
def mailbox(desk: Any, open_inbox: Any) -> Any:
    return open_inbox(
        "email", address="help@shop.example", sender="Lamp Shop", smtp_host="127.0.0.1", smtp_port=str(desk.port),
        smtp_security="none", smtp_user="help@shop.example", smtp_password=PASSWORD, signature="Your Lamp Shop",
        attachments_mb="1",
    )  # fmt: skip


@pytest.fixture
def talk(mailbox: Any) -> Conversation:
    mail = written("Here is the bill.\nIt does not fit.", Cc="charles@example.com")
    mail.add_attachment(b"bill", maintype="text", subtype="plain", filename="bill.txt")
    arrive(mailbox.inbox_id, mail)
    return Conversation.objects.get()


def sent(desk: Any) -> EmailMessage:
    while outbox.deliver():
        pass
    return parsed(desk.taken[-1].content)


def whole(mail: EmailMessage, kind: str = "plain") -> str:
    return mail.get_body((kind,)).get_content()


def test_a_message_goes_to_somebody_else_with_comment_headers_and_files(talk, desk, boss):
    [theirs] = Message.objects.all()
    before = theirs.letter
    said = actions.forward(talk.pk, actor=boss, letter=WAREHOUSE, message_id=theirs.pk, body="Can you look?")
    mail = sent(desk)
    assert (mail["To"], mail["Cc"], mail["Subject"]) == ("Bo <bo@warehouse.example>", None, "Fwd: Lamp")
    assert (mail["In-Reply-To"], mail["References"]) == (None, None)
    text = whole(mail)
    for words in ("Can you look?", "Your Lamp Shop", "From: Ada Lovelace <ada@example.com>", "Cc: charles@example.com",
                  "Subject: Lamp", "It does not fit."):  # fmt: skip
        assert words in text
    assert text.index("Can you look?") < text.index("Your Lamp Shop") < text.index("From: Ada")
    assert "Ada Lovelace" in whole(mail, "html")
    [file] = mail.iter_attachments()
    assert (file.get_filename(), file.get_content()) == (
        "bill.txt",
        "bill\n" if file.get_content()[-1:] == "\n" else "bill",
    )
    assert desk.taken[-1].rcpt_tos == ["bo@warehouse.example"]
    theirs.refresh_from_db()
    assert theirs.letter == before
    assert (said.kind, said.shared_seq) == ("forward", None)


def test_it_is_no_answer_to_the_customer(talk, desk, boss, line_of):
    heard = (talk.first_replied_at, talk.waiting_on, talk.handled_by, talk.preview, talk.shared_seq)
    actions.forward(talk.pk, actor=boss, letter=WAREHOUSE, body="Please.")
    sent(desk)
    talk.refresh_from_db()
    assert (talk.first_replied_at, talk.waiting_on, talk.handled_by, talk.preview, talk.shared_seq) == heard
    assert heard[:2] == (None, "us")
    kinds = [one.kind for one in line_of(talk.person_id)]
    assert kinds.count("message.forwarded") == 1
    assert "message.sent" not in kinds
    shared = queries.shared_with(talk.person_id, conversation_id=talk.pk, inbox_id=talk.inbox_id)
    assert [one.kind for one in shared] == ["incoming"]
    assert set(Message.objects.values_list("kind", "status")) == {("incoming", ""), ("forward", "queued")}
    assert Outbox.objects.get().state == "sent"


def test_the_whole_conversation_goes_without_its_notes(talk, desk, boss):
    actions.reply(talk.pk, actor=boss, body="We will see to it.")
    actions.note(talk.pk, actor=boss, body="A difficult one.")
    actions.forward(talk.pk, actor=boss, letter=WAREHOUSE)
    text = whole(sent(desk))
    assert text.index("It does not fit.") < text.index("We will see to it.")
    assert "From: Lamp Shop <help@shop.example>" in text
    assert "difficult" not in text


def test_their_answer_comes_back_as_theirs_and_the_next_answer_still_goes_to_the_customer(talk, mailbox, desk, boss):
    actions.forward(talk.pk, actor=boss, letter=WAREHOUSE, body="Can you look?")
    mail = sent(desk)
    arrive(mailbox.inbox_id, written("It was packed wrong.", From="Bo <bo@warehouse.example>", Subject="Re: Fwd: Lamp",
                                     In_Reply_To=mail["Message-ID"], References=mail["Message-ID"], Cc=""))  # fmt: skip
    last = Message.objects.order_by("conversation", "seq").last()
    assert last is not None
    assert (last.conversation_id, last.author_name, last.body.strip()) == (talk.pk, "Bo", "It was packed wrong.")
    envelope = queries.envelope(boss, talk.pk)
    assert envelope is not None
    assert [one.address for one in envelope.to] == ["ada@example.com"]
    assert "bo@warehouse.example" in [one.address for one in envelope.known]
    actions.reply(talk.pk, actor=boss, body="Packed wrong, sorry.")
    answer = sent(desk)
    assert answer["To"] == "Ada Lovelace <ada@example.com>"
    assert "warehouse" not in whole(answer)
    assert "It does not fit." in whole(answer)


def test_what_does_not_fit_is_left_out_and_named(mailbox, desk, boss):
    mail = written("Two pictures.")
    for name in ("one.bin", "two.bin"):
        mail.add_attachment(b"\0" * 700_000, maintype="application", subtype="octet-stream", filename=name)
    arrive(mailbox.inbox_id, mail)
    talk = Conversation.objects.get()
    said = actions.forward(talk.pk, actor=boss, letter=WAREHOUSE)
    assert [one.name for one in Attachment.objects.filter(message=said.message_id)] == ["one.bin"]
    letter = Message.objects.get(pk=said.message_id).letter
    assert list(letter["left_out"]) == ["two.bin"]
    assert [one.get_filename() for one in sent(desk).iter_attachments()] == ["one.bin"]


def test_the_same_key_forwards_once(talk, boss):
    given = {"actor": boss, "letter": WAREHOUSE, "body": "Look.", "client_id": "k"}
    first = actions.forward(talk.pk, **given)
    again = actions.forward(talk.pk, **given)
    assert (again.message_id, again.repeated) == (first.message_id, True)
    with pytest.raises(Refused, match="client_id"):
        actions.forward(talk.pk, **(given | {"body": "Other."}))
    assert Outbox.objects.count() == 1


def test_a_note_is_never_passed_on_nor_anything_by_strangers(talk, boss, dee):
    note = actions.note(talk.pk, actor=boss, body="Secret.")
    with pytest.raises(Refused, match="Only what the customer said"):
        actions.forward(talk.pk, actor=boss, letter=WAREHOUSE, message_id=note.message_id)
    with pytest.raises(NotVisible):
        actions.forward(talk.pk, actor=boss, letter=WAREHOUSE, message_id=uuid4())
    with pytest.raises(NotVisible):
        actions.forward(talk.pk, actor=dee, letter=WAREHOUSE)
    looker = type(boss)("agent", boss.id, "An", boss.agent_id, frozenset({"conversations.view"}), boss.inbox_ids)
    with pytest.raises(NotAllowed):
        actions.forward(talk.pk, actor=looker, letter=WAREHOUSE)
    with pytest.raises(Refused, match="Say whom"):
        actions.forward(talk.pk, actor=boss, letter=Letter(subject="x"))
    assert not Outbox.objects.exists()


def test_a_chat_is_not_forwarded(conversation, bo):
    with pytest.raises((Refused, Conflicting), match="no recipients"):
        actions.forward(conversation.pk, actor=bo, letter=WAREHOUSE)
