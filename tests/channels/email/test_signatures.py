"""Signatures: the mailbox's with places for whoever writes, or their own; on mails and nowhere else."""

from __future__ import annotations

from email.message import EmailMessage

import msgspec
import pytest

from careline.accounts import actions as accounts
from careline.channels import actions as channels
from careline.channels import signatures
from careline.channels.email import signature
from careline.channels.letters import NOBODY, Writer
from careline.kit.refusals import NotAllowed, NotVisible, Refused
from careline.service.conversations import actions, queries
from careline.service.conversations.letters import addressed
from careline.service.conversations.models import Conversation
from tests.channels.email.mailroom import arrive, desk, mail, sent
from tests.channels.email.servers import PASSWORD

__all__ = ["desk"]

pytestmark = pytest.mark.django_db(transaction=True)
BO = Writer("Bo Ek", "Direct line 12\nMonday to Friday")


@pytest.mark.parametrize(
    ("mailbox", "writer", "below"),
    [
        ("Lamp Shop\nHarbor 1", BO, "Lamp Shop\nHarbor 1"),
        ("{name}\nLamp Shop", BO, "Bo Ek\nLamp Shop"),
        (
            "{name}, Lamp Shop\n{signature}\nHarbor 1",
            BO,
            "Bo Ek, Lamp Shop\nDirect line 12\nMonday to Friday\nHarbor 1",
        ),
        ("{name}\n {signature} \nHarbor 1", Writer("Bo Ek"), "Bo Ek\nHarbor 1"),
        ("{signature}", Writer("Bo Ek"), ""),
        (" \n ", BO, BO.signature),
        ("", Writer("Bo Ek"), ""),
        # Nobody of us: a mail of the house itself.
        ("{name}\n{signature}\nHarbor 1", NOBODY, "Lamp Shop\nHarbor 1"),
        # What stands in a name or in one's own is no place, and other braces stay.
        ("{name} {signature} {x} {0}", Writer("{signature}", "{name}"), "{signature} {name} {x} {0}"),
    ],
)
def test_what_stands_below_a_mail(mailbox, writer, below):
    assert signature.below(mailbox, writer, "Lamp Shop") == below


@pytest.fixture
def signed(desk, open_inbox):
    """A mailbox whose signature names whoever writes."""
    return open_inbox(
        "email", address="help@shop.example", smtp_host="127.0.0.1", smtp_port=str(desk.port), smtp_security="none",
        smtp_user="help@shop.example", smtp_password=PASSWORD, signature="{name}\n{signature}\nLamp Shop",
        acknowledgement="Thank you.",
    )  # fmt: skip


@pytest.fixture
def writing(signed, bo, boss):
    """Bo, with a signature of his own, in that mailbox."""
    channels.add_member(signed.inbox_id, bo.agent_id, actor=boss)
    accounts.update_profile(bo.agent_id, actor=bo, signature=" Direct line 12\r\n")
    return msgspec.structs.replace(bo, inbox_ids=(signed.inbox_id,))


def text_of(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def test_each_agents_mail_has_theirs_as_the_composer_shows_it(signed, desk, writing, boss):
    arrive(signed, mail())
    assert "-- " not in text_of(sent(desk), "plain")  # what a machine says has none
    [talk] = Conversation.objects.all()
    for actor, below in ((writing, f"{writing.name}\nDirect line 12\nLamp Shop"), (boss, f"{boss.name}\nLamp Shop")):
        shown = queries.envelope(actor, talk.pk)
        assert shown is not None
        assert shown.signature == below
        actions.reply(talk.pk, actor=actor, body="Here it is.")
        answer = sent(desk)
        assert f"Here it is.\n\n-- \n{below}\n" in text_of(answer, "plain")
        assert below.replace("\n", "<br>\n") in text_of(answer, "html")


def test_what_is_passed_on_and_begun_has_it_too(signed, desk, writing):
    arrive(signed, mail())
    [talk] = Conversation.objects.all()
    to = addressed.of_fields({"to": "warehouse@example.com", "subject": "Fwd: Lamp"})
    actions.forward(talk.pk, actor=writing, letter=to, body="Can you look?")
    assert "-- \nBo Ek\nDirect line 12\nLamp Shop\n" in text_of(sent(desk), "plain").replace(writing.name, "Bo Ek")


def test_both_screens_know_what_will_stand_below(signed, open_inbox, writing, boss):
    open_inbox("email", address="other@shop.example", signature="The team")
    [mine] = signatures.of_mine(writing)
    assert (mine.inbox, mine.words, mine.own) == ("Our email", f"{writing.name}\nDirect line 12\nLamp Shop", True)
    [drafted] = signatures.of_mine(writing, "Draft")
    assert drafted.words == f"{writing.name}\nDraft\nLamp Shop"
    [there] = signatures.of_inbox(boss, signed.inbox_id, {"signature": "{name}!"})
    assert there.words == f"{boss.name}!"
    with pytest.raises((NotAllowed, NotVisible)):
        signatures.of_inbox(writing, signed.inbox_id)


def test_a_chat_has_no_signature(inbox, boss, writing):
    assert signatures.of_inbox(boss, inbox.pk) == []


def test_a_signature_is_ones_own_or_of_whom_one_manages(bo, dee, boss):
    with pytest.raises(NotAllowed):
        accounts.update_profile(bo.agent_id, actor=dee, signature="x")
    with pytest.raises(Refused, match="Signature may have at most"):
        accounts.update_profile(bo.agent_id, actor=bo, signature="x" * 2001)
    assert accounts.update_profile(bo.agent_id, actor=boss, signature="Team 3").signature == "Team 3"
