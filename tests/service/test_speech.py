"""What is said: first words, further words, replies and notes, each once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import translation

from careline.accounts.actor import Actor
from careline.channels import backlog
from careline.channels.models import Inbound, Outbox
from careline.customers.models import Person
from careline.files.models import PersonKey
from careline.kit import clock
from careline.kit.refusals import Conflicting, NotAllowed, NotVisible, Refused
from careline.service.conversations import actions, queries
from careline.service.conversations.hot import words
from careline.service.conversations.models import Conversation, Message

pytestmark = pytest.mark.django_db


def kinds(line):
    return [moment.kind for moment in line]


def test_first_words_open_a_conversation_and_stand_on_the_line(conversation, ada, line_of):
    assert (conversation.state, conversation.waiting_on, conversation.last_seq) == ("open", "us", 1)
    opened, received = line_of(ada.pk)
    assert (opened.kind, received.kind) == ("conversation.opened", "message.received")
    assert received.facts["first"] is True
    assert received.journey == f"conversation:{conversation.pk}"
    assert received.inbox_id == conversation.inbox_id


def test_numbers_begin_at_a_thousand_and_one_and_rise(bo, inbox):
    first, second = (
        actions.open_with(actor=bo, inbox_id=inbox.pk, person=words.who(name="A"), body="x") for _n in range(2)
    )
    assert 1001 <= first.conversation_id < second.conversation_id


def test_a_person_is_recognized_by_any_of_their_names(bo, inbox, ada):
    for who in (words.who(email="ADA@example.com"), words.who(phone="020 7183 8750", region="GB")):
        said = actions.open_with(actor=bo, inbox_id=inbox.pk, person=who, body="hello")
        assert said.person_id == ada.pk


def test_a_new_name_joins_the_person_it_came_with(bo, inbox, ada):
    who = words.who(email="ada@example.com", external_id="user-42")
    actions.open_with(actor=bo, inbox_id=inbox.pk, person=who, body="hello")
    assert ada.identities.filter(kind="external", value="user-42", verified=False).exists()


def test_the_same_client_id_gives_the_same_message(bo, inbox, ada):
    said = [
        actions.open_with(
            actor=bo, inbox_id=inbox.pk, person=words.who(email="ada@example.com"), body="hello", client_id="c-1"
        )
        for _n in range(2)
    ]
    assert said[0].message_id == said[1].message_id
    assert (said[0].repeated, said[1].repeated) == (False, True)
    assert Message.objects.count() == 1


def test_what_a_channel_brings_again_is_the_same_message_whatever_became_of_its_words(bo, inbox):
    said = [
        actions.open_with(actor=bo, inbox_id=inbox.pk, person=words.who(name="A"), body=body, external_id="x-2")
        for body in ("hello", "hello, cleaned otherwise")
    ]
    assert said[0].message_id == said[1].message_id


def test_the_same_external_id_gives_the_same_message_even_from_a_stranger(bo, inbox):
    said = [
        actions.open_with(actor=bo, inbox_id=inbox.pk, person=words.who(name=name), body="hello", external_id="x-1")
        for name in ("A", "B")
    ]
    assert said[0].message_id == said[1].message_id
    assert Conversation.objects.count() == 1


def test_further_words_join_the_conversation_at_hand(conversation, ada, inbox):
    said = actions.receive(
        actor=Actor.customer(ada.pk, inbox.pk),
        inbox_id=inbox.pk,
        person=words.who(email="ada@example.com"),
        body="And?",
    )
    assert (said.conversation_id, said.seq, said.shared_seq) == (conversation.pk, 2, 2)


def test_words_after_a_resolution_open_it_again_and_say_so(conversation, bo, ada, inbox, line_of):
    actions.resolve(conversation.pk, actor=bo)
    said = actions.hear(conversation.pk, actor=Actor.customer(ada.pk, inbox.pk), body="Not yet", person_id=ada.pk)
    conversation.refresh_from_db()
    assert said.reopened
    assert (conversation.state, conversation.last_seq, conversation.heard_seq) == ("open", 4, 4)
    assert list(conversation.messages.order_by("seq").values_list("kind", flat=True)) == [
        "incoming", "system", "system", "incoming",
    ]  # fmt: skip
    assert kinds(line_of(ada.pk))[-2:] == ["conversation.reopened", "message.received"]


def test_words_long_after_a_resolution_are_a_new_matter(conversation, bo, ada, inbox):
    actions.resolve(conversation.pk, actor=bo, at=clock.now() - timedelta(days=8))
    said = actions.receive(
        actor=Actor.customer(ada.pk, inbox.pk), inbox_id=inbox.pk, person=words.who(email="ada@example.com"), body="Hi"
    )
    assert said.conversation_id != conversation.pk


def test_a_reply_takes_the_next_number_and_turns_the_wait(conversation, bo, ada, line_of):
    said = actions.reply(conversation.pk, actor=bo, body="On its way.")
    conversation.refresh_from_db()
    assert (said.seq, said.shared_seq, said.status) == (2, 2, "sent")
    assert (conversation.waiting_on, conversation.handled_by, conversation.seen_seq) == ("customer", "agent", 2)
    assert conversation.first_replied_at is not None
    assert kinds(line_of(ada.pk))[-1] == "message.sent"


def test_a_note_is_numbered_for_the_team_and_not_for_the_customer(conversation, bo, ada, inbox, line_of):
    said = actions.note(conversation.pk, actor=bo, body="She called before.")
    assert (said.seq, said.shared_seq) == (2, None)
    seen = queries.shared_with(ada.pk, conversation_id=conversation.pk, inbox_id=inbox.pk)
    assert [row.kind for row in seen] == ["incoming"]
    assert kinds(line_of(ada.pk))[-1] == "message.noted"


def test_a_note_can_never_leave_the_house(conversation, bo, ada, inbox):
    said = actions.note(conversation.pk, actor=bo, body="secret")
    type(inbox).objects.filter(pk=inbox.pk).update(delivery="push")
    row = {"inbox": inbox, "message_id": said.message_id, "person": ada, "recipient": "x", "payload": {}}
    with pytest.raises(IntegrityError), transaction.atomic():
        Outbox.objects.create(**row, message_kind="reply")
        connection.check_constraints()
    with pytest.raises(IntegrityError), transaction.atomic():
        Outbox.objects.create(**row, message_kind="note")
    with pytest.raises(IntegrityError), transaction.atomic():
        Message.objects.filter(pk=said.message_id).update(shared_seq=2)


def test_a_reply_in_an_inbox_that_sends_is_put_into_the_outbox(conversation, bo, inbox):
    type(inbox).objects.filter(pk=inbox.pk).update(delivery="push")
    said = actions.reply(conversation.pk, actor=bo, body="On its way.")
    [leaving] = Outbox.objects.all()
    assert (leaving.message_id, leaving.payload["text"], said.status) == (said.message_id, "On its way.", "queued")


def test_the_raw_frame_of_a_chat_is_kept_with_its_person(conversation, ada, inbox):
    actions.hear(
        conversation.pk, actor=Actor.customer(ada.pk, inbox.pk), body="x", person_id=ada.pk, client_id="c", raw=b"{}"
    )
    [kept] = Inbound.objects.all()
    assert (backlog.raw_of(kept), kept.person_id, kept.state) == (b"{}", ada.pk, "taken")


def test_frames_of_one_person_lie_under_one_key(ada, inbox):
    for number, said in enumerate(["first", "second", "third"]):
        actions.receive(
            actor=Actor.customer(0, inbox.pk), inbox_id=inbox.pk, body=said, client_id=str(number), raw=said.encode(),
            person=words.who(visitor="v-1", scope=f"inbox:{inbox.pk}"),
        )  # fmt: skip
    kept = list(Inbound.objects.order_by("pk"))
    assert [backlog.raw_of(one) for one in kept] == [b"first", b"second", b"third"]
    assert [bytes(one.raw)[:1] for one in kept] == [b"\x02"] * 3
    [key] = PersonKey.objects.all()
    key.delete()
    assert [backlog.raw_of(one) for one in kept] == [b""] * 3


@pytest.mark.parametrize("verb", [actions.reply, actions.note])
def test_strangers_learn_nothing_from_trying_to_speak(conversation, dee, bo, verb):
    with pytest.raises(NotVisible):
        verb(conversation.pk, actor=dee, body="x")
    with pytest.raises(NotVisible):
        verb(10**15, actor=bo, body="x")
    analyst = Actor("agent", bo.id, "An", bo.agent_id, frozenset({"conversations.view"}), bo.inbox_ids)
    with pytest.raises(NotAllowed):
        verb(conversation.pk, actor=analyst, body="x")
    assert Message.objects.count() == 1


def test_nobody_answers_spam(conversation, bo):
    actions.spam(conversation.pk, actor=bo)
    with pytest.raises(Conflicting):
        actions.reply(conversation.pk, actor=bo, body="x")


@pytest.mark.parametrize("body", ["", "   \n", "a\0b", "x" * 50_001])
def test_words_that_cannot_be_kept_are_refused_in_words(conversation, bo, body):
    with pytest.raises(Refused):
        actions.reply(conversation.pk, actor=bo, body=body)


def test_a_blocked_person_is_heard_but_not_put_before_anybody(bo, inbox, ada):
    type(ada).objects.filter(pk=ada.pk).update(blocked_at=clock.now())
    said = actions.open_with(actor=bo, inbox_id=inbox.pk, person=words.who(email="ada@example.com"), body="Buy!")
    assert Conversation.objects.get(pk=said.conversation_id).state == "spam"


def test_whom_we_may_not_write_to_is_said_in_the_writers_language(ada, bo, inbox):
    Person.objects.filter(pk=ada.pk).update(blocked_at=clock.now())
    with translation.override("id"), pytest.raises(Refused, match=r"^Orang ini diblokir\.$"):
        actions.start(actor=bo, inbox_id=inbox.pk, person_id=ada.pk, body="Good news.")
