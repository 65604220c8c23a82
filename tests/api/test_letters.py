"""Messages of channels whose messages have an envelope tell it, at both doors alike."""

from __future__ import annotations

import pytest

from careline.accounts.actor import SYSTEM
from careline.channels import actions as channels
from careline.channels.models import Inbox, Membership
from careline.service.conversations.models import Conversation
from tests.web.desk.mailing import INVITATION, arrive, mail

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def mailbox(organization):
    return channels.create_inbox(actor=SYSTEM, kind="email", name="Help", settings={"address": "help@shop.example"})


@pytest.fixture
def reader(mailbox, hire):
    agent = hire("Rae Reader", role="agent")
    Membership.objects.create(agent=agent, inbox=Inbox.objects.get(pk=mailbox.pk))
    return agent.as_actor((mailbox.pk,))


def test_a_message_tells_its_envelope(mailbox, reader, program, raw):
    made = mail("Hello\n\nOn Mon, 2 Mar 2026 at 09:00 Help <help@shop.example> wrote:\n> Old", Cc="Di <di@example.com>")
    made.add_attachment(INVITATION.encode(), maintype="text", subtype="calendar", filename="invite.ics")
    made.add_attachment(b"MZ\0\0program", maintype="application", subtype="octet-stream", filename="gift.exe")
    message = arrive(mailbox, made)
    path = f"conversations/{message.conversation_id}/messages"
    [told] = [one for one in program(reader).get(path).json["items"] if one["kind"] == "incoming"]
    letter = told["letter"]
    assert letter["from"] == {"name": "Ada Moreau", "address": "ada@example.com"}
    assert letter["to"] == [{"name": "", "address": "help@shop.example"}]
    assert letter["cc"] == [{"name": "Di", "address": "di@example.com"}]
    assert letter["bcc"] == []
    assert (letter["subject"], letter["automatic"], letter["shortened"]) == ("Lamp", "", True)
    assert letter["written_at"] == "2026-03-02T09:30:00Z"
    assert letter["message_id"] == made["Message-ID"].strip("<>")
    assert letter["invitations"][0]["summary"] == "Fitting the lamp"
    assert [one["name"] for one in letter["left_out"]] == ["gift.exe"]
    assert letter["trace"][0] == "Reply address: nothing found"
    assert "> Old" in program(None).client.get("/" + letter["original_url"].split("/", 3)[3]).content.decode()
    [same] = [one for one in raw(program(reader)).get(path).json["items"] if one["kind"] == "incoming"]
    assert {name: value for name, value in same["letter"].items() if name != "original_url"} == {
        name: value for name, value in letter.items() if name != "original_url"
    }


def test_words_without_an_envelope_have_none(conversation, bo, program):
    items = program(bo).get(f"conversations/{conversation.pk}/messages").json["items"]
    assert {one["letter"] for one in items} == {None}


def test_a_conversation_names_the_one_it_goes_on_from(mailbox, reader, program):
    older, newer = arrive(mailbox, mail()), arrive(mailbox, mail("Again", Subject="Again"))
    Conversation.objects.filter(pk=newer.conversation_id).update(follows=older.conversation_id)
    knocking = program(reader)
    assert knocking.get(f"conversations/{newer.conversation_id}").json["follows_id"] == str(older.conversation_id)
    assert knocking.get(f"conversations/{older.conversation_id}").json["follows_id"] is None
