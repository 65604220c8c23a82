"""Who may see what was moved; two who move at once, and mail that comes meanwhile."""

from __future__ import annotations

import pytest

from careline.channels import inbound, outbox
from careline.channels.email import threads
from careline.channels.models import Inbound, Outbox
from careline.customers import actions as customers
from careline.kit import personal
from careline.kit.refusals import Conflicting, Refused
from careline.service.conversations import actions, queries
from careline.service.conversations.actions.moving import ForSomebodyElse
from careline.service.conversations.hot import words
from careline.service.conversations.models import Conversation, Message
from tests.channels.together import in_threads
from tests.service.moving import hand, mail, mailbox, message_of, numbers_fit, talk

__all__ = ["hand", "mailbox", "talk"]

pytestmark = pytest.mark.django_db


def test_a_chat_never_shows_what_another_customer_said(talk, bo, inbox):
    theirs = actions.open_with(
        actor=bo, inbox_id=inbox.pk, person=words.who(email="lin@example.com"), body="Something else."
    )
    message = message_of(talk.pk, "It was the green lamp.").pk
    for confirmed in (False, True):
        with pytest.raises(Refused, match="another customer"):
            actions.rethread([message], theirs.conversation_id, actor=bo, confirmed=confirmed)
    shown = queries.shared_with(
        theirs.person_id, conversation_id=theirs.conversation_id, inbox_id=inbox.pk, after=0, limit=50
    )
    assert [row.body for row in shown] == ["Something else."]


def test_a_customer_reads_in_each_chat_what_stands_there_now(talk, bo, ada, inbox):
    moved = actions.split(talk.pk, message_of(talk.pk, "And my lamp is broken.").pk, actor=bo)
    shown = [
        [row.body for row in queries.shared_with(ada.pk, conversation_id=number, inbox_id=inbox.pk)]
        for number in (talk.pk, moved.conversation)
    ]
    assert shown == [["It leaves today.", "My order is late."], ["It was the green lamp.", "And my lamp is broken."]]


def test_a_mail_goes_to_another_customer_only_when_that_is_meant_and_a_note_never(mailbox, hand):
    first = mail(mailbox, key="one@example.com")
    other = mail(mailbox, key="two@example.net", sender="Lin <lin@example.net>", subject="Lamp")
    note = actions.note(first.conversation_id, actor=hand, body="For us alone.")
    with pytest.raises(ForSomebodyElse):
        actions.rethread([first.pk], other.conversation_id, actor=hand)
    with pytest.raises(Refused, match="note stays"):
        actions.rethread([first.pk, note.message_id], other.conversation_id, actor=hand, confirmed=True)
    actions.rethread([first.pk], other.conversation_id, actor=hand, confirmed=True)
    target = numbers_fit(other.conversation_id)
    assert set(target.participants) >= {"ada@example.com", "lin@example.net"}
    assert "ada@example.com" not in Conversation.objects.get(pk=first.conversation_id).participants


def test_what_is_erased_of_a_person_is_erased_where_it_stands_now(mailbox, hand, boss):
    first = mail(mailbox, key="one@example.com", body="My own words.")
    other = mail(mailbox, key="two@example.net", sender="Lin <lin@example.net>", subject="Lamp")
    person = Conversation.objects.get(pk=first.conversation_id).person_id
    actions.rethread([first.pk], other.conversation_id, actor=hand, confirmed=True)
    given_out = personal.export(person)["conversations.Message"]
    assert [row["body"].strip() for row in given_out] == ["My own words."]
    customers.erase(person, actor=boss)
    first.refresh_from_db()
    other.refresh_from_db()
    assert (first.body, first.letter) == ("", None)
    assert other.body.strip() == "Where is it?"


