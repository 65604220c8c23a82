"""People in copy stay there until somebody takes them out, whoever is answered by whom."""

from __future__ import annotations

import importlib

import pytest
from django.db import connection

from careline.accounts.actor import SYSTEM
from careline.channels import actions as channels
from careline.channels import adapter
from careline.channels.letters import Party
from careline.channels.models import Inbox
from careline.channels.queries import endpoint
from careline.customers.models import Identity, Person
from careline.kit import personal
from careline.kit.refusals import NotAllowed, NotVisible, Refused
from careline.service.conversations import actions, queries
from careline.service.conversations.history import actions as histories
from careline.service.conversations.letters import addressed, addressing
from careline.service.conversations.models import Conversation, Message
from tests.channels.email.arriving import arrive, written

pytestmark = pytest.mark.django_db
CHARLES, LIN = "Charles <charles@example.com>", "Lin <lin@example.com>"


@pytest.fixture
def mailbox(organization) -> Inbox:
    given = {"address": "help@shop.example", "aliases": ["shop@shop.example"], "smtp_host": "mail.shop.example"}
    return channels.create_inbox(actor=SYSTEM, kind="email", name="Mail", settings=given)


@pytest.fixture
def mail(mailbox: Inbox, ada, boss) -> Conversation:
    """Ada wrote to two addresses of ours and to Lin, with Charles in copy."""
    to = f"help@shop.example, Shop@shop.example, {LIN}"
    arrive(mailbox.pk, written(To=to, Cc=CHARLES, Message_ID="<first@example.com>"))
    return Conversation.objects.get(channel="email")


def usual(talk: Conversation, actor) -> tuple[list[str], list[str]]:
    """Whom the next answer goes to, and who gets a copy of it."""
    found = queries.envelope(actor, talk.pk)
    assert found is not None
    return [one.address for one in found.to], [one.address for one in found.cc]


def answer(mailbox: Inbox, text: str = "And?", **headers: str) -> None:
    arrive(mailbox.pk, written(text, In_Reply_To="<first@example.com>", **headers))


def test_whoever_was_in_copy_stays_though_the_customer_answers_us_alone(mail, mailbox, boss):
    both = ["charles@example.com", "lin@example.com"]
    assert usual(mail, boss) == (["ada@example.com"], both)
    answer(mailbox, Cc="bill@example.com")
    assert usual(mail, boss) == (["ada@example.com"], ["bill@example.com", *both])
    answer(mailbox)
    assert usual(mail, boss) == (["ada@example.com"], ["bill@example.com", *both])


def test_somebody_in_copy_who_writes_is_answered_and_then_in_copy_again(mail, mailbox, boss):
    answer(mailbox, From=CHARLES)
    assert usual(mail, boss) == (["charles@example.com"], ["lin@example.com"])
    answer(mailbox)
    assert usual(mail, boss) == (["ada@example.com"], ["charles@example.com", "lin@example.com"])


def test_what_is_taken_out_stays_out_until_a_later_mail_names_them(mail, mailbox, boss, line_of):
    actions.copy(mail.pk, actor=boss, remove=["Charles@Example.com"])
    answer(mailbox)
    assert usual(mail, boss) == (["ada@example.com"], ["lin@example.com"])
    [moment] = [one for one in line_of(mail.person_id) if one.kind == "copies.changed"]
    assert moment.facts == {"conversation": mail.pk, "added": 0, "removed": 1}
    line = Message.objects.get(kind="system")
    assert line.event == {"verb": "copied", "added": 0, "removed": 1}
    answer(mailbox, Cc=CHARLES)
    assert usual(mail, boss) == (["ada@example.com"], ["charles@example.com", "lin@example.com"])


def test_who_is_put_in_copy_gets_what_leaves_without_anybody_named(mail, mailbox, boss):
    actions.copy(mail.pk, actor=boss, add=[Party("bill@example.com", "Bill")], remove=["lin@example.com"])
    said = actions.reply(mail.pk, actor=boss, body="Here it is.")
    leaving = addressing.of_reply(said.message_id, endpoint(mailbox.pk), adapter.of("email"))
    assert [one.address for one in leaving.letter.cc] == ["bill@example.com", "charles@example.com"]


def test_copies_of_ours_stay_and_leaving_somebody_out_once_takes_nobody_out(mail, boss):
    chosen = addressed.of_fields(
        {"to": "ada@example.com, once@example.com", "cc": "bill@example.com", "bcc": "eve@x.org"}
    )
    actions.reply(mail.pk, actor=boss, body="For now to Bill.", letter=chosen)
    assert usual(mail, boss)[1] == ["bill@example.com", "charles@example.com", "lin@example.com"]


