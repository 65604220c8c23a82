"""Words in the wrong conversation go to the right one, nobody else sees them, and they find their way back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from careline.channels import inbound, outbox
from careline.channels.email import threads
from careline.channels.models import Inbound, Inbox, Membership, Outbox
from careline.customers import actions as customers
from careline.kit import personal, signing
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.service.conversations import actions, queries
from careline.service.conversations.actions.moving import ForSomebodyElse
from careline.service.conversations.hot import words
from careline.service.conversations.models import Conversation, Message
from tests.channels.together import in_threads

pytestmark = pytest.mark.django_db


@pytest.fixture
def mailbox(bo):
    box = Inbox.objects.create(
        kind="email",
        name="Support",
        key="support",
        secret=signing.seal(b"s" * 32),
        delivery="push",
        settings={"address": "support@shop.example", "reopen_days": 0},
    )
    Membership.objects.create(agent_id=bo.agent_id, inbox=box)
    return box


@pytest.fixture
def hand(bo, mailbox):
    """Bo, who works in the chat and in the mailbox."""
    return type(bo)("agent", bo.id, bo.name, bo.agent_id, bo.permissions, (*bo.inbox_ids, mailbox.pk))


@pytest.fixture
def talk(conversation, bo, nine):
    """Ada writes, is answered, writes of something else, the team notes it, and she adds to it."""
    for n, (verb, said) in enumerate(
        [
            (actions.reply, "It leaves today."),
            (actions.hear, "And my lamp is broken."),
            (actions.note, "A second matter."),
            (actions.hear, "It was the green lamp."),
        ]
    ):
        verb(conversation.pk, actor=bo, body=said, at=nine + timedelta(minutes=n + 1))
    conversation.refresh_from_db()
    return conversation


def mail(mailbox, *, key, sender="Ada <ada@example.com>", subject="Late", more="", body="Where is it?"):
    head = f"From: {sender}\r\nTo: support@shop.example\r\nSubject: {subject}\r\nMessage-ID: <{key}>\r\n{more}"
    raw = f"{head}\r\n{body}\r\n"
    inbound.keep(mailbox.pk, key, raw.encode(), {})
    inbound.take()
    return Message.objects.filter(external_id=key).first()


def said_in(number):
    """Everything that was said there, in its order; without the lines of what happened."""
    rows = Message.objects.filter(conversation=number).exclude(kind="system").order_by("seq")
    return [one.body for one in rows]


def numbers_fit(number):
    """Each number once, none above the last; what is shared is numbered in the same order."""
    row = Conversation.objects.get(pk=number)
    messages = list(Message.objects.filter(conversation=number).order_by("seq"))
    seqs = [one.seq for one in messages]
    shared = [one.shared_seq for one in messages if one.shared_seq is not None]
    assert len(set(seqs)) == len(seqs)
    assert max(seqs) <= row.last_seq
    assert shared == sorted(set(shared))
    assert max(shared, default=0) <= row.shared_seq
    return row


def message_of(number, body):
    return Message.objects.get(conversation=number, body=body)


def test_what_follows_a_message_becomes_a_conversation_of_its_own(talk, bo, ada, line_of):
    moved = actions.split(talk.pk, message_of(talk.pk, "And my lamp is broken.").pk, actor=bo)
    assert said_in(talk.pk) == ["My order is late.", "It leaves today."]
    assert said_in(moved.conversation) == ["And my lamp is broken.", "A second matter.", "It was the green lamp."]
    left, new = numbers_fit(talk.pk), numbers_fit(moved.conversation)
    assert (left.preview, left.preview_by, left.waiting_on) == ("It leaves today.", "us", "customer")
    assert (new.preview, new.preview_by, new.waiting_on) == ("It was the green lamp.", "customer", "us")
    assert left.first_replied_at is not None
    assert new.first_replied_at is None
    assert new.person_id == ada.pk
    assert new.opened_at == message_of(new.pk, "And my lamp is broken.").occurred_at
    told = [(m.kind, m.source) for m in line_of(ada.pk) if m.recorded_at >= new.opened_at]
    here, there = f"conversation:{talk.pk}", f"conversation:{new.pk}"
    assert told[-3:] == [("conversation.opened", there), ("message.moved", there), ("message.moved", here)]


def test_one_message_alone_is_taken_out_of_the_middle(talk, bo):
    moved = actions.split(talk.pk, message_of(talk.pk, "And my lamp is broken.").pk, actor=bo, alone=True)
    assert said_in(moved.conversation) == ["And my lamp is broken."]
    assert said_in(talk.pk) == ["My order is late.", "It leaves today.", "A second matter.", "It was the green lamp."]


def test_both_threads_keep_a_line_that_leads_to_the_other(talk, bo):
    moved = actions.split(talk.pk, message_of(talk.pk, "And my lamp is broken.").pk, actor=bo)
    events = {
        number: Message.objects.filter(conversation=number, kind="system").values_list("event", flat=True)[0]
        for number in (talk.pk, moved.conversation)
    }
    assert (events[talk.pk]["way"], events[talk.pk]["other_conversation"]) == ("out", moved.conversation)
    assert (events[moved.conversation]["way"], events[moved.conversation]["other_conversation"]) == ("in", talk.pk)
    assert events[talk.pk]["messages"] == [str(one) for one in moved.messages]


def test_taken_back_everything_stands_where_it_stood(talk, bo):
    before = list(talk.messages.order_by("seq").values_list("pk", "seq", "shared_seq"))
    moved = actions.split(talk.pk, message_of(talk.pk, "And my lamp is broken.").pk, actor=bo)
    actions.reply(talk.pk, actor=bo, body="Said in between.")
    actions.take_back(moved.conversation, moved.seq, actor=bo)
    rows = Message.objects.filter(pk__in=[one for one, _seq, _shared in before])
    assert list(rows.order_by("seq").values_list("pk", "seq", "shared_seq")) == before
    assert not Message.objects.filter(origin__isnull=False).exists()
    left = numbers_fit(talk.pk)
    assert (left.preview, left.waiting_on) == ("Said in between.", "customer")
    assert Conversation.objects.get(pk=moved.conversation).state == "trash"
    with pytest.raises(Conflicting):
        actions.take_back(moved.conversation, moved.seq, actor=bo)


def test_a_conversation_that_is_moved_whole_is_put_away_and_comes_back(talk, bo, ada, inbox, nine):
    other = Conversation.objects.create(inbox=inbox, person=ada, channel="webchat", opened_at=nine, active_at=nine)
    other.refresh_from_db()
    everything = list(talk.messages.exclude(kind="system").values_list("pk", flat=True))
    moved = actions.rethread(everything, other.pk, actor=bo)
    talk.refresh_from_db()
    assert (talk.state, talk.preview, talk.heard_seq) == ("trash", "", 0)
    assert len(said_in(other.pk)) == 5
    actions.take_back(other.pk, moved.seq, actor=bo)
    talk.refresh_from_db()
    assert talk.state == "open"
    assert len(said_in(talk.pk)) == 5


def test_everything_cannot_be_split_from_itself(talk, bo):
    with pytest.raises(Conflicting):
        actions.split(talk.pk, message_of(talk.pk, "My order is late.").pk, actor=bo)


def test_what_was_read_stays_read_and_what_was_not_stays_unread(talk, bo):
    actions.mark_seen(talk.pk, actor=bo, seq=99)
    read = actions.split(talk.pk, message_of(talk.pk, "It was the green lamp.").pk, actor=bo)
    assert not queries.one(bo, read.conversation).unread
    actions.hear(talk.pk, actor=bo, body="Nobody has read this.")
    unread = actions.split(talk.pk, message_of(talk.pk, "Nobody has read this.").pk, actor=bo)
    assert queries.one(bo, unread.conversation).unread
    assert not queries.one(bo, talk.pk).unread


def test_open_words_open_a_closed_conversation_again(talk, bo):
    moved = actions.split(talk.pk, message_of(talk.pk, "It was the green lamp.").pk, actor=bo)
    actions.resolve(talk.pk, actor=bo)
    actions.rethread(moved.messages, talk.pk, actor=bo)
    talk.refresh_from_db()
    assert (talk.state, talk.waiting_on) == ("open", "us")


def test_what_happened_cannot_be_moved(talk, bo):
    actions.tag(talk.pk, actor=bo, tags=["lamp"])
    line = talk.messages.get(kind="system")
    with pytest.raises(NotVisible):
        actions.split(talk.pk, line.pk, actor=bo)
    other = actions.split(talk.pk, message_of(talk.pk, "It was the green lamp.").pk, actor=bo)
    with pytest.raises(Refused):
        actions.rethread([line.pk], other.conversation, actor=bo)


def test_whoever_may_not_hand_over_may_not_move_and_strangers_find_nothing(talk, bo, dee, cy, ada, elsewhere, nine):
    message = message_of(talk.pk, "It was the green lamp.").pk
    looker = type(bo)("agent", bo.id, "An", bo.agent_id, frozenset({"conversations.view"}), bo.inbox_ids)
    for actor, refusal in ((dee, NotVisible), (looker, NotAllowed)):
        with pytest.raises(refusal):
            actions.split(talk.pk, message, actor=actor)
    other = Conversation.objects.create(inbox=elsewhere, person=ada, channel="api", opened_at=nine, active_at=nine)
    with pytest.raises(NotVisible):
        actions.rethread([message], other.pk, actor=bo)
    owner = type(cy)("agent", cy.id, cy.name, cy.agent_id, cy.permissions, (talk.inbox_id, elsewhere.pk))
    with pytest.raises(Refused, match="same inbox"):
        actions.rethread([message], other.pk, actor=owner)
    assert len(said_in(talk.pk)) == 5


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