def test_an_answer_that_is_being_sent_stays_until_it_has_left(mailbox, hand):
    first = mail(mailbox, key="one@example.com")
    mail(mailbox, key="more@example.com", more="In-Reply-To: <one@example.com>\r\n")
    reply = actions.reply(first.conversation_id, actor=hand, body="It leaves today.")
    with pytest.raises(Conflicting, match="being sent"):
        actions.split(first.conversation_id, reply.message_id, actor=hand)
    Message.objects.filter(pk=reply.message_id).update(status="sent")
    moved = actions.split(first.conversation_id, reply.message_id, actor=hand)
    row = Outbox.objects.get(message_id=reply.message_id)
    assert row.payload["conversation"] == moved.conversation
    assert row.payload["text"] == "It leaves today."
    outbox.status(mailbox.pk, "nothing of ours", "delivered")


def test_answers_go_where_the_answered_message_stands_now(mailbox, hand):
    first = mail(mailbox, key="one@example.com")
    more = mail(mailbox, key="more@example.com", more="In-Reply-To: <one@example.com>\r\n")
    reply = actions.reply(first.conversation_id, actor=hand, body="Which lamp?")
    Message.objects.filter(pk=reply.message_id).update(status="sent")
    moved = actions.split(first.conversation_id, more.pk, actor=hand)
    named = threads.message_id(reply.message_id, "shop.example")
    token = threads.reply_address(first.conversation_id, "support@shop.example")
    answers = {
        "by its id": f"In-Reply-To: <{named}>\r\n",
        "by the older address": f"In-Reply-To: <{named}>\r\nCc: {token}\r\n",
        "by the customer's own id": "In-Reply-To: <more@example.com>\r\n",
        "what still stands there": f"In-Reply-To: <one@example.com>\r\nCc: {token}\r\n",
    }
    found = {
        what: mail(mailbox, key=f"answer{n}@example.com", more=more).conversation_id
        for n, (what, more) in enumerate(answers.items())
    }
    assert found == dict.fromkeys(answers, moved.conversation) | {"what still stands there": first.conversation_id}


@pytest.mark.django_db(transaction=True)
def test_two_who_split_at_once_split_once(talk, bo):
    message = message_of(talk.pk, "And my lamp is broken.").pk
    refusals = []

    def split():
        try:
            return actions.split(talk.pk, message, actor=bo)
        except Refused as refusal:
            refusals.append(refusal)
            return None

    moved = [one for one in in_threads(split, 4) if one]
    assert len(moved) == 1
    assert len(refusals) == 3
    assert Conversation.objects.count() == 2
    numbers_fit(talk.pk)
    numbers_fit(moved[0].conversation)


@pytest.mark.django_db(transaction=True)
def test_a_mail_that_comes_while_its_conversation_is_moved_is_not_lost(mailbox, hand):
    """Whichever is first: it joins before, or is looked for again where its thread has gone."""
    first = mail(mailbox, key="one@example.com")
    other = mail(mailbox, key="two@example.com", subject="Another")
    for n in range(4):
        raw = (
            f"From: ada@example.com\r\nTo: support@shop.example\r\nMessage-ID: <late{n}@example.com>\r\n"
            "In-Reply-To: <one@example.com>\r\n\r\nOne more thing.\r\n"
        )
        inbound.keep(mailbox.pk, f"late{n}", raw.encode(), {})
    home, there = first.conversation_id, other.conversation_id

    turn = iter(range(4))

    def move_or_take():
        if next(turn) % 2:
            return inbound.take()
        stands = Message.objects.get(pk=first.pk).conversation_id
        everything = Message.objects.filter(conversation=stands).exclude(kind="system").values_list("pk", flat=True)
        try:
            actions.rethread(list(everything), there if stands == home else home, actor=hand, confirmed=True)
        except Conflicting:
            return None

    in_threads(move_or_take, 4)
    while inbound.take():
        pass
    assert not Inbound.objects.exclude(state="taken").exists()
    assert Message.objects.filter(external_id__startswith="late").count() == 4
    for number in (home, there):
        numbers_fit(number)