def test_a_machine_puts_nobody_in_copy(mail, mailbox, boss):
    answer(mailbox, "I am away.", Auto_Submitted="auto-replied", Cc="robot@example.com")
    assert usual(mail, boss)[1] == ["charles@example.com", "lin@example.com"]


def test_whom_something_was_passed_on_to_puts_nobody_in_copy(mail, mailbox, boss):
    passed = actions.forward(mail.pk, actor=boss, letter=addressed.of_fields({"to": "bo@warehouse.example"}))
    letter = Message.objects.get(pk=passed.message_id).letter
    Message.objects.filter(pk=passed.message_id).update(letter=letter | {"message_id": "passed@shop.example"})
    Conversation.objects.filter(pk=mail.pk).update(participants=[*mail.participants, "bo@warehouse.example"])
    names = "<first@example.com> <passed@shop.example>"
    arrive(mailbox.pk, written("Found it.", From="bo@warehouse.example", Cc="his@warehouse.example", References=names))
    assert Message.objects.filter(conversation=mail.pk, kind="incoming").count() == 2
    assert usual(mail, boss) == (["ada@example.com"], ["charles@example.com", "lin@example.com"])


def test_what_is_split_off_takes_those_along_whom_it_names(mail, mailbox, boss):
    answer(mailbox, "About another matter.", Cc="bill@example.com")
    actions.copy(mail.pk, actor=boss, remove=["lin@example.com"])
    other = Message.objects.get(body__startswith="About another")
    moved = actions.split(mail.pk, other.pk, actor=boss)
    assert usual(Conversation.objects.get(pk=moved.conversation), boss) == (["ada@example.com"], ["bill@example.com"])
    assert usual(mail, boss)[1] == ["bill@example.com", "charles@example.com"]


def test_only_who_may_answer_changes_who_is_in_copy(mail, conversation, boss, bo, dee):
    looker = type(boss)("agent", boss.id, "An", boss.agent_id, frozenset({"conversations.view"}), boss.inbox_ids)
    with pytest.raises(NotAllowed):
        actions.copy(mail.pk, actor=looker, remove=["lin@example.com"])
    with pytest.raises(NotVisible):
        actions.copy(mail.pk, actor=dee, remove=["lin@example.com"])
    with pytest.raises(Refused, match="does not look like"):
        actions.copy(mail.pk, actor=boss, add=[Party("lin")])
    with pytest.raises(Refused, match="no recipients to choose"):
        actions.copy(conversation.pk, actor=bo, add=[Party("lin@example.com")])
    before = Conversation.objects.get(pk=mail.pk).last_seq
    actions.copy(mail.pk, actor=boss, add=[Party("LIN@example.com", "Another name")], remove=["nobody@example.com"])
    assert Conversation.objects.get(pk=mail.pk).last_seq == before


def test_who_is_erased_is_in_copy_nowhere(mail, boss):
    actions.copy(mail.pk, actor=boss, add=[Party("grace@example.com", "Grace")])
    grace = Person.objects.create(name="Grace")
    Identity.objects.create(person=grace, kind="email", value="grace@example.com", original="grace@example.com")
    assert [one["address"] for one in personal.export(mail.person_id)["conversations.Conversation"][0]["copies"]]
    personal.erase(grace.pk)
    assert usual(mail, boss)[1] == ["charles@example.com", "lin@example.com"]
    personal.erase(mail.person_id)
    assert Conversation.objects.get(pk=mail.pk).copies == {}


def test_conversations_of_before_keep_whom_their_last_mail_named(mail, mailbox, boss):
    answer(mailbox, Cc="bill@example.com")
    Conversation.objects.update(copies={})
    step = importlib.import_module("careline.service.conversations.migrations.0009_copies_so_far")
    with connection.cursor() as cursor:
        cursor.execute(step.KEEP)
    assert usual(mail, boss) == (["ada@example.com"], ["bill@example.com"])


def test_mail_of_earlier_years_keeps_who_was_in_copy(mailbox, ada, boss, tmp_path):
    theirs = written("Then.", Cc=CHARLES, Message_ID="<then@example.com>")
    ours = written("Here.", From="help@shop.example", To="ada@example.com, once@example.com", Cc=LIN)
    for name, value in (("In-Reply-To", "<then@example.com>"), ("References", "<then@example.com>")):
        ours[name] = value
    path = tmp_path / "years.mbox"
    path.write_bytes(b"".join(b"From x Mon Mar  2 09:00:00 2026\n" + bytes(one) + b"\n" for one in (theirs, ours)))
    histories.bring_here(mailbox.pk, path, actor=boss, told=lambda _now: None, open_days=14)
    assert usual(Conversation.objects.get(), boss) == (["ada@example.com"], ["charles@example.com", "lin@example.com"])
